import { createHash } from "node:crypto";
import type { ProgramResult, ShellParams } from "../shell/program.ts";

/** A longer content is sent only after the host said that it has another one. */
const sendAtOnce = 32_768;

/** The variables that tell a body about a content: its size, its checksums, and where `whole` or short the bytes. */
export const contentParams = (content: Uint8Array, whole: boolean): ShellParams => ({
  size: content.length,
  sha1: createHash("sha1").update(content).digest("hex"),
  md5: createHash("md5").update(content).digest("hex"),
  content: whole || content.length <= sendAtOnce ? content : undefined,
  has_content: whole || content.length <= sendAtOnce,
});

/** A list of one difference, as Ansible has it for whatever it copies from the controller. */
export const withDiffList = ({ fields }: ProgramResult): ProgramResult["fields"] =>
  fields["diff"] === undefined ? fields : { ...fields, diff: [fields["diff"]] };
