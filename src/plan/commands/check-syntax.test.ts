import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { SourceFile } from "../../source/source-file.ts";
import { checkSyntax } from "./check-syntax.ts";
import { readCommands } from "./read-commands.ts";
import type { ShellText } from "./shell-texts.ts";

const textOf = (source: string, index: number): ShellText => {
  const file = new SourceFile(String(index), source);
  const covered = { text: source, outputs: [] };
  const unused = { play: undefined as never, task: { span: { file } } as never, template: undefined };
  return {
    ...unused,
    source,
    covered,
    read: readCommands(source),
    shell: "posix",
    placeOf: (start, end) => ({ file, start, end }),
  };
};

const path = process.env["PATH"] ?? "";

/** The numbers of the texts in which something is found. */
const wrong = async (sources: readonly string[]): Promise<readonly number[]> => {
  const found = await checkSyntax(sources.map(textOf), path);
  return [...new Set(found.map(({ span }) => Number(span?.file.path)))].toSorted((a, b) => a - b);
};

const right = (index: number): string => `if [ -e /tmp/${index} ]; then echo "$(id -u)"; fi # it's ${index}`;

it("finds each wrong text among many that are read together", async () => {
  // One leaves open what a later one closes.
  const mistakes = [
    "if true; then",
    "fi",
    "{ echo a",
    "echo b; }",
    "(echo",
    "echo)",
    "echo 'a",
    "b'",
    "a |",
    "case x in",
    "esac",
  ];
  const sources = Array.from({ length: 400 }, (_, index) => mistakes[index / 20 - 1] ?? right(index));
  expect(await wrong(sources)).toEqual(mistakes.map((_, index) => (index + 1) * 20));
});

it("takes a here-document without an end for what the shell takes it for", async () => {
  expect(await wrong(["cat <<E\n'", "if true; then", right(1), "fi", "cat <<E\n'\nE", "cat <<E", "fi"])).toEqual([
    1, 3, 6,
  ]);
});

it("leaves alone what cannot be handed to a shell", async () => {
  expect(await wrong(["if \0", "(\n".repeat(40_000), "(", "-c 'fi'", "+x; fi"])).toEqual([2, 4]);
});

it("runs nothing of what it reads", async () => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-syntax-"));
  const touch = `touch ${folder}/ran`;
  try {
    await checkSyntax(
      [
        touch,
        `x=$(${touch})`,
        `)\n}\n${touch}\n{\n(\n:`,
        `trap '${touch}' EXIT; fi`,
        `set +n; if true; then ${touch}; fi`,
      ].map(textOf),
      path,
    );
    expect(existsSync(join(folder, "ran"))).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
