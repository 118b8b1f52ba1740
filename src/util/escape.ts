/** Control characters (all of C0 but tab, DEL, C1), line and paragraph separators, bidirectional controls, lone surrogates. */
const unsafe =
  // oxlint-disable-next-line no-control-regex -- they are what this is about
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Shows a text from a file or a host on one line of a terminal: what could steer the terminal becomes `\x1b`, `\u202e` … */
export const escapeForTerminal = (text: string): string =>
  text.replaceAll(unsafe, (char) => {
    if (char === "\n") return "\\n";
    if (char === "\r") return "\\r";
    const code = char.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
