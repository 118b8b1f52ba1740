import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { capturedIo } from "../../../test/helpers/captured-io.ts";
import { EventScript } from "../../../test/helpers/events.ts";
import type { Reporter } from "../../events/event.ts";
import { runCli } from "../cli.ts";
import type { GivenOptions } from "../options.ts";
import { runWithReceipt } from "./receipt.ts";

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const steer = "\u001b[2J\u202e\n";
const undo = { action: "latchkey.access.grant_undo" } as const;
const closing = (...residue: readonly string[]): EventScript => {
  const checks = ["/etc/passwd: clean", ...residue];
  const result = { grants: ["ops-1"], tickets: ["OPS-1"], kept: [`/etc/x: ${steer}`], checks, residue };
  return new EventScript()
    .run()
    .play("Revoke", ["vm1"])
    .step("Take grants back", "vm1", "changed", { ...undo, result });
};

describe("receipts", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "latchkey-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const at = (name: string): string => join(folder, name);
  const makeKey = (name: string): void => {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", at(name)]);
  };

  /** A revoke whose events are these. */
  const revoke = async (script: EventScript, given: GivenOptions = {}, env?: { PATH: string }): Promise<Said> => {
    const { io, said } = capturedIo(folder, env);
    const run = (listener: Reporter): Promise<number> => {
      for (const event of script.events) listener.on(event);
      return Promise.resolve(0);
    };
    return { code: await runWithReceipt({ receipt: "r.json", ...given }, io, run), ...said };
  };
  const verify = async (args: readonly string[] = [], env?: { PATH: string }): Promise<Said> => {
    const { io, said } = capturedIo(folder, env);
    return { code: await runCli(["verify", "r.json", ...args], io), ...said };
  };
  const lastLine = ({ out }: Said): string => out.trimEnd().split("\n").at(-1) ?? "";

  it("are written for their owner alone, whole, and told to people", async () => {
    expect(await revoke(closing())).toEqual({
      code: 0,
      err: "",
      out: [
        "vm1: closed, 1 place looked at, clean",
        String.raw`  kept: /etc/x: \x1b[2J\u202e`,
        "CLOSED: 1 host",
        `receipt: ${at("r.json")}`,
        "",
      ].join("\n"),
    });
    expect(statSync(at("r.json")).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(at("r.json"), "utf8"))).toMatchObject({ clean: true, run: "r1" });
    expect(readdirSync(folder)).toEqual(["r.json"]);
  });

  it("leave the events alone where standard output is for them", async () => {
    const said = await revoke(closing(), { reporter: "jsonl" });
    expect(said).toMatchObject({ code: 0, out: "", err: expect.stringContaining("CLOSED: 1 host") });
  });

  it("lose the signature of the one before", async () => {
    writeFileSync(at("r.json"), "old");
    writeFileSync(at("r.json.sig"), "old");
    await revoke(closing());
    expect(readdirSync(folder)).toEqual(["r.json"]);
    expect(await verify()).toMatchObject({ code: 0, out: expect.stringContaining("not signed") });
  });

  it.each([
    ["--sign needs --receipt", { receipt: undefined, sign: "k" }],
    ["a dry run closes nothing", { check: true }],
    ["/none/here", { receipt: "/none/here/r.json" }],
    ["is a directory", { receipt: "." }],
    ["--sign: ENOENT", { sign: "no-key" }],
  ])("are refused before anything is run: %s", async (message, given) => {
    const { io, said } = capturedIo(folder);
    const run = (): Promise<number> => Promise.reject(new Error("it was run"));
    const code = await runWithReceipt({ receipt: "r.json", ...given }, io, run);
    expect({ code, ...said }).toEqual({ code: 5, out: "", err: expect.stringContaining(message) });
  });

  it("are none where nothing was run, and that is told", async () => {
    const said = await revoke(new EventScript());
    expect(said).toEqual({ code: 2, out: "", err: "latchkey: no receipt was written: nothing was run\n" });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("stay without a signature where it cannot be made, and say why", async () => {
    writeFileSync(at("k"), "no key");
    const failed = await revoke(closing(), { sign: "k" });
    expect(failed).toMatchObject({ code: 2, err: expect.stringMatching(/the receipt is not signed: .*(?:key|k)/i) });
    makeKey("key");
    const missing = await revoke(closing(), { sign: "key" }, { PATH: "/nonexistent" });
    expect(missing).toMatchObject({ code: 2, err: expect.stringContaining("there is no ssh-keygen: install") });
    expect(existsSync(at("r.json"))).toBe(true);
    expect(existsSync(at("r.json.sig"))).toBe(false);
  });

  it("are told when they cannot be written", async () => {
    mkdirSync(at("r.json.sig"));
    const said = await revoke(closing());
    expect(said).toMatchObject({ code: 2, err: expect.stringContaining("the receipt could not be written") });
    expect(readdirSync(folder)).toEqual(["r.json.sig"]);
  });

  describe("verified", () => {
    it("show all that hosts said, and nothing in it can steer the terminal", async () => {
      const hosts = ["vm1\t\u009b", "vm2"];
      const residue = [`files: /opt/${steer}x`];
      const script = new EventScript().run().play("Revoke", hosts).lost("vm2", `no route ${steer}x`);
      script.add({ type: "host.connect", host: "vm1\t\u009b", address: "\u001b]0;x\u0007", port: 22, user: "ops" });
      const result = { grants: [steer], tickets: [steer], kept: [steer], checks: residue, residue };
      const said = [
        await revoke(script.step("Take grants back", "vm1\t\u009b", "changed", { ...undo, result })),
        await verify(),
      ];
      for (const { out, err } of said) {
        // oxlint-disable-next-line no-control-regex -- they are what this is about
        expect(out + err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
        expect(out).toContain(String.raw`left: files: /opt/\x1b[2J\u202e\nx`);
        expect(out).toContain(String.raw`problem: no route \x1b[2J\u202e\nx`);
      }
      expect(said[1]).toMatchObject({ code: 2 });
      expect(lastLine(await verify())).toBe("NOT CLOSED: 1 of 2 hosts");
    });

    it("end in the verdict", async () => {
      await revoke(closing());
      expect(await verify()).toMatchObject({ code: 0, err: "", out: expect.stringMatching(/\nvm1 .* closed .*\n/) });
      expect(lastLine(await verify())).toBe("CLOSED: 1 host");
      await revoke(closing("files of user 1001: /opt/left"));
      expect(await verify()).toMatchObject({
        code: 2,
        out: expect.stringContaining("left: files of user 1001: /opt/left"),
      });
      expect(lastLine(await verify())).toBe("CLOSED WITH LEFTOVERS: 1 of 1 host");
      await revoke(new EventScript().run().play("Revoke", ["vm1"]).step("Take grants back", "vm1", "ok", undo));
      expect(lastLine(await verify())).toBe("CLOSED: 1 host, and no grant was there to close");
    });

    it("name the key that signed them, and know the signer's from others", async () => {
      for (const name of ["key", "other"]) makeKey(name);
      await revoke(closing(), { sign: "key" });
      const [, print = ""] = execFileSync("ssh-keygen", ["-lf", at("key")], { encoding: "utf8" }).split(" ");
      const good = expect.stringContaining(`signed with ED25519 key ${print}`) as string;
      expect(await verify()).toMatchObject({ code: 0, out: good });
      expect(await verify(["--signer", "key.pub"])).toMatchObject({ code: 0, out: good });
      const other = await verify(["--signer", "other.pub"]);
      expect(other).toMatchObject({ code: 2, out: expect.stringMatching(/^BAD SIGNATURE: .*none of the signer's/) });
      writeFileSync(
        at("both.pub"),
        `# ours\n${["other", "key"].map((name) => readFileSync(at(`${name}.pub`), "utf8")).join("")}`,
      );
      expect(await verify(["--signer", "both.pub"])).toMatchObject({ code: 0, out: good });
    });

    it("are not believed once they were changed, or signed for something else", async () => {
      makeKey("key");
      await revoke(closing("files: /opt/left"), { sign: "key" });
      const written = readFileSync(at("r.json"), "utf8");
      writeFileSync(at("r.json"), written.replaceAll("/opt/left", "/opt/nope"));
      expect(await verify()).toMatchObject({ code: 2, out: expect.stringMatching(/^BAD SIGNATURE: .*\n$/) });
      writeFileSync(at("r.json"), written);
      expect(lastLine(await verify())).toBe("CLOSED WITH LEFTOVERS: 1 of 1 host");
      rmSync(at("r.json.sig"));
      execFileSync("ssh-keygen", ["-q", "-Y", "sign", "-f", at("key"), "-n", "file", at("r.json")], {
        stdio: "ignore",
      });
      expect(await verify()).toMatchObject({ code: 2, out: expect.stringMatching(/^BAD SIGNATURE: /) });
    });

    it("are as good as no receipt where a signature is wanted and none can be checked", async () => {
      makeKey("key");
      await revoke(closing());
      const unsigned = await verify(["--signer", "key.pub"]);
      expect(unsigned).toMatchObject({ code: 2, out: expect.stringMatching(/^NOT SIGNED: /) });
      await revoke(closing(), { sign: "key" });
      const unchecked = await verify([], { PATH: "/nonexistent" });
      expect(unchecked).toMatchObject({
        code: 2,
        out: expect.stringMatching(/^SIGNATURE NOT CHECKED: there is no ssh-keygen/),
      });
    });

    it("must have their shape", async () => {
      await revoke(closing());
      const written = readFileSync(at("r.json"), "utf8");
      writeFileSync(at("r.json"), written.replace('"v":1', String.raw`"v":1,"\u001b[2J":1`));
      const error = String.raw`there is no member "\x1b[2J" in a receipt`;
      const message = `latchkey: ${at("r.json")} is no receipt that can be trusted: ${error}\n`;
      expect(await verify()).toEqual({ code: 1, out: "", err: message });
    });

    it("want files that are there, and public keys", async () => {
      expect(await verify()).toMatchObject({ code: 5, err: expect.stringContaining("ENOENT") });
      makeKey("key");
      await revoke(closing());
      expect(await verify(["--signer", "key"])).toMatchObject({ code: 5, err: expect.stringContaining("private key") });
      writeFileSync(at("empty.pub"), "# none\n");
      expect(await verify(["--signer", "empty.pub"])).toMatchObject({
        code: 5,
        err: expect.stringContaining("no public key"),
      });
    });
  });
});
