import { readFileSync, writeFileSync } from "node:fs";
import type { Diagnostic, Edit } from "../diagnostics/diagnostic.ts";
import type { Node } from "../source/node.ts";
import { parseYaml } from "../source/parse-yaml.ts";
import { SourceFile } from "../source/source-file.ts";

/** A finding that was mended. */
export type Mended = Diagnostic & { readonly edit: Edit };

/**
 * Writes the edits of findings into the files that may be changed, as far as each can be read back as it was but for them;
 * gives what was mended. One that touches another is left for the next time.
 */
export const writeEdits = (found: readonly Diagnostic[], paths: ReadonlySet<string>): readonly Mended[] => {
  const wanted = found.filter((one): one is Mended => one.edit !== undefined);
  return [...paths].flatMap((path) =>
    writeEditsOf(path, apart(wanted.filter(({ edit }) => edit.span.file.path === path))),
  );
};

const writeEditsOf = (path: string, mended: readonly Mended[]): readonly Mended[] => {
  const [first] = mended;
  if (first === undefined) return [];
  const bytes = readFileSync(path);
  const mark = bytes.toString("utf8").startsWith("\ufeff") ? "\ufeff" : "";
  const before = bytes.toString("utf8").slice(mark.length);
  // A file that is not UTF-8 would not come back as it was, and one that changed meanwhile has its places elsewhere.
  if (!Buffer.from(mark + before, "utf8").equals(bytes) || before !== first.edit.span.file.text) return [];
  const after = mended.reduceRight(
    (text, { edit: { span, text: meant } }) => text.slice(0, span.start) + meant + text.slice(span.end),
    before,
  );
  if (!isSameButFor(mended, before, after)) return [];
  writeFileSync(path, mark + after);
  return mended;
};

/** Those that do not touch, in their order. */
const apart = (found: readonly Mended[]): readonly Mended[] => {
  const sorted = found.toSorted((a, b) => a.edit.span.start - b.edit.span.start);
  let end = -1;
  return sorted.filter(({ edit: { span } }) => {
    if (span.start < end) return false;
    end = span.end;
    return true;
  });
};

/** Whether nothing else became of the text than what the edits say, as YAML is read. */
const isSameButFor = (mended: readonly Mended[], before: string, after: string): boolean => {
  const [old, renewed] = [before, after].map((text) => parseYaml(new SourceFile("", text)));
  const broken = (parsed: typeof old): number =>
    parsed?.problems.filter(({ isSyntax }) => isSyntax === true).length ?? 0;
  if (broken(renewed) > broken(old)) return false;
  // What the parser guesses of a broken file cannot be compared.
  if (broken(old) > 0 || old?.root === undefined || renewed?.root === undefined) return true;
  const isEdited = ({ span }: Node): boolean =>
    mended.some(({ edit }) => edit.span.start < span.end && span.start < edit.span.end);
  return isSameTree(old.root, renewed.root, isEdited);
};

const isSameTree = (old: Node, renewed: Node, isEdited: (node: Node) => boolean): boolean => {
  if (old.kind === "seq" && renewed.kind === "seq") {
    return isSameList(old.items, renewed.items, isEdited);
  }
  if (old.kind === "map" && renewed.kind === "map") {
    return isSameList(
      old.entries.flatMap(({ key, value }) => [key, value]),
      renewed.entries.flatMap(({ key, value }) => [key, value]),
      isEdited,
    );
  }
  if (isEdited(old)) return renewed.kind === "scalar";
  return old.kind === "scalar" && renewed.kind === "scalar" && Object.is(old.value, renewed.value);
};

const isSameList = (old: readonly Node[], renewed: readonly Node[], isEdited: (node: Node) => boolean): boolean =>
  old.length === renewed.length &&
  old.every((node, index) => {
    const other = renewed[index];
    return other !== undefined && isSameTree(node, other, isEdited);
  });
