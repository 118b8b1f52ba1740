import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pLimit from "p-limit";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Script } from "./check-syntax.ts";

/**
 * Those findings of shellcheck that are mistakes whatever the author meant, and whatever a template's value is: tests that
 * are always true, operators that there are not, assignments that assign nothing, redirections to a file named 1.
 */
const certain = [
  2057, 2070, 2071, 2072, 2073, 2074, 2075, 2077, 2078, 2079, 2080, 2081, 2097, 2104, 2105, 2107, 2108, 2109, 2110,
  2121, 2122, 2144, 2159, 2161, 2168, 2171, 2203, 2204, 2205, 2210, 2224, 2225, 2242, 2256, 2276, 2281, 2283, 2284,
  2288, 2290,
].map((number) => `SC${number}`);

/** More than these in one file would take longer than all other checks together; a script costs 3 ms. */
const most = { scripts: 100, characters: 200_000 };

/** As many as these are shared by two processes at a time. */
const scriptsOfProcess = 50;

interface Finding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly code: number;
  readonly message: string;
}

/** What shellcheck says of the scripts of so many files; nothing where it is not installed. */
export const runShellcheck = async (
  scripts: readonly Script[],
  searchPath: string,
  files: number,
): Promise<readonly { readonly script: Script; readonly diagnostics: readonly Diagnostic[] }[]> => {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-shellcheck-"));
  try {
    const written = new Map<string, Script>();
    let characters = 0;
    for (const [index, script] of scripts.slice(0, most.scripts * files).entries()) {
      characters += script.covered.text.length;
      if (characters > most.characters * files) break;
      const path = join(folder, `${index}.sh`);
      await writeFile(path, script.covered.text, { mode: 0o600 });
      written.set(path, script);
    }
    const found = await findings([...written.keys()], searchPath);
    return [...written].map(([path, script]) => ({
      script,
      diagnostics: found.filter(({ file }) => file === path).flatMap((finding) => diagnosticsOf(script, finding)),
    }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const findings = async (paths: readonly string[], searchPath: string): Promise<readonly Finding[]> => {
  const limit = pLimit(2);
  const groups: string[][] = [];
  for (let at = 0; at < paths.length; at += scriptsOfProcess) groups.push(paths.slice(at, at + scriptsOfProcess));
  return (await Promise.all(groups.map((group) => limit(findingsOf, group, searchPath)))).flat();
};

const findingsOf = (paths: readonly string[], searchPath: string): Promise<readonly Finding[]> =>
  new Promise((done) => {
    const args = ["--norc", "-f", "json", "-s", "bash", "-i", certain.join(","), ...paths];
    execFile(
      "shellcheck",
      args,
      { env: { PATH: searchPath, LC_ALL: "C.UTF-8" }, timeout: 10_000, maxBuffer: 16 * 1024 * 1024 },
      (_error, stdout) => {
        try {
          // Its own format; what is anything else comes from no shellcheck.
          done(JSON.parse(stdout) as readonly Finding[]);
        } catch {
          done([]);
        }
      },
    );
  });

const diagnosticsOf = ({ covered, places }: Script, finding: Finding): readonly Diagnostic[] => {
  const start = offsetOf(covered.text, finding.line, finding.column);
  const end = Math.max(start + 1, offsetOf(covered.text, finding.endLine, finding.endColumn));
  if (covered.outputs.some((output) => output.start < end && start < output.end)) return [];
  const message = finding.message.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase()).replace(/\.$/, "");
  const hint = `shellcheck says so: SC${finding.code}`;
  return places.map((placeOf) => ({ code: "V60", severity: "warning", message, span: placeOf(start, end), hint }));
};

/** shellcheck counts a tab as up to eight columns. */
const offsetOf = (text: string, line: number, column: number): number => {
  let start = 0;
  for (let number = 1; number < line; number++) start = text.indexOf("\n", start) + 1;
  let at = start;
  for (let shown = 1; shown < column && at < text.length; at++) {
    shown = text.charAt(at) === "\t" ? shown + 8 - ((shown - 1) % 8) : shown + 1;
  }
  return at;
};
