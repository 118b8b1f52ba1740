import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Io } from "./io.ts";
import { createRunIo } from "./run-io.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-run-io-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

// Nobody is asked anything here.
const io = createRunIo({} as Io);
const bytes = Buffer.from([0, 255, 10]);

describe("files that a run saves", () => {
  it("makes the folders, and replaces what is there", () => {
    expect(io.readSaved(folder, "out/web01/etc/x")).toEqual({ ok: true, value: undefined });
    expect(io.saveFile(folder, "out/web01/etc/x", Buffer.from("old"))).toEqual({ ok: true, value: undefined });
    expect(io.saveFile(folder, "out/web01/etc/x", bytes)).toMatchObject({ ok: true });
    expect(io.readSaved(folder, "out/web01/etc/x")).toEqual({ ok: true, value: bytes });
    expect(io.readSaved(folder, "out/web01")).toEqual({ ok: true, value: "directory" });
    expect(readdirSync(join(folder, "out/web01/etc"))).toEqual(["x"]);
  });

  it("does not write through a link", () => {
    writeFileSync(join(folder, "mine"), "mine");
    symlinkSync("mine", join(folder, "link"));
    expect(io.saveFile(folder, "link", bytes)).toMatchObject({ ok: true });
    expect(io.readSaved(folder, "mine")).toEqual({ ok: true, value: Buffer.from("mine") });
  });

  it("says what is in the way, and leaves nothing behind", () => {
    writeFileSync(join(folder, "out"), "");
    expect(io.saveFile(folder, "out/x", bytes)).toMatchObject({ ok: false });
    expect(io.saveFile(folder, ".", bytes)).toMatchObject({ ok: false });
    expect(existsSync(join(folder, "x"))).toBe(false);
    expect(readdirSync(folder)).toEqual(["out"]);
  });

  it("are beside the playbook, or where the path says", () => {
    expect(io.absolute("/srv/play", "out/x")).toBe("/srv/play/out/x");
    expect(io.absolute("/srv/play", "/var/x")).toBe("/var/x");
  });
});
