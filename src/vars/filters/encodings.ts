import { Fault } from "../evaluate/fault.ts";
import { isList, type Live, mapOf, truthy } from "../evaluate/live.ts";
import { parseYaml } from "../../source/parse-yaml.ts";
import type { Node } from "../../source/node.ts";
import { SourceFile } from "../../source/source-file.ts";
import { type JsonFormat, toJson } from "../python/json.ts";
import { text } from "../python/text.ts";
import { toYaml, type YamlFormat } from "../python/yaml.ts";
import { mapKey } from "../python/compare.ts";
import type { Arguments } from "../evaluate/arguments.ts";
import { filter, type FilterTable, requireText } from "./filter.ts";
import { uuid5 } from "./hashes.ts";

const jsonOptions = "indent sort_keys ensure_ascii separators";

const jsonFormat = (
  args: Arguments,
  defaults: { readonly indent?: number; readonly sortKeys: boolean },
): JsonFormat => {
  const indent = args.get("indent");
  const separators = args.get("separators") ?? null;
  const [comma, colon] = isList(separators) ? separators.map(text) : [];
  return {
    indent: indent === undefined ? defaults.indent : indent === null ? undefined : args.integer("indent", 0),
    sortKeys: args.boolean("sort_keys", defaults.sortKeys),
    ensureAscii: args.boolean("ensure_ascii", true),
    separators: comma === undefined || colon === undefined ? undefined : [comma, colon],
  };
};

const yamlFormat = (args: Arguments, indent: number, flow: YamlFormat["flow"]): YamlFormat => {
  const style = args.get("default_flow_style");
  const chosen = style === undefined ? flow : style === null ? "leaves" : truthy(style) ? "always" : "never";
  return {
    indent: args.integer("indent", indent),
    flow: chosen,
    width: args.integer("width", 80),
    sortKeys: args.boolean("sort_keys", true),
    start: args.boolean("explicit_start", false),
    end: args.boolean("explicit_end", false),
  };
};

const yamlOptions = "indent default_flow_style width sort_keys explicit_start explicit_end allow_unicode";

const fromJson = (source: string): Live => {
  try {
    const value: unknown = JSON.parse(source);
    // What JSON.parse gives is JSON, and JSON is live data.
    return value as Live;
  } catch (error) {
    throw new Fault(`from_json: ${error instanceof Error ? error.message : "not JSON"}`);
  }
};

const fromYaml = (source: string): Live => {
  const { root, problems } = parseYaml(new SourceFile("", source));
  const [problem] = problems;
  if (problem !== undefined) throw new Fault(`from_yaml: ${problem.message}`);
  return root === undefined ? null : dataOf(root);
};

/** The data of a node. Texts are data here, whatever they hold: nothing that was parsed at run time is a template. */
const dataOf = (node: Node): Live => {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "seq") return node.items.map(dataOf);
  return mapOf(node.entries.map((entry) => [mapKey(entry.key.value), dataOf(entry.value)] as const));
};

const b64decode = (value: string, urlSafe: boolean): string => {
  // Python passes over what is no digit, but wants whole groups of four.
  const digits = (urlSafe ? value.replaceAll("-", "+").replaceAll("_", "/") : value).replaceAll(/[^\w+/=]|_/g, "");
  const length = digits.replace(/=.*$/, "").length;
  if (length % 4 === 1 || digits.length < Math.ceil(length / 4) * 4) {
    throw new Fault("b64decode: the text is no base64, its padding is incorrect");
  }
  const bytes = Buffer.from(value, urlSafe ? "base64url" : "base64");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Fault("b64decode: the content is not UTF-8 text");
  }
};

const requireUtf8 = (args: Arguments): void => {
  const encoding = args.text("encoding", "utf-8").toLowerCase();
  if (encoding !== "utf-8" && encoding !== "utf8") throw new Fault(`the encoding '${encoding}' is not supported`);
};

/** Filters between values and texts that hold values. */
export const encodingFilters: FilterTable = {
  to_json: filter(jsonOptions, (value, args) => toJson(value, jsonFormat(args, { sortKeys: false }))),
  to_nice_json: filter(jsonOptions, (value, args) => toJson(value, jsonFormat(args, { indent: 4, sortKeys: true }))),
  from_json: filter("", (value) => fromJson(requireText(value, "from_json"))),
  to_yaml: filter(yamlOptions, (value, args) => toYaml(value, yamlFormat(args, 2, "leaves"))),
  to_nice_yaml: filter(yamlOptions, (value, args) => toYaml(value, yamlFormat(args, 4, "never"))),
  from_yaml: filter("", (value) => (typeof value === "string" ? fromYaml(value) : value)),
  from_yaml_all: filter("", (value) =>
    typeof value === "string"
      ? value
          .split(/^---(?=\s|$).*\n?/m)
          .filter((part, index) => index > 0 || part.trim() !== "")
          .map(fromYaml)
      : value,
  ),
  b64encode: filter("encoding urlsafe", (value, args) => {
    requireUtf8(args);
    const encoded = Buffer.from(text(value)).toString("base64");
    return args.boolean("urlsafe", false) ? encoded.replaceAll("+", "-").replaceAll("/", "_") : encoded;
  }),
  b64decode: filter("encoding urlsafe", (value, args) => {
    requireUtf8(args);
    return b64decode(text(value), args.boolean("urlsafe", false));
  }),
  to_uuid: filter("namespace", (value, args) =>
    uuid5(text(value), args.text("namespace", "361E6D51-FAEC-444A-9079-341386DA8E2E")),
  ),
};
