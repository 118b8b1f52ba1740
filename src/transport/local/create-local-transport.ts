import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { userInfo } from "node:os";
import { kill } from "node:process";
import type { Failure } from "../../util/failure.ts";
import type { Result } from "../../util/result.ts";
import { err, ok } from "../../util/result.ts";
import type { Channel, ChannelEnd } from "../channel.ts";
import { HostConnection } from "../host-connection.ts";
import type { Transport } from "../transport.ts";

/** How long a process may take to close its streams after it ended, in milliseconds: children of it may hold them. */
const CLOSE_GRACE_MS = 200;

/** The way to this machine itself: `ansible_connection: local`. `shell` is another shell to be a session, for tests. */
export const createLocalTransport = (options: { readonly shell?: readonly string[] } = {}): Transport => ({
  connect: async (target, signal) => {
    if (signal.aborted) return err({ kind: "cancelled", message: `Cancelled for ${target.name}.` });
    const login = `${userInfo().username}@${target.name} (this machine)`;
    const children = new Set<Channel>();
    return ok(
      new HostConnection({
        login,
        shell: options.shell ?? ["/bin/sh"],
        connectTimeoutMs: target.connectTimeoutMs,
        start: async (words, { pty }) => {
          if (pty) return err(noTerminal(login, words[0] ?? ""));
          const started = await startProcess(words, login);
          if (started.ok) children.add(started.value);
          return started;
        },
        end: async () => {
          const all = Promise.all(Array.from(children, (child) => child.closed));
          await Promise.race([all, new Promise((resolve) => setTimeout(resolve, 1000).unref())]);
          for (const child of children) child.signal("KILL");
        },
      }),
    );
  },
  tryLogin: async ({ name }) => ({
    is: "unproven",
    failure: { kind: "module", message: `${name} is this machine: ${NO_LOGIN}` },
  }),
});

const NO_LOGIN = "its connection is local, and there is no login to try.";

const startProcess = (words: readonly string[], login: string): Promise<Result<Channel, Failure>> => {
  const [command = "", ...args] = words;
  // A session of its own (setsid), as sshd makes one: what belongs to a step is found by it.
  const child = spawn(command, args, { detached: true, stdio: ["pipe", "pipe", "pipe"] });
  return new Promise((resolve) => {
    child.once("error", (error) => {
      resolve(err({ kind: "sudo", message: `${login}: ${command} cannot be started: ${error.message}.` }));
    });
    child.once("spawn", () => resolve(ok(processChannel(child))));
  });
};

const processChannel = (child: ChildProcessWithoutNullStreams): Channel => {
  let over = false;
  const closed = new Promise<ChannelEnd>((resolve) => {
    const finish = (exitStatus: number | null, signal: string | null): void => {
      over = true;
      resolve({ ...(exitStatus !== null && { exitStatus }), ...(signal !== null && { signal }) });
    };
    child.once("exit", (status, signal) => setTimeout(() => finish(status, signal), CLOSE_GRACE_MS).unref());
    child.once("close", finish);
  });
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    merged: false,
    closed,
    signal: (name) => {
      if (over || child.pid === undefined) return;
      try {
        kill(-child.pid, `SIG${name}`);
      } catch {
        // The group is gone, or it belongs to somebody else since sudo.
      }
    },
    destroy: () => {
      child.stdin.end();
      child.stdout.destroy();
      child.stderr.destroy();
    },
  };
};

const noTerminal = (login: string, method: string): Failure => ({
  kind: "sudo",
  message: `${method} for ${login}: with a password it wants a terminal, and a local connection has none.`,
  hint: "Use sudo, or allow it without a password (`nopass` in doas.conf).",
});
