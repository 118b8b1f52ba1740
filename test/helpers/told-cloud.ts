import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlainMap } from "../../src/vars/value.ts";

/** An image of `toldServer`, which the image service knows. */
export const ubuntuImage = "5ea5cb93-9b7c-4b3c-a4ae-6bcf8e4be0a5";

/** Answers of the shape that real services give, for tests that are not about these. */
export interface ToldCloud {
  /** Holds a clouds.yaml with `demo`, and `wrong`, whose password is wrong. */
  readonly folder: string;
  /** What Nova lists. */
  servers: readonly PlainMap[];
  /** The paths that were asked for. */
  asked: string[];
  readonly stop: () => Promise<void>;
}

/** Starts Keystone, Nova and Glance, as far as a list of servers needs them. */
export const startToldCloud = async (): Promise<ToldCloud> => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-openstack-"));
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    told.asked.push(path);
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { "content-type": "application/json", "x-subject-token": "t0ken" });
      response.end(JSON.stringify(body));
    };
    const service = (type: string, of: string): unknown => ({
      type,
      endpoints: [{ interface: "public", region_id: "RegionOne", region: "RegionOne", url: `${url}${of}` }],
    });
    let sent = "";
    request.on("data", (text) => (sent += text));
    request.on("end", () => {
      if (path === "/v3/auth/tokens" && !sent.includes('"secret"')) {
        answer(401, { error: { message: `not with ${sent}` } });
      } else if (path === "/v3/auth/tokens") {
        const catalog = [service("compute", "/v2.1"), service("image", "")];
        answer(201, { token: { project: { id: "p" }, catalog, expires_at: "2099-01-01T00:00:00Z" } });
      } else if (path.startsWith("/v2.1/servers/detail")) answer(200, { servers: told.servers });
      else if (path === `/v2/images/${ubuntuImage}`) {
        answer(200, { id: ubuntuImage, name: "Ubuntu 24.04", os_distro: "ubuntu" });
      } else answer(404, { message: "no such thing" });
    });
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const auth = (password: string): string =>
    `{auth_url: "${url}/v3", username: u, password: ${password}, project_name: p}`;
  writeFileSync(
    join(folder, "clouds.yaml"),
    `clouds:\n  demo: {region_name: RegionOne, auth: ${auth("secret")}}\n  wrong: {auth: ${auth("wr0ng")}}\n`,
  );
  const told: ToldCloud = {
    folder,
    servers: [],
    asked: [],
    stop: async () => {
      rmSync(folder, { recursive: true });
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return told;
};

/** An address of a server's network. */
export const fixedAddress = (addr: string, version = 4): PlainMap => ({ addr, version, "OS-EXT-IPS:type": "fixed" });

/** A server as Nova tells it (2.47), but for what a test is about. */
export const toldServer = (name: string, but: PlainMap = {}): PlainMap => ({
  id: `00000000-0000-0000-0000-${name.padStart(12, "0")}`,
  name,
  status: "ACTIVE",
  tenant_id: "744b82750aa94d3ba306623ad38aaf44",
  user_id: "45a1512f6a444e3d88fbeb3f8f4e268c",
  metadata: {},
  hostId: "913f4b24521507c34ec9699a728270c69dbc53e52fddc78d16fa8312",
  image: { id: ubuntuImage, links: [] },
  flavor: { vcpus: 1, ram: 2048, disk: 20, ephemeral: 0, swap: 0, original_name: "m1.small", extra_specs: {} },
  created: "2026-11-23T22:09:05Z",
  updated: "2026-11-23T22:09:11Z",
  addresses: { private: [fixedAddress("10.0.0.5")] },
  accessIPv4: "",
  accessIPv6: "",
  key_name: null,
  "OS-EXT-AZ:availability_zone": "nova",
  "OS-EXT-STS:vm_state": "active",
  "OS-EXT-SRV-ATTR:user_data": "c2VjcmV0",
  "os-extended-volumes:volumes_attached": [],
  ...but,
});
