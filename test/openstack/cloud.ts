import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type CommandResult, labMissing, runAsRoot } from "../lab/lab.ts";

const SCRIPT = fileURLToPath(new URL("openstack.sh", import.meta.url));

/** The seeded users: admin of the project admin; in the project demo a member and one who may only read. */
export type CloudUser = "admin" | "demo" | "ro";

/** A server to be added; what servers.py says of each. */
export interface ServerSpec {
  readonly name: string;
  readonly project?: string;
  readonly status?: "ACTIVE" | "BUILD" | "ERROR" | "PAUSED" | "SHUTOFF" | "SUSPENDED";
  readonly metadata?: Readonly<Record<string, string>>;
  readonly flavor?: string;
  readonly zone?: string;
  readonly image?: string;
  readonly key?: string;
  readonly security_groups?: readonly string[];
  readonly addresses?: readonly { readonly network?: string; readonly address: string; readonly floating?: string }[];
}

/** A server that was added. */
export interface AddedServer {
  readonly id: string;
  readonly name: string;
  /** The project's id. */
  readonly project: string;
  readonly ports: readonly { readonly id: string; readonly security_groups: readonly string[] }[];
}

/** A running cloud: Keystone, Neutron in RegionOne and RegionTwo, Nova in RegionOne. Everything goes with stop(). */
export interface Cloud {
  readonly dir: string;
  /** The authority behind `secureAuthUrl`. */
  readonly caFile: string;
  /** Keystone by HTTPS. */
  readonly secureAuthUrl: string;
  /** The user's OS_* variables, of RegionOne. */
  environment(user: CloudUser): Record<string, string>;
  /** A clouds.yaml with the user's cloud, which is called as the user is. */
  cloudsYaml(user: CloudUser): string;
  /** The stock client's `openstack ARGUMENTS…`. It takes about a second. */
  openstack(args: readonly string[], user?: CloudUser): Promise<CommandResult>;
  /** The same with `-f json`, read; throws what the client said when it failed. */
  openstackJson(args: readonly string[], user?: CloudUser): Promise<unknown>;
  /** Writes servers with their ports, some seconds for any number of them. */
  addServers(servers: readonly ServerSpec[]): Promise<readonly AddedServer[]>;
  /** Puts everything back to the seed; takes five seconds. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** Why no cloud can run on this machine, as a sentence with the cure; undefined where it can. */
export async function cloudMissing(): Promise<string | undefined> {
  const lab = labMissing();
  if (lab !== undefined) return lab;
  const probe = await runAsRoot("sh", [SCRIPT, "probe"]);
  return probe.code === 0 ? undefined : probe.stderr.trim();
}

/** Starts a cloud of its own in a new directory; on a machine's first time the installation takes minutes. */
export async function startCloud(): Promise<Cloud> {
  const dir = mkdtempSync(join(tmpdir(), "latchkey-openstack-"));
  await mustRun(["start", dir]);
  return openCloud(dir);
}

/** The cloud that runs in a directory. */
function openCloud(dir: string): Cloud {
  const cloud: Cloud = {
    dir,
    caFile: join(dir, "ca.pem"),
    secureAuthUrl: readFileSync(join(dir, "secure-url"), "utf8").trim(),
    environment: (user) => readEnvironment(join(dir, `${user}.env`)),
    cloudsYaml: (user) => cloudsYaml(user, cloud.environment(user)),
    openstack: (args, user = "demo") => runAsRoot("sh", [SCRIPT, "client", dir, user, ...args]),
    openstackJson: async (args, user) => {
      const { code, stdout, stderr } = await cloud.openstack([...args, "-f", "json"], user);
      if (code !== 0) throw new Error(`openstack ${args.join(" ")}: ${stderr.trim()}`);
      return JSON.parse(stdout) as unknown;
    },
    addServers: async (servers) => {
      const added = await mustRun(["servers", dir], JSON.stringify(servers));
      return JSON.parse(added) as readonly AddedServer[];
    },
    reset: async () => void (await mustRun(["reset", dir])),
    stop: async () => void (await mustRun(["stop", dir])),
  };
  return cloud;
}

async function mustRun(args: readonly string[], input?: string): Promise<string> {
  const result = await runAsRoot("sh", [SCRIPT, ...args], input);
  if (result.code !== 0) throw new Error(`openstack.sh ${args.join(" ")}: ${result.stderr.trim()}`);
  return result.stdout;
}

function readEnvironment(path: string): Record<string, string> {
  const lines = readFileSync(path, "utf8").trim().split("\n");
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
}

function cloudsYaml(name: string, environment: Readonly<Record<string, string>>): string {
  return `clouds:
  ${name}:
    region_name: ${environment["OS_REGION_NAME"]}
    auth:
      auth_url: ${environment["OS_AUTH_URL"]}
      username: ${environment["OS_USERNAME"]}
      password: ${environment["OS_PASSWORD"]}
      project_name: ${environment["OS_PROJECT_NAME"]}
      user_domain_name: ${environment["OS_USER_DOMAIN_NAME"]}
      project_domain_name: ${environment["OS_PROJECT_DOMAIN_NAME"]}
`;
}
