import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { capturedIo } from "../../../test/helpers/captured-io.ts";
import { startToldCloud, type ToldCloud, toldServer } from "../../../test/helpers/told-cloud.ts";
import { runCli } from "../cli.ts";

let cloud: ToldCloud;
beforeEach(async () => {
  cloud = await startToldCloud();
});
afterEach(() => cloud.stop());

describe("latchkey inventory openstack", () => {
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
