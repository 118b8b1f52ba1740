import { createHash } from "node:crypto";
import { filesLibrary, pathsLibrary, writeLibrary } from "../shell/libraries.ts";
import type { FieldValue, ProgramResult, ShellParams } from "../shell/program.ts";
import { shellBody } from "../shell/shell-function.ts";
import { err, ok, type Result } from "../util/result.ts";
import type { HostModule } from "./module.ts";

/**
 * What the modules that edit a text file share. The body sends the text, the controller decides on the new one, and the
 * body writes it, unless the file has become another meanwhile: then it sends the text again.
 */
export interface Edit<Args> {
  /** How the decision sees the file: characters, or one character a byte, as Python's bytes patterns do. */
  readonly view: "utf8" | "latin1";
  /** The new text; `text` is undefined where there is no file yet. Pure. */
  readonly decide: (text: string | undefined, args: Args) => Result<Decision, string>;
  /** The body's variables but for the text. */
  readonly params: (args: Args) => Result<ShellParams, string>;
  /** More keys of the result, by its message. */
  readonly keys?: (msg: string, backup: string | undefined, args: Args) => Readonly<Record<string, FieldValue>>;
}

/** A decision about a text. */
export interface Decision {
  readonly text: string;
  /** What is said where the text changes. */
  readonly msg: string;
}

type EditHooks<Args> = Pick<HostModule<Args>, "functions" | "params" | "result" | "checkMode"> &
  Required<Pick<HostModule<Args>, "next">>;

const functions = [pathsLibrary, filesLibrary, writeLibrary, shellBody("m_edit", new URL("edit.sh", import.meta.url))];

/** The hooks of a module that edits a text file. */
export const editHooks = <Args>(edit: Edit<Args>): EditHooks<Args> => ({
  functions,
  params: edit.params,
  next: (result, args) => nextParams(edit, result, args),
  result: (result, args) => resultKeys(edit, result, args),
  checkMode: "full",
});

/** What the body sent about the file; undefined where its result is final. */
const readState = (result: ProgramResult): Sent | undefined => {
  const { edit } = result.fields;
  if (typeof edit !== "object" || edit === null || !("exists" in edit)) return undefined;
  const { exists, size, text, hex, attributes } = edit as Readonly<Record<string, FieldValue>>;
  const common = { exists: exists === true, size: Number(size), attributes: attributes === true };
  if (typeof hex === "string") {
    return { ...common, content: Buffer.from(hex.replaceAll(/\s/g, ""), "hex"), exact: true };
  }
  const characters = textOf(text);
  return { ...common, content: Buffer.from(characters), exact: !characters.includes("\ufffd") };
};

const textOf = (value: FieldValue | undefined): string => (typeof value === "string" ? value : "");

interface Sent {
  readonly exists: boolean;
  readonly size: number;
  readonly content: Buffer;
  /** Whether the content is sure to be the file's: bytes that are no UTF-8 do not survive as text. */
  readonly exact: boolean;
  readonly attributes: boolean;
}

const nextParams = <Args>(
  edit: Edit<Args>,
  result: ProgramResult,
  args: Args,
): Result<ShellParams | undefined, string> => {
  const sent = readState(result);
  if (result.outcome !== "ok" || sent === undefined) return ok(undefined);
  const params = edit.params(args);
  if (!params.ok) return params;
  if (!sent.exact) return ok({ ...params.value, hex: true });
  if (sent.content.length !== sent.size) return err("the file changed while it was read");
  const decision = decideOn(edit, sent, args);
  if (!decision.ok) return decision;
  const content = Buffer.from(decision.value.text, edit.view);
  const same = sent.exists && content.equals(sent.content);
  if ((same && !sent.attributes) || (!sent.exists && content.length === 0)) return ok(undefined);
  return ok({
    ...params.value,
    content,
    same,
    size: content.length,
    msg: same ? "" : decision.value.msg,
    was_absent: !sent.exists,
    old_size: sent.size,
    old_sha1: createHash("sha1").update(sent.content).digest("hex"),
  });
};

const decideOn = <Args>(edit: Edit<Args>, sent: Sent, args: Args): Result<Decision, string> =>
  edit.decide(sent.exists ? sent.content.toString(edit.view) : undefined, args);

const resultKeys = <Args>(
  edit: Edit<Args>,
  result: ProgramResult,
  args: Args,
): Readonly<Record<string, FieldValue>> => {
  const sent = readState(result);
  const { edit: _, backup_file: backup, diff, uid: _uid, ...fields } = result.fields;
  const decision = sent === undefined ? undefined : decideOn(edit, sent, args);
  const msg = decision?.ok === true ? decision.value.msg : textOf(fields["msg"]);
  return {
    ...fields,
    msg,
    ...(diff === undefined ? {} : { diff: contentDiff(diff) }),
    ...edit.keys?.(msg, typeof backup === "string" ? backup : undefined, args),
  };
};

/** Ansible's headers of such a diff name the file and say that it is about the content. */
const contentDiff = (diff: FieldValue): FieldValue => {
  if (typeof diff !== "object" || diff === null || Array.isArray(diff)) return diff;
  const map = diff as Readonly<Record<string, FieldValue>>;
  const header = `${textOf(map["before_header"])} (content)`;
  return { ...map, before_header: header, after_header: header };
};
