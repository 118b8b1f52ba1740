import type { CloudServer } from "../../cloud/cloud.ts";
import type { OpenStackClient } from "../../cloud/openstack/client.ts";
import { textOf } from "../../cloud/openstack/json.ts";
import type { PlainMap } from "../../vars/value.ts";
import type { KnownImage } from "./default-user.ts";
import { imageOf } from "./server-facts.ts";

/**
 * What is known of the images of servers: from a server's own metadata, else from the image service. That one is not
 * needed for anything else: where it does not answer, nothing is known.
 */
export const findImages = async (
  client: OpenStackClient,
  servers: readonly CloudServer[],
): Promise<ReadonlyMap<CloudServer, KnownImage>> => {
  const found = new Map<CloudServer, KnownImage>();
  const asked = new Map<string, KnownImage | undefined>();
  let isThere: boolean | undefined;
  for (const server of servers) {
    const told = knownOf(server.metadata);
    const id = imageOf(server.details);
    if (told !== undefined || id === undefined) {
      if (told !== undefined) found.set(server, told);
      continue;
    }
    isThere ??= await hasImages(client);
    if (isThere && !asked.has(id)) {
      const answer = await client.get("image", `/images/${encodeURIComponent(id)}`);
      // An image that is gone, or somebody else's, says nothing of the service.
      isThere = answer.ok || answer.error.status !== undefined;
      asked.set(id, answer.ok ? knownOf(answer.value, textOf(answer.value["name"])) : undefined);
    }
    const image = asked.get(id);
    if (image !== undefined) found.set(server, image);
  }
  return found;
};

const hasImages = async (client: OpenStackClient): Promise<boolean> => {
  const service = await client.has("image");
  return service.ok && service.value;
};

const knownOf = (from: PlainMap, name = textOf(from["image_name"])): KnownImage | undefined => {
  const known = {
    name,
    distro: textOf(from["os_distro"]),
    version: textOf(from["os_version"]),
    adminUser: textOf(from["os_admin_user"]),
  };
  return Object.values(known).every((value) => value === undefined) ? undefined : known;
};
