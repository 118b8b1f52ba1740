import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A real OpenSSH server of a test, on a port of 127.0.0.1, with a directory of its own. */
export interface Sshd {
  readonly port: number;
  readonly directory: string;
  /** Public host keys by type, as `ssh-keygen` wrote them. */
  readonly hostKeys: Readonly<Record<"ed25519" | "ecdsa" | "rsa", string>>;
  /** Lines of known_hosts for the ed25519 key. */
  readonly knownHosts: string;
  /** What it logged. */
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

/** Whether the tests with a real server can run here: sshd is there, and we may start it. */
export const canRunSshd = existsSync("/usr/sbin/sshd") && process.getuid?.() === 0;

/** Writes a key pair with ssh-keygen; gives the path of the private half. */
export const makeKey = (directory: string, name: string, options: readonly string[]): string => {
  const path = join(directory, name);
  execFileSync("ssh-keygen", ["-q", "-C", name, "-f", path, ...options], { stdio: "ignore" });
  return path;
};

/**
 * Starts sshd with additional lines of configuration; `authorized` are public key lines for every user. With `prepare`
 * it has an /etc of its own, which that shell text may change: accounts of a test are nobody else's.
 */
export const startSshd = async (
  authorized: readonly string[],
  config: readonly string[] = [],
  prepare?: string,
): Promise<Sshd> => {
  const directory = mkdtempSync(join(tmpdir(), "latchkey-sshd-"));
  // Other accounts than the one that runs the tests read their authorized_keys here.
  chmodSync(directory, 0o711);
  const hostKey = (type: string): string =>
    makeKey(directory, `host_${type}`, ["-t", type, "-N", "", ...(type === "rsa" ? ["-b", "2048"] : [])]);
  const keys = { ed25519: hostKey("ed25519"), ecdsa: hostKey("ecdsa"), rsa: hostKey("rsa") };
  const publicHalf = (path: string): string => readFileSync(`${path}.pub`, "utf8").split(" ").slice(0, 2).join(" ");
  const hostKeys = { ed25519: publicHalf(keys.ed25519), ecdsa: publicHalf(keys.ecdsa), rsa: publicHalf(keys.rsa) };
  const port = await freePort();
  writeFileSync(join(directory, "authorized_keys"), authorized.map((line) => `${line}\n`).join(""));
  const lines = [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    ...Object.values(keys).map((path) => `HostKey ${path}`),
    `AuthorizedKeysFile ${join(directory, "authorized_keys")}`,
    `PidFile ${join(directory, "pid")}`,
    ...config,
    "StrictModes no",
    "UsePAM no",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "PermitRootLogin yes",
    "LogLevel VERBOSE",
    // The start-up files of whoever runs the tests are none of theirs.
    `SetEnv HOME=${directory}`,
  ];
  writeFileSync(join(directory, "sshd_config"), `${lines.join("\n")}\n`);
  mkdirSync("/run/sshd", { recursive: true });
  const logFile = join(directory, "log");
  const words = ["/usr/sbin/sshd", "-D", "-E", logFile, "-f", join(directory, "sshd_config")];
  const [command = "", ...args] = prepare === undefined ? words : inOwnEtc(directory, prepare, words);
  const server = spawn(command, args, { stdio: "ignore" });
  await untilListening(server, port, () => (existsSync(logFile) ? readFileSync(logFile, "utf8") : ""));
  return {
    port,
    directory,
    hostKeys,
    knownHosts: `[127.0.0.1]:${port} ${hostKeys.ed25519}\n`,
    log: () => readFileSync(logFile, "utf8"),
    stop: async () => {
      const gone = new Promise((resolve) => server.once("exit", resolve));
      if (server.exitCode === null && server.kill()) await gone;
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

/** A mount namespace in which /etc is a copy: nothing of it leaks out. */
const inOwnEtc = (directory: string, prepare: string, words: readonly string[]): string[] => {
  const script = `set -e; cp -a /etc "$0/etc"; mount --bind "$0/etc" /etc; exec 3>&1 >"$0/prepare" 2>&1; ${prepare}\nexec "$@"`;
  return ["unshare", "-m", "--propagation", "private", "sh", "-c", script, directory, ...words];
};

/** A port of 127.0.0.1 on which nothing listens. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });

const untilListening = async (server: ChildProcess, port: number, log: () => string): Promise<void> => {
  const deadline = Date.now() + 30_000;
  while (!(await answers(port))) {
    if (server.exitCode !== null || Date.now() > deadline) throw new Error(`sshd did not start: ${log()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("data", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
