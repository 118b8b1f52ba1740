import { accountsLibrary } from "../../shell/accounts.ts";
import type { FieldValue } from "../../shell/program.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { ok } from "../../util/result.ts";
import type { HostModule } from "../module.ts";
import { type GetentArguments, getentSchema, getentReturns } from "./getent.schema.ts";

/** Reads a database of the host's name service into a fact `getent_<database>`. */
export const getent: HostModule<GetentArguments> = {
  runs: "host",
  name: "ansible.builtin.getent",
  summary: "Reads accounts and other databases of the host's name service into a fact.",
  schema: getentSchema,
  functions: [accountsLibrary, shellBody("m_getent", new URL("getent.sh", import.meta.url))],
  params: ({ database, key, service, fail_key }) => ok({ database, key, service, fail_key }),
  result: ({ fields }, args) => {
    const { output, ...others } = fields;
    return { ...others, ansible_facts: { [`getent_${args.database}`]: readEntries(output ?? null, args) } };
  },
  readOnly: true,
  checkMode: "full",
  returns: getentReturns,
  examples: `
- name: Look up the account of the web server
  ansible.builtin.getent:
    database: passwd
    key: www-data

- name: Its number
  ansible.builtin.debug:
    msg: "{{ getent_passwd['www-data'][1] }}"
`,
};

const withColons = new Set(["passwd", "shadow", "group", "gshadow"]);

/** Entries by their first field, each the list of the other fields; of several with one name a list of such lists. */
const readEntries = (output: FieldValue, args: GetentArguments): Readonly<Record<string, FieldValue>> => {
  if (typeof output !== "string") return { [args.key ?? ""]: null };
  const separator = args.split ?? (withColons.has(args.database) ? ":" : undefined);
  const entries = new Map<string, (readonly string[])[]>();
  for (const line of output.split("\n").filter((text) => text !== "")) {
    const [name = "", ...fields] = separator === undefined ? line.trim().split(/\s+/) : line.split(separator);
    entries.set(name, [...(entries.get(name) ?? []), fields]);
  }
  return Object.fromEntries([...entries].map(([name, found]) => [name, found.length === 1 ? (found[0] ?? []) : found]));
};
