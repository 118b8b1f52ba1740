/** Characters that take two columns on a terminal: Hangul, CJK, kana, full-width forms and pictures. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
/** Characters that take none: combining marks, joiners, variation selectors. */
const empty = /[\p{M}\u200b-\u200d\u1160-\u11ff]/u;
// oxlint-disable-next-line no-control-regex -- the colours that the palette writes
const colours = /\u001b\[[0-9;]*m/g;

const widthOf = (char: string): number => (char < "\u0300" ? 1 : empty.test(char) ? 0 : wide.test(char) ? 2 : 1);

/** The number of terminal columns of one line of text; colours count nothing. */
export const displayWidth = (text: string): number => {
  let width = 0;
  for (const char of text.replaceAll(colours, "")) width += widthOf(char);
  return width;
};

/** Cuts a line to a number of columns, with `…` where something was left out; colours stay and are ended. */
export const truncateToWidth = (text: string, columns: number): string => {
  if (text.length <= columns && !/[^\u0020-\u007e]/.test(text)) return text;
  if (displayWidth(text) <= columns) return text;
  let out = "";
  let width = 0;
  let coloured = false;
  // oxlint-disable-next-line no-control-regex -- as above
  for (const part of text.split(/(\u001b\[[0-9;]*m)/)) {
    if (part.startsWith("\u001b[")) {
      out += part;
      coloured = true;
      continue;
    }
    for (const char of part) {
      const next = width + widthOf(char);
      if (next > columns - 1) return `${out}${columns > 0 ? "…" : ""}${coloured ? "\u001b[0m" : ""}`;
      out += char;
      width = next;
    }
  }
  return out;
};
