import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runCli } from "../../src/cli/cli.ts";
import { capturedIo } from "./captured-io.ts";

/** An example of a page of docs/codes: its files, and what is called in their folder. */
export interface PageExample {
  readonly files: ReadonlyMap<string, string>;
  readonly args: readonly string[];
}

/** The fenced blocks of a part of a page (`Wrong`, `Right`): a block with a file's name is that file. */
export const exampleOf = (page: string, part: string): PageExample => {
  const text = new RegExp(`^## ${part}\\n([^]*?)(?=^## |(?![^]))`, "m").exec(page)?.[1] ?? "";
  const files = new Map<string, string>();
  let command: string | undefined;
  for (const [, info = "", body = ""] of text.matchAll(/^```(.*)\n([^]*?)^```$/gm)) {
    const [language, name] = info.split(" ");
    if (name !== undefined) files.set(name, body);
    else if (language === "sh") command = body.trim();
  }
  const [first = ""] = files.keys();
  const inventory = files.has("inventory.ini") && first !== "inventory.ini" ? " -i inventory.ini" : "";
  return { files, args: wordsOf(command ?? `latchkey validate ${first}${inventory}`).slice(1) };
};

/** The words of a command line without variables. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) => word.replaceAll(/'([^']*)'|"([^"]*)"/g, "$1$2"));

/** Writes an example's files into a folder of their own, and says what the command prints there. */
export const outputOf = async ({
  files,
  args,
}: PageExample): Promise<{ readonly output: string; readonly exitCode: number }> => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-page-"));
  try {
    for (const [name, text] of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const { io, said } = capturedIo(folder);
    const exitCode = await runCli(args, io);
    // The folder has another name each time.
    return { output: (said.out + said.err).replaceAll(`${folder}/`, ""), exitCode };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** The codes of the findings in an output. */
export const codesIn = (output: string): ReadonlySet<string> =>
  new Set([...output.matchAll(/ \[(V\d\d)\]$/gm)].map(([, code = ""]) => code));

/** A page with the heading and the output of its wrong example as they are. */
export const renewedPage = (page: string, heading: string, output: string): string =>
  page
    .replace(/^# .*/, `# ${heading}`)
    .replace(
      /(^## Wrong\n[^]*?^```text\n)[^]*?(^```$)/m,
      (_all, before: string, after: string) => before + output + after,
    );
