/** What ends a line for Python: besides the usual, form feeds, separators and Unicode's own. */
// oxlint-disable-next-line no-control-regex -- they are what this is about
const lineBreak = /(\r\n|[\r\n\v\f\u001c-\u001e\u0085\u2028\u2029])/;

/** A text's lines as Python's `str.splitlines` gives them, with or without their line breaks. */
export const splitLines = (value: string, keepEnds: boolean): readonly string[] => {
  const pieces = value.split(lineBreak);
  const lines: string[] = [];
  for (let at = 0; at < pieces.length; at += 2) {
    const line = pieces[at] ?? "";
    const end = pieces[at + 1] ?? "";
    // After the last break there is no further line.
    if (line !== "" || end !== "") lines.push(keepEnds ? line + end : line);
  }
  return lines;
};
