import { filesLibrary, pathsLibrary } from "../../shell/libraries.ts";
import type { FieldValue } from "../../shell/program.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { ok } from "../../util/result.ts";
import type { HostModule } from "../module.ts";
import { type StatArguments, statSchema, statReturns } from "./stat.schema.ts";

/** Tells about a path of the host. */
export const stat: HostModule<StatArguments> = {
  runs: "host",
  name: "ansible.builtin.stat",
  summary: "Tells what is at a path of the host.",
  schema: statSchema,
  optionAliases: {
    dest: "path",
    name: "path",
    checksum: "checksum_algorithm",
    checksum_algo: "checksum_algorithm",
    mime: "get_mime",
    mime_type: "get_mime",
    "mime-type": "get_mime",
    attr: "get_attributes",
    attributes: "get_attributes",
  },
  rules: { ignored: [{ options: ["checksum_algorithm"], option: "get_checksum", is: [false] }] },
  functions: [pathsLibrary, filesLibrary, shellBody("m_stat", new URL("stat.sh", import.meta.url))],
  params: (args) => ok({ ...args }),
  result: ({ fields }) => {
    const { stat: found } = fields;
    if (typeof found !== "object" || found === null || Array.isArray(found)) return fields;
    return { ...fields, stat: withAttributes(found as Readonly<Record<string, FieldValue>>) };
  },
  readOnly: true,
  checkMode: "full",
  returns: statReturns,
  examples: `
- name: Is there a key file?
  ansible.builtin.stat:
    path: /root/.ssh/authorized_keys
  register: keys
`,
};

/** The names of lsattr's letters that Ansible gives. */
const attributeNames: Readonly<Record<string, string>> = {
  A: "noatime",
  a: "append",
  c: "compressed",
  C: "nocow",
  d: "nodump",
  D: "dirsync",
  e: "extents",
  E: "encrypted",
  h: "blocksize",
  i: "immutable",
  I: "indexed",
  j: "journalled",
  N: "inline",
  s: "zero",
  S: "synchronous",
  t: "notail",
  T: "blockroot",
  u: "undelete",
  X: "compressedraw",
  Z: "compresseddirty",
};

const withAttributes = (found: Readonly<Record<string, FieldValue>>): Readonly<Record<string, FieldValue>> => {
  const { attr_flags: given, ...others } = found;
  if (typeof given !== "string") return found;
  const flags = given.replaceAll("-", "");
  const attributes = [...flags].flatMap((flag) => attributeNames[flag] ?? []);
  return { ...others, attr_flags: flags, attributes };
};
