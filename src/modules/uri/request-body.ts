import { err, ok, type Result } from "../../util/result.ts";
import { toJson } from "../../vars/python/json.ts";
import { text } from "../../vars/python/text.ts";
import type { Plain } from "../../vars/value.ts";
import type { UriArguments } from "./uri.schema.ts";

/** What is sent, and the type that is said of it. */
export interface RequestBody {
  readonly text: string | undefined;
  readonly type?: string;
}

/** The body of a request, written as Ansible writes it. */
export const requestBody = ({ body, body_format: format }: UriArguments): Result<RequestBody, string> => {
  const value = body as Plain | undefined;
  if (format === "form-multipart")
    return err('body_format "form-multipart" is not supported yet: use curl with `command`');
  const type = { raw: undefined, json: "application/json", "form-urlencoded": "application/x-www-form-urlencoded" }[
    format
  ];
  const typed = type === undefined ? {} : { type };
  if (value === undefined || value === null) return ok({ text: undefined, ...typed });
  if (typeof value === "string") return ok({ text: value, ...typed });
  if (format === "json") return ok({ text: toJson(value), ...typed });
  if (format === "raw") {
    return typeof value === "object"
      ? err("body is no text: say in body_format how it is to be written")
      : ok({ text: text(value) });
  }
  const pairs = pairsOf(value);
  if (pairs === undefined) return err("body must be a mapping, or a list of pairs, with body_format form-urlencoded");
  return ok({ text: pairs.map(([name, item]) => `${formQuoted(name)}=${formQuoted(text(item))}`).join("&"), ...typed });
};

/** Each name with its value; of a list, with each of its items. */
const pairsOf = (value: Plain): readonly (readonly [string, Plain])[] | undefined => {
  if (typeof value !== "object" || value === null) return undefined;
  const entries = Array.isArray(value) ? value : Object.entries(value);
  const pairs: (readonly [string, Plain])[] = [];
  for (const entry of entries as readonly Plain[]) {
    if (!Array.isArray(entry) || entry.length !== 2) return undefined;
    const [name, item] = entry as readonly Plain[];
    for (const one of Array.isArray(item) ? item : [item]) pairs.push([text(name ?? null), (one ?? null) as Plain]);
  }
  return pairs;
};

const formQuoted = (value: string): string =>
  encodeURIComponent(value.replaceAll(/\p{Surrogate}/gu, "\ufffd"))
    .replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
