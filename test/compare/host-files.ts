import type { Lab } from "../lab/lab.ts";
import type { Outcome } from "./outcome.ts";
import type { Place } from "./place.ts";

/** What logging in leaves, whoever does it, and what Ansible needs for itself. */
const ofLogin =
  /^\w+ (?:\/var\/log|\/var\/lib\/sudo|\/run\/sudo|\/run\/utmp|\/run\/motd|\/root\/\.ansible|\/home\/debian\/\.(?:ansible|cache)|\/tmp\/ansible_|\/etc\/\w+-$)/;

/** They hold the accounts of the machine, too: of these only the lines that changed are compared. */
const accounts = /^\/etc\/(?:passwd|shadow|group|gshadow)$/;

/** Type, mode and owner of each path, and its content or a link's target, a line each. */
const look = `for p; do
  stat -c '%F %a %U %G' -- "$p" | tr ' \\n' '_ '
  if [ -L "$p" ]; then readlink -- "$p" | base64 -w 0; elif [ -f "$p" ]; then base64 -w 0 -- "$p"; fi
  echo
done`;

interface State {
  readonly kind: string;
  readonly content: string;
}

const statesOf = async (lab: Lab, host: string, paths: readonly string[]): Promise<readonly State[]> => {
  if (paths.length === 0) return [];
  const looked = await lab.exec(host, ["sh", "-c", look, "sh", ...paths]);
  const lines = looked.stdout.split("\n");
  return paths.map((_, index) => {
    const [kind = "", content = ""] = (lines[index] ?? "").split(" ");
    return { kind, content: Buffer.from(content, "base64").toString() };
  });
};

/** Lines that only one of two texts has: those gone, and those new. */
const changedLines = (before: string, after: string): string => {
  const [old, now] = [before.split("\n"), after.split("\n")];
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `-${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+${line}`),
  ].join("\n");
};

/** Days since 1970, of today and yesterday: a test may run over midnight. */
const today = (): RegExp => {
  const day = Math.floor(Date.now() / 86_400_000);
  return new RegExp(`^([-+][^:]*:[^:]*:)(?:${day}|${day - 1}):`, "gm");
};

/** Every file of a place's hosts that is not as it was; a host that nobody used shows how that had been. */
export async function hostFiles(place: Place, unused: string): Promise<Outcome["files"]> {
  const { lab, plain } = place;
  const files: Record<string, string> = {};
  for (const [host, own] of place.hosts) {
    const changed = (await lab.changed(own)).filter((line) => !ofLogin.test(line));
    for (const line of changed.filter((each) => each.startsWith("deleted "))) {
      files[`${host}:${plain(line.slice(8))}`] = "deleted";
    }
    const paths = changed.filter((line) => !line.startsWith("deleted ")).map((line) => line.replace(/^\w+ /, ""));
    const states = await statesOf(lab, own, paths);
    const shared = paths.filter((path) => accounts.test(path));
    const before = await statesOf(lab, unused, shared);
    for (const [index, path] of paths.entries()) {
      const { kind, content } = states[index] ?? { kind: "", content: "" };
      const old = before[shared.indexOf(path)];
      const told = old === undefined ? content : changedLines(old.content, content).replace(today(), "$1TODAY:");
      files[`${host}:${plain(path)}`] = `${kind} ${JSON.stringify(plain(told))}`;
    }
  }
  return files;
}
