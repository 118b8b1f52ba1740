import { err, ok, type Result } from "../../util/result.ts";
import type { PlainMap } from "../../vars/value.ts";
import { type OpenStackConfig, versioned } from "./config.ts";
import { listOf, mapOf, textOf } from "./json.ts";

/** The services that a project may use, and where they are. */
export type Catalogue = readonly CatalogueEntry[];

interface CatalogueEntry {
  readonly type: string;
  readonly region: string;
  readonly interface: string;
  readonly url: string;
}

/** The project and its catalogue of what Keystone answered; undefined where the login is for no project. */
export const readCatalogue = (
  body: PlainMap,
): { readonly project: string; readonly catalogue: Catalogue } | undefined => {
  const token = mapOf(body["token"]);
  const project = textOf(mapOf(token["project"])["id"]);
  if (project === undefined) return undefined;
  const services = listOf(token["catalog"]).map(mapOf);
  const catalogue = services.flatMap(({ type, endpoints }) =>
    listOf(endpoints).map((entry) => {
      const endpoint = mapOf(entry);
      return {
        type: textOf(type) ?? "",
        region: textOf(endpoint["region_id"]) ?? textOf(endpoint["region"]) ?? "",
        interface: textOf(endpoint["interface"]) ?? "",
        url: textOf(endpoint["url"]) ?? "",
      };
    }),
  );
  return { project, catalogue };
};

/** What stands behind a service's address where the catalogue leaves it out. */
const versions: Readonly<Record<string, string>> = { network: "v2.0", compute: "v2.1", image: "v2", identity: "v3" };

/** The address of a service, with its version and without a slash at its end; the error says what there is instead. */
export const findEndpoint = (
  catalogue: Catalogue,
  service: string,
  config: Pick<OpenStackConfig, "name" | "region" | "interface" | "endpoints">,
): Result<string, string> => {
  const given = config.endpoints.get(service);
  if (given !== undefined) return withVersion(given, service);
  const all = catalogue.filter(({ type }) => type === service);
  const ofCloud = `cloud "${config.name}"`;
  if (all.length === 0) return err(`${ofCloud} has no ${service} service for this project`);
  const reachable = all.filter((entry) => entry.interface === config.interface);
  const regions = [...new Set(reachable.map(({ region }) => region))].toSorted();
  if (reachable.length === 0) {
    const faces = [...new Set(all.map((entry) => entry.interface))].toSorted().join(", ");
    return err(`the ${service} service of ${ofCloud} has no ${config.interface} address, only ${faces}: set interface`);
  }
  if (config.region === undefined && regions.length > 1) {
    return err(`the ${service} service of ${ofCloud} is in the regions ${regions.join(", ")}: set region_name to one`);
  }
  const found = reachable.find(({ region }) => config.region === undefined || region === config.region);
  if (found !== undefined) return withVersion(found.url, service);
  return err(`the ${service} service of ${ofCloud} is not in region "${config.region}", only in ${regions.join(", ")}`);
};

const withVersion = (url: string, service: string): Result<string, string> => {
  const plain = url.replace(/\/+$/, "");
  // Nova's may go on behind it with the project.
  if (/\/v\d+(?:\.\d+)?(?:\/|$)/.test(plain)) return ok(plain);
  const made = versioned(plain, versions[service] ?? "");
  return made === undefined ? err(`the address of the ${service} service is none: ${JSON.stringify(url)}`) : ok(made);
};
