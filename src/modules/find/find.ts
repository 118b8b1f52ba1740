import { pathsLibrary } from "../../shell/libraries.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { err, ok } from "../../util/result.ts";
import type { HostModule } from "../module.ts";
import { criteriaOf, namesForHost } from "./criteria.ts";
import { type FindArguments, findSchema, findReturns } from "./find.schema.ts";
import { readFound } from "./read-found.ts";
import { select } from "./select.ts";

const unsupported = ["contains", "read_whole_file", "encoding"] as const;
const letters = { file: "f", directory: "d", link: "l", any: undefined } as const;

/** Finds files of the host by name, kind, age, size and permissions. */
export const find: HostModule<FindArguments> = {
  runs: "host",
  name: "ansible.builtin.find",
  summary: "Finds files and directories of the host by name, kind, age, size and permissions.",
  schema: findSchema,
  optionAliases: {
    name: "paths",
    path: "paths",
    pattern: "patterns",
    exclude: "excludes",
    checksum: "checksum_algorithm",
    checksum_algo: "checksum_algorithm",
  },
  rules: {
    ignored: [
      { options: ["age_stamp"], without: ["age"] },
      { options: ["checksum_algorithm"], without: ["get_checksum"] },
      { options: ["depth"], without: ["recurse"] },
      { options: ["read_whole_file"], without: ["contains"] },
    ],
  },
  normalize: (args) => {
    for (const name of unsupported) {
      if (args[name] !== undefined && args[name] !== false) {
        return err(`option "${name}" is not supported: search the files with \`command\` and grep`);
      }
    }
    const criteria = criteriaOf(args);
    return criteria.ok ? ok(args) : criteria;
  },
  functions: [pathsLibrary, shellBody("m_find", new URL("find.sh", import.meta.url))],
  params: (args) =>
    ok({
      paths: args.paths,
      depth: args.recurse ? args.depth || undefined : 1,
      follow: args.follow,
      // Where links are followed, find takes them for what they lead to.
      type: args.follow ? undefined : letters[args.file_type],
      names: namesForHost(args),
      sum: args.get_checksum ? `${args.checksum_algorithm}sum` : undefined,
    }),
  result: ({ fields }, args) => {
    const { found, now } = fields;
    const criteria = criteriaOf(args);
    if (typeof found !== "string" || typeof now !== "number" || !criteria.ok) return fields;
    return select(readFound(found), criteria.value, now);
  },
  readOnly: true,
  checkMode: "full",
  returns: findReturns,
  examples: `
- name: Which logs are older than four weeks and larger than a megabyte?
  ansible.builtin.find:
    paths: /var/log
    patterns: ["*.log", "*.gz"]
    recurse: true
    age: 4w
    size: 1m
  register: old_logs
`,
};
