import type { Lookup } from "../evaluate/evaluation.ts";
import { Fault } from "../evaluate/fault.ts";
import { type Live, numberOf, truthy, typeName } from "../evaluate/live.ts";
import { mapView } from "../python/map-view.ts";
import { splitLines } from "../python/split-lines.ts";
import { text } from "../python/text.ts";

/** The options of the lookup. */
export const urlOptions: readonly string[] = [
  "validate_certs",
  "split_lines",
  "use_proxy",
  "username",
  "password",
  "headers",
  "force",
  "timeout",
  "http_agent",
  "force_basic_auth",
  "follow_redirects",
  "ca_path",
];

/** The lines behind URLs, or with `split_lines: false` their whole content. */
export const url: Lookup = (terms, options, evaluation) => {
  for (const name of options.keys()) {
    if (!urlOptions.includes(name)) {
      throw new Fault(`the lookup 'url' has no option '${name}' here: use the module uri, delegated to localhost`);
    }
  }
  const flag = (name: string): boolean => truthy(options.get(name) ?? true);
  const optional = (name: string): string | undefined => {
    const value = options.get(name) ?? null;
    return value === null ? undefined : text(value);
  };
  const caFile = optional("ca_path");
  const request = {
    headers: headersOf(options, optional),
    seconds: secondsOf(options.get("timeout") ?? 10),
    redirects: !/^(?:none|no|false)$/i.test(optional("follow_redirects") ?? "urllib2"),
    proxy: flag("use_proxy"),
    validateCerts: flag("validate_certs"),
    ...(caFile === undefined ? {} : { caFile }),
  };
  return terms.flatMap((term): Live[] => {
    const address = text(term);
    const content = evaluation.context.lookups.fetchUrl({ ...request, url: address });
    if (!content.ok) throw new Fault(`lookup url (${address}): ${content.error}`);
    return flag("split_lines") ? [...splitLines(content.value, false)] : [content.value];
  });
};

const headersOf = (
  options: ReadonlyMap<string, Live>,
  optional: (name: string) => string | undefined,
): Readonly<Record<string, string>> => {
  const given = options.get("headers") ?? null;
  const map = given === null ? {} : mapView(given);
  if (map === undefined) throw new Fault(`the headers of the lookup 'url' must be a mapping, not ${typeName(given)}`);
  const user = optional("username");
  const credentials = Buffer.from(`${user ?? ""}:${optional("password") ?? ""}`).toString("base64");
  return {
    "user-agent": optional("http_agent") ?? "latchkey",
    ...(truthy(options.get("force") ?? false) ? { "cache-control": "no-cache" } : {}),
    ...(user === undefined ? {} : { authorization: `Basic ${credentials}` }),
    ...Object.fromEntries(Object.entries(map).map(([name, value]) => [name, text(value)])),
  };
};

const secondsOf = (value: Live): number => {
  const seconds = typeof value === "string" ? Number(value) : numberOf(value)?.n;
  if (seconds !== undefined && seconds > 0) return seconds;
  throw new Fault(`the timeout of the lookup 'url' must be a number of seconds, not '${text(value)}'`);
};
