/** Puts a colour around a text, or leaves it plain. */
export type Paint = (text: string) => string;

/** The colours of reporters, named for what they mean; those of `ansible-playbook`. */
export interface Palette {
  readonly ok: Paint;
  readonly changed: Paint;
  readonly skipped: Paint;
  readonly failed: Paint;
  readonly unreachable: Paint;
  readonly warning: Paint;
  readonly dim: Paint;
  readonly bold: Paint;
  readonly added: Paint;
  readonly removed: Paint;
}

/** Whether it is a terminal that shows colours. NO_COLOR counts when it is there and not empty (no-color.org). */
export const showsColours = ({
  stdout,
  env,
}: {
  readonly stdout: { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
}): boolean => stdout.isTTY === true && env["TERM"] !== "dumb" && (env["NO_COLOR"] ?? "") === "";

/** The palette for a terminal, or for a file (`enabled` false), where every colour leaves the text as it is. */
export const createPalette = (enabled: boolean): Palette => {
  // A line at a time, so that a cut text never leaves a colour behind on the next line.
  const sgr =
    (code: string): Paint =>
    (text) =>
      enabled && text !== "" ? text.replaceAll(/[^\n]+/g, (line) => `\u001b[${code}m${line}\u001b[0m`) : text;
  return {
    ok: sgr("0;32"),
    changed: sgr("0;33"),
    skipped: sgr("0;36"),
    failed: sgr("0;31"),
    unreachable: sgr("1;31"),
    warning: sgr("1;35"),
    dim: sgr("2"),
    bold: sgr("1"),
    added: sgr("0;32"),
    removed: sgr("0;31"),
  };
};
