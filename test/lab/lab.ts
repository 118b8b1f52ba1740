import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The path of lab.sh. */
export const LAB_SCRIPT = fileURLToPath(new URL("lab.sh", import.meta.url));

/** What a command wrote and how it ended; code is null when a signal ended it. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One throw-away host; its sshd listens on port of its address. */
interface LabHost {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

/** How a lab is to be; what lab.sh's options of the same names mean. */
export interface LabOptions {
  readonly hosts: number;
  readonly user?: string;
  readonly userSudo?: "nopasswd" | "password" | "none";
  /** Another root file system: a directory, or a Debian suite such as "bookworm". */
  readonly base?: string;
  readonly mode?: "auto" | "namespaces" | "chroots";
  /** Process 1 of each host. */
  readonly init?: "sshd" | "systemd";
}

/** Who logs in, and with which private key; the lab's own account unless said. */
interface LoginOptions {
  readonly user?: string;
  readonly key?: string;
  readonly options?: readonly string[];
}

/** A running lab. Everything that it made goes with stop(). */
export interface Lab {
  readonly dir: string;
  /** "chroots" where the machine permits no namespaces: processes and network are then shared. */
  readonly mode: "namespaces" | "chroots";
  readonly hosts: readonly LabHost[];
  /** An inventory in Ansible's INI format; key and known_hosts included. */
  readonly inventory: string;
  readonly key: string;
  readonly knownHosts: string;
  /** The address from which the hosts see this machine's connections. */
  readonly controller: string;
  /** The login account's password where userSudo is "password". */
  readonly becomePassword: string | undefined;
  /** Runs a command inside the host as its root, past sshd. */
  exec(host: string, command: readonly string[]): Promise<CommandResult>;
  /** Runs a command by the system's own ssh; its code is 255 when no login was possible. */
  ssh(host: string, command: string, login?: LoginOptions): Promise<CommandResult>;
  /** Remembers the files of every host as they are now. */
  mark(): Promise<void>;
  /** The files that differ since the mark, such as "added /etc/x"; the mark of a fresh lab is its start. */
  changed(host: string, options?: { readonly touched: boolean }): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Why no lab can run on this machine, as a sentence with the cure; undefined where it can. */
export function labMissing(): string | undefined {
  if (process.platform !== "linux") return "the lab needs Linux";
  const paths = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];
  for (const command of ["sshd", "ssh", "sudo"]) {
    const found = spawnSync("sh", ["-c", `command -v ${command}`], {
      env: { ...process.env, PATH: `${process.env["PATH"] ?? ""}:${paths.join(":")}` },
    });
    if (found.status !== 0) return `the lab needs ${command}: apt-get install openssh-server openssh-client sudo`;
  }
  if (isRoot() || spawnSync("sudo", ["-n", "true"]).status === 0) return undefined;
  return "the lab needs root, or an account that may use sudo without a password prompt now (sudo -v)";
}

/** Why no host can be booted by systemd on this machine; undefined where it can. */
export function systemdMissing(): string | undefined {
  const labs = labMissing();
  if (labs !== undefined) return labs;
  const dir = mkdtempSync(join(tmpdir(), "latchkey-lab-"));
  const [command, ...args] = [...(isRoot() ? [] : ["sudo", "-n"]), "sh", LAB_SCRIPT, "probe", dir];
  const probe = spawnSync(command ?? "", args, { encoding: "utf8" });
  rmSync(dir, { recursive: true });
  return probe.status === 0 ? undefined : (probe.stdout + probe.stderr).trim().split("\n")[0];
}

/** Starts a lab in a directory of its own; throws with what lab.sh said when it cannot. */
export async function startLab(options: LabOptions): Promise<Lab> {
  const dir = mkdtempSync(join(tmpdir(), "latchkey-lab-"));
  const up = await runScript(["up", dir, String(options.hosts), ...scriptOptions(options)]);
  if (up.code !== 0) throw new Error(`lab.sh up: ${up.stderr.trim()}`);
  return openLab(dir);
}

/** The lab that is up in a directory. */
function openLab(dir: string): Lab {
  const environment = readEnvironment(join(dir, "lab.env"));
  const hosts = readHosts(join(dir, "inventory.ini"), Number(environment.get("LAB_PORT")));
  const lab: Lab = {
    dir,
    mode: environment.get("LAB_MODE") === "chroots" ? "chroots" : "namespaces",
    hosts,
    inventory: join(dir, "inventory.ini"),
    key: join(dir, "id_ed25519"),
    knownHosts: join(dir, "known_hosts"),
    controller: environment.get("LAB_CONTROLLER") ?? "",
    becomePassword: environment.get("LAB_SUDO") === "password" ? readPassword(dir) : undefined,
    exec: (host, command) => runScript(["exec", dir, host, "--", ...command]),
    ssh: (host, command, login = {}) => run("ssh", [...sshArguments(lab, host, login), command]),
    mark: async () => void (await mustRun(["mark", dir])),
    changed: async (host, { touched } = { touched: false }) => {
      const listed = await mustRun(["changed", dir, host, ...(touched ? ["--touched"] : [])]);
      return listed.stdout.split("\n").filter((line) => line !== "");
    },
    stop: async () => void (await mustRun(["down", dir])),
  };
  return lab;

  function sshArguments(of: Lab, name: string, login: LoginOptions): readonly string[] {
    const host = of.hosts.find((each) => each.name === name);
    if (host === undefined) throw new Error(`no host ${name} in ${dir}`);
    const given = ["BatchMode=yes", "IdentitiesOnly=yes", "IdentityAgent=none", "StrictHostKeyChecking=yes"];
    const options = [...given, `UserKnownHostsFile=${of.knownHosts}`].flatMap((each) => ["-o", each]);
    const user = login.user ?? environment.get("LAB_USER") ?? "";
    const key = login.key ?? of.key;
    const port = String(host.port);
    return ["-F", "none", "-n", "-p", port, "-i", key, ...options, ...(login.options ?? []), `${user}@${host.address}`];
  }
}

function scriptOptions(options: LabOptions): readonly string[] {
  const given: readonly [string, string | undefined][] = [
    ["--user", options.user],
    ["--user-sudo", options.userSudo],
    ["--base", options.base],
    ["--mode", options.mode],
    ["--init", options.init],
  ];
  return given.flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
}

function readEnvironment(path: string): ReadonlyMap<string, string> {
  const lines = readFileSync(path, "utf8").split("\n");
  return new Map(
    lines.flatMap((line) => {
      const at = line.indexOf("=");
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
    }),
  );
}

function readHosts(path: string, port: number): readonly LabHost[] {
  const matches = readFileSync(path, "utf8").matchAll(/^(vm\d+) ansible_host=(\S+)$/gm);
  return [...matches].map(([, name = "", address = ""]) => ({ name, address, port }));
}

function readPassword(dir: string): string {
  return readFileSync(join(dir, "become_password"), "utf8").trim();
}

async function mustRun(args: readonly string[]): Promise<CommandResult> {
  const result = await runScript(args);
  if (result.code !== 0) throw new Error(`lab.sh ${args.join(" ")}: ${result.stderr.trim()}`);
  return result;
}

function runScript(args: readonly string[]): Promise<CommandResult> {
  return runAsRoot("sh", [LAB_SCRIPT, ...args]);
}

/** Runs a command as root on this machine: directly, or by sudo without a prompt. */
export function runAsRoot(command: string, args: readonly string[], input?: string): Promise<CommandResult> {
  return isRoot() ? run(command, args, input) : run("sudo", ["-n", command, ...args], input);
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function run(command: string, args: readonly string[], input?: string): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = execFile(
      command,
      [...args],
      { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        // A command that was not there at all has no exit code and no output: its error says why.
        const missing = error !== null && child.pid === undefined ? error.message : "";
        resolve({ code: child.exitCode, stdout, stderr: stderr + missing });
      },
    );
    if (input !== undefined) child.stdin?.end(input);
  });
}
