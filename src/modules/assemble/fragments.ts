import { simpleEscapes } from "../../vars/syntax/string-escapes.ts";
import { err, ok, type Result } from "../../util/result.ts";
import { pythonRegex } from "../../vars/python/regex.ts";

/** Which names of a folder's files are meant, in the order of their bytes. */
export const chooseFragments = (
  names: readonly string[],
  { regexp, ignore_hidden: ignoreHidden }: { readonly regexp?: string | undefined; readonly ignore_hidden: boolean },
): Result<readonly string[], string> => {
  const pattern = regexp === undefined ? ok(undefined) : pythonRegex(regexp);
  if (!pattern.ok) return err(`invalid regexp "${regexp ?? ""}": ${pattern.error}`);
  const matches = (name: string): boolean => pattern.value === undefined || name.search(pattern.value) >= 0;
  const chosen = names.filter((name) => matches(name) && !(ignoreHidden && name.startsWith(".")));
  return ok(chosen.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
};

const newline = 10;

/** Whether what follows would stand on the same line; an empty file has a line of its own, too. */
const isOpen = (content: Uint8Array): boolean => content.at(-1) !== newline;

/** The contents one behind the other, each from the start of a line. */
export const joinFragments = (contents: readonly Uint8Array[], delimiter: Uint8Array): Uint8Array =>
  Buffer.concat(
    contents.flatMap((content, index) => {
      const previous = contents[index - 1];
      if (previous === undefined) return [content];
      return [...(isOpen(previous) ? [Uint8Array.of(newline)] : []), delimiter, content];
    }),
  );

/** The delimiter as it is written: escapes as in Python's bytes, and whole lines. */
export const delimiterBytes = (delimiter: string | undefined): Uint8Array => {
  if (delimiter === undefined || delimiter === "") return new Uint8Array();
  const text = Buffer.from(delimiter)
    .toString("latin1")
    .replaceAll(
      /\\(?:x([\dA-Fa-f]{2})|([0-7]{1,3})|([^]))/g,
      (whole: string, hex: string | undefined, octal: string | undefined, letter: string | undefined) => {
        if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
        if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) % 256);
        return simpleEscapes[letter ?? ""] ?? whole;
      },
    );
  const bytes = Buffer.from(text, "latin1");
  return isOpen(bytes) ? Buffer.concat([bytes, Uint8Array.of(newline)]) : bytes;
};
