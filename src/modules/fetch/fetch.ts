import { createHash } from "node:crypto";
import { pathsLibrary } from "../../shell/libraries.ts";
import type { FieldValue, ProgramResult, ShellParams } from "../../shell/program.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { err, ok, type Result } from "../../util/result.ts";
import type { HostModule, ModuleContext } from "../module.ts";
import { destinationOf } from "./destination.ts";
import { type FetchArguments, fetchReturns, fetchSchema } from "./fetch.schema.ts";

/** Brings a file of the host to the controller. */
export const fetch: HostModule<FetchArguments> = {
  runs: "host",
  name: "ansible.builtin.fetch",
  summary: "Brings a file of the host to the controller.",
  schema: fetchSchema,
  optionAliases: { validate_md5: "validate_checksum" },
  normalize: (args) => {
    if (args.src === "") return err("src must not be empty");
    return args.dest === "" ? err("dest must not be empty") : ok(args);
  },
  functions: [pathsLibrary, shellBody("m_fetch", new URL("fetch.sh", import.meta.url))],
  params: (args, context) =>
    context.hostFiles === undefined ? err("fetch needs a controller to bring the file to") : ok(paramsOf(args, "look")),
  next: (result, args, context) =>
    result.fields["source"] === undefined ? ok(undefined) : step(result, args, context),
  result: (result, args, context) => resultOf(result, args, context),
  readOnly: true,
  checkMode: "skips",
  returns: fetchReturns,
  examples: `
- name: Keep what sshd is told, host by host
  ansible.builtin.fetch:
    src: /etc/ssh/sshd_config
    dest: collected
`,
};

const paramsOf = ({ src, fail_on_missing: fail }: FetchArguments, stage: "look" | "send" | "same"): ShellParams => ({
  src,
  fail,
  stage,
});

const sha1 = (content: Uint8Array): string => createHash("sha1").update(content).digest("hex");

/** The host tells the checksum, then sends the content where the controller lacks it; the controller keeps it. */
const step = (
  { fields }: ProgramResult,
  args: FetchArguments,
  context: ModuleContext,
): Result<ShellParams | undefined, string> => {
  const there = lookAt(fields, args, context);
  if (!there.ok) return there;
  const { dest, content: old } = there.value;
  const sum = fields["remote_checksum"];
  if (fields["stage"] === "same") return ok(undefined);
  if (fields["stage"] === "look") {
    return ok(old !== undefined && sha1(old) === sum ? undefined : paramsOf(args, "send"));
  }
  const content = contentOf(fields);
  // A host without sha1sum could not tell before.
  if (old !== undefined && Buffer.from(old).equals(content)) return ok(paramsOf(args, "same"));
  if (args.validate_checksum && sum !== undefined && sha1(content) !== sum) {
    return err("checksum mismatch: the file changed while it was fetched");
  }
  const written = context.hostFiles?.write(dest, content);
  return written?.ok === false ? written : ok(undefined);
};

/** Where the file goes, and what is there now. */
const lookAt = (
  fields: ProgramResult["fields"],
  args: FetchArguments,
  { hostFiles }: ModuleContext,
): Result<{ readonly dest: string; readonly content: Uint8Array | undefined }, string> => {
  const dest = destinationOf(args, hostFiles?.host ?? "", textOf(fields["source"]));
  if (!dest.ok) return dest;
  const content = hostFiles?.read(dest.value) ?? ok(undefined);
  if (!content.ok) return content;
  if (content.value === "directory") {
    return err("dest is an existing directory, use a trailing slash if you want to fetch src into that directory");
  }
  return ok({ dest: dest.value, content: content.value });
};

const textOf = (value: FieldValue | undefined): string => (typeof value === "string" ? value : "");

const contentOf = ({ content, hex }: ProgramResult["fields"]): Buffer =>
  typeof hex === "string" ? Buffer.from(hex.replaceAll(/\s/g, ""), "hex") : Buffer.from(textOf(content), "base64");

const resultOf = (
  { outcome, fields }: ProgramResult,
  args: FetchArguments,
  context: ModuleContext,
): Readonly<Record<string, FieldValue>> => {
  const { source, stage: _, content: _content, hex: _hex, remote_checksum: sum, ...others } = fields;
  if (typeof source !== "string") return others;
  const there = lookAt(fields, args, context);
  if (!there.ok || there.value.content === undefined) return others;
  const { dest, content } = there.value;
  const told = {
    dest: context.hostFiles?.absolute(dest) ?? dest,
    checksum: sha1(content),
    md5sum: createHash("md5").update(content).digest("hex"),
  };
  if (outcome === "changed") return { ...told, remote_checksum: sum ?? null, remote_md5sum: null };
  return { ...told, file: source };
};
