import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { capturedIo } from "../../../test/helpers/captured-io.ts";
import { startToldCloud, type ToldCloud, toldServer } from "../../../test/helpers/told-cloud.ts";
import { seal } from "../../vault/cipher.ts";
import { renderEnvelope } from "../../vault/envelope.ts";
import { runCli } from "../cli.ts";

const sealed = renderEnvelope(seal(Buffer.from("open sesame"), Buffer.from("password")));
const envelope = (indent: string): string =>
  sealed
    .trim()
    .split("\n")
    .map((line) => `${indent}${line}\n`)
    .join("");

describe("latchkey inventory", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "latchkey-"));
    const hosts =
      "solo x=1\n[web]\nw[1:2] port=80\n[db]\nd1\n[dc:children]\nweb\ndb\n[empty]\n[web:vars]\ncolor=blue\n";
    writeFileSync(join(folder, "hosts"), hosts);
    mkdirSync(join(folder, "group_vars"));
    writeFileSync(join(folder, "group_vars/web.yml"), `list: [1, {a: '{{ b }}'}]\nsecret: !vault |\n${envelope("  ")}`);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const run = async (...args: readonly string[]): Promise<string> => {
    const { io, said } = capturedIo(folder);
    const code = await runCli(["inventory", ...args], io);
    return code === 0 ? said.out : `${code}: ${said.err}`;
  };

  it("has every host know the variables of -e", async () => {
    expect(JSON.parse(await run("-i", "hosts", "--host", "w1", "-e", "port=1", "-e", '{"n": 2}'))).toMatchObject({
      port: "1",
      n: 2,
      color: "blue",
    });
    expect(JSON.parse(await run("-i", "a,", "--list", "-e", "z=1"))).toMatchObject({
      _meta: { hostvars: { a: { z: "1" } } },
    });
  });

  it("shows the hosts alone that --limit leaves", async () => {
    expect(JSON.parse(await run("-i", "hosts", "--list", "-l", "web:!w2"))).toEqual({
      _meta: { hostvars: { w1: expect.objectContaining({ port: 80 }) as unknown } },
      all: { children: ["ungrouped", "dc", "empty"] },
      dc: { children: ["web", "db"] },
      web: { hosts: ["w1"] },
    });
    expect(await run("-i", "hosts", "--graph", "dc", "-l", "w1")).toBe("@dc:\n  |--@web:\n  |  |--w1\n  |--@db:\n");
    expect(await run("-i", "hosts", "--list", "-l", "wbe")).toContain('1: --limit: no host or group matches "wbe"');
    expect(await run("-i", "hosts", "--list", "-l", "@nope")).toContain("1: --limit @nope: there is no such file");
  });

  it("writes YAML, with every host's variables where it comes first, and what is vaulted as such", async () => {
    expect(await run("-i", "hosts", "--host", "w1", "-y")).toBe(
      `color: blue\nlist:\n- 1\n- a: '{{ b }}'\nport: 80\nsecret: !vault |\n${envelope("  ")}`,
    );
    const written = await run("-i", "hosts", "--list", "--yaml", "--export");
    expect(written).toBe(`all:
  children:
    dc:
      children:
        db:
          hosts:
            d1: {}
        web:
          hosts:
            w1:
              port: 80
            w2:
              port: 80
          vars:
            color: blue
            list:
            - 1
            - a: '{{ b }}'
            secret: !vault |
${envelope("              ")}    empty: {}
    ungrouped:
      hosts:
        solo:
          x: 1
`);
    writeFileSync(join(folder, "again.yml"), written);
    rmSync(join(folder, "group_vars"), { recursive: true });
    expect(await run("-i", "again.yml", "--list", "--yaml", "--export")).toBe(written);
  });

  it("gives groups their variables back for --export, and writes to a file", async () => {
    expect(await run("-i", "hosts", "--list", "--export", "--output", "out.json")).toBe("");
    const written = JSON.parse(readFileSync(join(folder, "out.json"), "utf8")) as unknown;
    expect(written).toMatchObject({
      _meta: { hostvars: { w1: { port: 80 } } },
      web: { hosts: ["w1", "w2"], vars: { color: "blue", list: [1, { a: "{{ b }}" }] } },
    });
    expect(await run("-i", "hosts", "--list", "--output", "none/x")).toMatch(/^5: .*cannot write --output none\/x/);
  });

  it("refuses by name what it does not have, and takes Ansible's older spellings", async () => {
    expect(await run("-i", "hosts", "--list", "--toml")).toMatch(/^5: .*--toml is Ansible's.*: use --yaml/);
    expect(JSON.parse(await run("-i", "a,", "--inventory-file", "b,", "--list"))).toMatchObject({
      ungrouped: { hosts: ["a", "b"] },
    });
    const { io, said } = capturedIo(folder);
    expect(await runCli(["run", "-M", "modules", "p.yml"], io)).toBe(5);
    expect(said.err).toMatch(/--module-path.* is Ansible's.*latchkey modules/);
  });
});

describe("latchkey inventory openstack", () => {
  let cloud: ToldCloud;
  beforeEach(async () => {
    cloud = await startToldCloud();
  });
  afterEach(() => cloud.stop());

  it("prints the servers of a cloud without a file", async () => {
    cloud.servers = [toldServer("web1")];
    const { io, said } = capturedIo(cloud.folder, { HOME: cloud.folder });
    expect(await runCli(["inventory", "openstack", "--cloud", "demo"], io)).toBe(0);
    expect(JSON.parse(said.out)).toMatchObject({
      _meta: { hostvars: { web1: { ansible_host: "10.0.0.5", ansible_user: "ubuntu" } } },
      "status-ACTIVE": { hosts: ["web1"] },
    });
  });

  it("says which cloud is meant, or that it lets nobody in", async () => {
    const failed = async (...args: readonly string[]): Promise<string> => {
      const { io, said } = capturedIo(cloud.folder, { HOME: cloud.folder });
      expect(await runCli(["inventory", "openstack", ...args], io)).toBe(1);
      expect(said.out).toBe("");
      return said.err;
    };
    expect(await failed()).toContain("which cloud is meant: there are demo, wrong");
    expect(await failed("--cloud", "wrong")).toContain('Keystone of cloud "wrong"');
  });
});
