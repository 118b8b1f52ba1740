import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { capturedIo } from "../../../test/helpers/captured-io.ts";
import { runCli } from "../cli.ts";

const folder = mkdtempSync(join(tmpdir(), "latchkey-completion-"));

/** What the program prints for a shell. */
const scriptFor = async (shell: string): Promise<string> => {
  const { io, said } = capturedIo(folder);
  expect(await runCli(["completion", shell], io)).toBe(0);
  return said.out;
};

beforeAll(async () => {
  for (const shell of ["bash", "zsh", "fish"]) writeFileSync(join(folder, `latchkey.${shell}`), await scriptFor(shell));
  mkdirSync(join(folder, "files/roles"), { recursive: true });
  writeFileSync(join(folder, "files/my site.yml"), "");
  writeFileSync(join(folder, "files/key"), "");
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("completion in bash", () => {
  /** What bash would offer at the end of these words. */
  const complete = (...words: readonly string[]): readonly string[] => {
    const script = `. ../latchkey.bash
      COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
      _latchkey
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync("bash", ["-uc", script, "bash", "latchkey", ...words], {
      cwd: join(folder, "files"),
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    return stdout.split("\n").filter((line) => line !== "");
  };

  it("knows the commands, and those below them", () => {
    expect(complete("v")).toEqual(["validate", "verify", "vault"]);
    expect(complete("ledger", "")).toEqual(["verify", "show", "export"]);
    expect(complete("inventory", "o")).toEqual(["openstack"]);
  });

  it("knows the options of each", () => {
    expect(complete("validate", "--f")).toEqual(["--fix", "--format"]);
    expect(complete("inventory", "openstack", "--c")).toEqual(["--cloud"]);
    expect(complete("run", "site.yml", "--becom")).toContain("--become-user");
    expect(complete("--v")).toEqual(["--version"]);
  });

  it("knows what an option may be", () => {
    expect(complete("validate", "--format", "j")).toEqual(["json", "jsonl"]);
    expect(complete("validate", "--format", "=", "j")).toEqual(["json", "jsonl"]);
    expect(complete("validate", "--format", "=")).toContain("sarif");
    expect(complete("run", "--become-method", "")).toEqual(["sudo", "su", "doas"]);
    expect(complete("run", "-f", "")).toEqual([]);
  });

  it("finds files and folders", () => {
    expect(complete("run", "my")).toEqual(["my site.yml"]);
    expect(complete("run", "--private-key", "").toSorted()).toEqual(["key", "my site.yml", "roles"]);
    expect(complete("serve", "--dir", "")).toEqual(["roles"]);
  });

  it("knows modules and codes", () => {
    expect(complete("doc", "lineinf")).toEqual(["lineinfile"]);
    expect(complete("schema", "play")).toEqual(["playbook"]);
    expect(complete("explain", "V5").length).toBeGreaterThan(5);
    expect(complete("completion", "")).toEqual(["bash", "zsh", "fish"]);
  });
});

const isThere = (shell: string): boolean => spawnSync(shell, ["-c", ":"]).status === 0;

describe("completion in other shells", () => {
  it.each(["zsh", "fish"].filter(isThere))("is a script of %s", (shell) => {
    expect(spawnSync(shell, ["-n", join(folder, `latchkey.${shell}`)], { encoding: "utf8" }).stderr).toBe("");
  });

  it("has each option of zsh with its choices", async () => {
    const script = await scriptFor("zsh");
    expect(script).toContain(
      "_latchkey_ledger_export() {\n    _arguments -s '*--format[json (default) or csv]:value:(json csv)'",
    );
    expect(script).toContain("ledger) _latchkey_ledger ;;");
    expect(script).toContain(String.raw`'\''-o UserKnownHostsFile=FILE'\''`);
  });

  it("has each option of fish with its choices", async () => {
    const script = await scriptFor("fish");
    expect(script).toContain(
      "-n '__fish_seen_subcommand_from ledger; and __fish_seen_subcommand_from export' -l format -r -x -a 'json csv' -d 'json (default) or csv'",
    );
    expect(script).toContain("complete -c latchkey -n 'not __fish_seen_subcommand_from run grant");
  });

  it("is there for these alone", async () => {
    const { io, said } = capturedIo(folder);
    expect(await runCli(["completion", "tcsh"], io)).toBe(5);
    expect(said.err).toBe('latchkey: there is no completion for "tcsh", only for bash, zsh, fish\n');
  });
});
