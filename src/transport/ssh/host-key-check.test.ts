import { createHmac, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ConnectionTarget } from "../transport.ts";
import { checkHostKey, hostKeyAlgorithms, knownKeyTypes } from "./host-key-check.ts";
import { KnownHosts } from "./known-hosts.ts";

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "latchkey-known-"));
  file = join(directory, "known_hosts");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const host = (address: string, hostKeyPolicy: ConnectionTarget["hostKeyPolicy"] = "strict"): ConnectionTarget => ({
  name: address,
  kind: "ssh",
  address,
  port: 22,
  user: "root",
  hostKeyPolicy,
  knownHostsFiles: [file],
  connectTimeoutMs: 1000,
  idleTimeoutMs: 0,
});

/** A key's blob: its type, then anything. */
const blob = (type = "ssh-ed25519"): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  return Buffer.concat([length, Buffer.from(type), randomBytes(36)]);
};

const hashed = (name: string): string => {
  const salt = randomBytes(20);
  return `|1|${salt.toString("base64")}|${createHmac("sha1", salt).update(name).digest("base64")}`;
};

describe("checkHostKey", () => {
  it("reads the files in their order, and accepts a key that any of them holds", async () => {
    const key = blob();
    const second = join(directory, "second");
    writeFileSync(file, `web1 ssh-rsa ${blob("ssh-rsa").toString("base64")}\n`);
    writeFileSync(second, `web1 ssh-ed25519 ${key.toString("base64")}\n`);
    const files = await new KnownHosts().load([file, second, join(directory, "missing")]);
    expect(checkHostKey(key, host("web1"), files)).toEqual({ is: "accepted" });
    expect(checkHostKey(blob(), host("web1"), files)).toMatchObject({
      is: "refused",
      failure: { message: expect.stringContaining(`${second}:1`) },
    });
  });

  it("says which file cannot be read", async () => {
    const files = await new KnownHosts().load([directory]);
    expect(checkHostKey(blob(), host("web1"), files)).toMatchObject({
      is: "refused",
      failure: { message: expect.stringContaining("EISDIR") },
    });
  });

  it("does not go on with a new key that it cannot write down", async () => {
    const files = await new KnownHosts().load([directory]);
    expect(checkHostKey(blob(), host("web1", "accept-new"), files)).toMatchObject({
      is: "refused",
      failure: { kind: "host-key", message: expect.stringContaining("cannot be written") },
    });
  });

  it("remembers what it wrote, and refuses another key for it", async () => {
    const key = blob();
    const files = await new KnownHosts().load([file]);
    const target = host("web1", "accept-new");
    expect(checkHostKey(key, target, files)).toEqual({ is: "accepted" });
    expect(checkHostKey(key, target, files)).toEqual({ is: "accepted" });
    expect(checkHostKey(blob(), target, files)).toMatchObject({ is: "refused" });
    expect(readFileSync(file, "utf8")).toBe(`web1 ssh-ed25519 ${key.toString("base64")}\n`);
  });

  it("costs a fleet of 5,000 hashed names no scan a host", async () => {
    const fleet = Array.from({ length: 5000 }, (_, n) => ({ name: `10.0.${n >> 8}.${n & 255}`, key: blob() }));
    writeFileSync(
      file,
      fleet.map(({ name, key }) => `${hashed(name)} ssh-ed25519 ${key.toString("base64")}\n`).join(""),
    );
    const files = await new KnownHosts().load([file]);
    const started = performance.now();
    for (const { name, key } of fleet) {
      const target = host(name);
      expect([knownKeyTypes(target, files), checkHostKey(key, target, files).is]).toEqual([[], "accepted"]);
    }
    // A scan of all lines for each would take a minute.
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe("hostKeyAlgorithms", () => {
  it("puts the known types first", () => {
    expect(hostKeyAlgorithms([])).toBeUndefined();
    expect(hostKeyAlgorithms(["ssh-rsa", "ssh-ed25519"])).toBeUndefined();
    expect(hostKeyAlgorithms(["ssh-rsa"])?.slice(0, 4)).toEqual([
      "rsa-sha2-512",
      "rsa-sha2-256",
      "ssh-rsa",
      "ssh-ed25519",
    ]);
    expect(hostKeyAlgorithms(["ecdsa-sha2-nistp384"])?.[0]).toBe("ecdsa-sha2-nistp384");
  });
});
