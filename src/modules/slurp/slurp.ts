import { filesLibrary, pathsLibrary } from "../../shell/libraries.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { ok } from "../../util/result.ts";
import type { HostModule } from "../module.ts";
import { type SlurpArguments, slurpSchema, slurpReturns } from "./slurp.schema.ts";

/** Reads a file of the host into a variable. */
export const slurp: HostModule<SlurpArguments> = {
  runs: "host",
  name: "ansible.builtin.slurp",
  summary: "Reads a file of the host, in base64.",
  schema: slurpSchema,
  optionAliases: { path: "src" },
  functions: [pathsLibrary, filesLibrary, shellBody("m_slurp", new URL("slurp.sh", import.meta.url))],
  params: (args) => ok({ src: args.src }),
  result: ({ fields }) => {
    const { content, hex, text, ...others } = fields;
    return { ...others, content: base64Of(content, hex, text) };
  },
  readOnly: true,
  checkMode: "full",
  returns: slurpReturns,
  examples: `
- name: Read the host's name for mail
  ansible.builtin.slurp:
    src: /etc/mailname
  register: mailname
`,
};

/** The body sends base64 with line breaks, hexadecimal, or in a dry run a planned text. */
const base64Of = (content: unknown, hex: unknown, text: unknown): string => {
  if (typeof hex === "string") return Buffer.from(hex.replaceAll(/\s/g, ""), "hex").toString("base64");
  if (typeof text === "string") return Buffer.from(text).toString("base64");
  return typeof content === "string" ? content.replaceAll("\n", "") : "";
};
