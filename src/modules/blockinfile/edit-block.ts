import { err, ok, type Result } from "../../util/result.ts";
import { pythonRegex } from "../../vars/python/regex.ts";
import type { Decision } from "../edit.ts";
import { linesOfAnyBreak } from "../text-lines.ts";
import type { BlockinfileArguments } from "./blockinfile.schema.ts";

/** The text with the block in it, or without it, by the rules of Ansible's documentation of blockinfile. */
export const editBlock = (text: string | undefined, args: BlockinfileArguments): Result<Decision, string> => {
  const wanted = args.state === "present" && args.block !== "" ? blockLines(args) : [];
  const old = linesOfAnyBreak(text ?? "");
  const cut = cutBlock(old, args);
  const place = cut.at === undefined ? findPlace(text ?? "", old, args) : ok(cut.at);
  if (!place.ok) return place;
  const before = cut.lines.slice(0, place.value);
  const after = cut.lines.slice(place.value);
  const last = before.at(-1);
  if (last !== undefined && !last.endsWith("\n")) before[before.length - 1] = `${last}\n`;
  if (args.state === "present") {
    if (args.prepend_newline && before.length > 0 && before.at(-1) !== "\n") before.push("\n");
    if (args.append_newline && after.length > 0 && after[0] !== "\n") after.unshift("\n");
  }
  const msg = text === undefined ? "File created" : wanted.length === 0 ? "Block removed" : "Block inserted";
  const result = [...before, ...wanted, ...after].join("");
  return ok({ text: result, msg: result === text ? "" : msg });
};

/** Sees file and arguments alike, one character a byte. */
const bytes = (text: string): string => Buffer.from(text).toString("latin1");

const markerLine = (args: BlockinfileArguments, mark: string): string =>
  bytes(`${args.marker.replaceAll("{mark}", () => mark)}\n`);

const blockLines = (args: BlockinfileArguments): readonly string[] => {
  const block = bytes(args.block.endsWith("\n") ? args.block : `${args.block}\n`);
  return [markerLine(args, args.marker_begin), block, markerLine(args, args.marker_end)];
};

/** Takes a block out that is between both markers, whichever comes first; says where it was. */
const cutBlock = (
  lines: readonly string[],
  args: BlockinfileArguments,
): { readonly lines: readonly string[]; readonly at: number | undefined } => {
  const begin = lines.lastIndexOf(markerLine(args, args.marker_begin));
  const end = lines.lastIndexOf(markerLine(args, args.marker_end));
  if (begin === -1 || end === -1) return { lines, at: undefined };
  const at = Math.min(begin, end);
  return { lines: lines.toSpliced(at, Math.abs(begin - end) + 1), at };
};

/** The number of lines before a new block. */
const findPlace = (text: string, lines: readonly string[], args: BlockinfileArguments): Result<number, string> => {
  const after = args.insertbefore === undefined;
  const where = args.insertbefore ?? args.insertafter ?? "EOF";
  if (where === "EOF" && after) return ok(lines.length);
  if (where === "BOF" && !after) return ok(0);
  const pattern = pythonRegex(bytes(where));
  if (!pattern.ok) return err(`invalid ${after ? "insertafter" : "insertbefore"} "${where}": ${pattern.error}`);
  const found = isMultiline(where) ? searchText(text, pattern.value, after) : searchLines(lines, pattern.value);
  if (found === undefined) return ok(lines.length);
  return ok(after ? found + 1 : found);
};

/** `(?m)` at its start makes a pattern look at the whole text. */
const isMultiline = (pattern: string): boolean => /^\(\?[a-zA-Z]*m[a-zA-Z]*\)/.test(pattern);

const searchLines = (lines: readonly string[], pattern: RegExp): number | undefined => {
  const index = lines.findLastIndex((line) => {
    pattern.lastIndex = 0;
    return pattern.test(line);
  });
  return index === -1 ? undefined : index;
};

const searchText = (text: string, pattern: RegExp, after: boolean): number | undefined => {
  pattern.lastIndex = 0;
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const upTo = after ? match.index + match[0].length : match.index;
  return text.slice(0, upTo).split("\n").length - 1;
};
