import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { err, ok, type Result } from "../util/result.ts";
import { matchesGlob, matchesList } from "../util/ssh-patterns.ts";
import { type Place, strangeIn, withTokens } from "./ssh-tokens.ts";
import { splitShellWords } from "./shell-words.ts";
import { isSshOption, readSshOption, type SshArguments } from "./ssh-args.ts";

/** What ssh's configuration says of one host. */
export interface SshHostConfig extends SshArguments {
  /** Its real name or address. */
  hostName?: string;
  identityFiles: string[];
  identitiesOnly?: boolean;
}

/** One line of a file: `Host`, `Match`, `Include` or an option. */
interface Line {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
  /** `file:line`, for messages. */
  readonly place: string;
}

/** Whom a question is about. */
interface Asked {
  readonly host: string;
  readonly user: string | undefined;
}

/** How deep files may include others, as in OpenSSH. */
const DEEPEST = 16;

/** How long a command of `Match exec` may take, in milliseconds. */
const LONGEST_EXEC_MS = 10_000;

const userFile = (): string => join(homedir(), ".ssh", "config");
const systemFile = "/etc/ssh/ssh_config";

/**
 * ssh's configuration, ssh_config(5): the first value of an option wins, files are read once. Obeyed are the options that
 * arguments for ssh may have, HostName, IdentitiesOnly, Include, Host and Match; other options are not looked at.
 */
export class SshConfig {
  readonly #files = new Map<string, Result<readonly Line[], string>>();
  readonly #commands = new Map<string, boolean>();
  #isSilent: boolean | undefined;

  /** Whether the usual files say nothing that is obeyed, of any host. */
  get isSilent(): boolean {
    this.#isSilent ??= [userFile(), systemFile].every((path) => this.#isSilentIn(path, 0));
    return this.#isSilent;
  }

  #isSilentIn(path: string, depth: number): boolean {
    const lines = this.#read(path, false);
    if (!lines.ok || depth > DEEPEST) return false;
    return lines.value.every(({ name, value }) =>
      name === "include"
        ? filesOf(value, path).every((included) => this.#isSilentIn(included, depth + 1))
        : !ownOptions.has(name) && !isSshOption(name),
    );
  }

  /** What it says of a host, as the user names it; `file` stands for the usual two, `none` for none. The error has a place. */
  of(asked: Asked, file?: string): Result<SshHostConfig, string> {
    if (file?.toLowerCase() === "none" || (file === undefined && this.isSilent)) return ok({ identityFiles: [] });
    const found: SshHostConfig = { identityFiles: [] };
    const files = file === undefined ? [userFile(), systemFile] : [expandTilde(file)];
    // Sections of `Match final` are looked at when everything else is known.
    for (const isFinal of [false, true]) {
      const walk: Walk = { ...asked, found, isFinal, usesFinal: false };
      for (const path of files) {
        const problem = this.#walk({ path, isRequired: file !== undefined, depth: 0 }, true, walk);
        if (problem !== undefined) return err(problem);
      }
      if (!walk.usesFinal) break;
    }
    return ok(found);
  }

  #walk(
    { path, isRequired, depth }: { readonly path: string; readonly isRequired: boolean; readonly depth: number },
    isIncluded: boolean,
    walk: Walk,
  ): string | undefined {
    const lines = this.#read(path, isRequired);
    if (!lines.ok) return lines.error;
    let isActive = isIncluded;
    for (const { name, value, place } of lines.value) {
      if (name === "host" || name === "match") {
        const applies = name === "host" ? ok(isAbout(value, walk.host)) : this.#matches(value, walk);
        if (!applies.ok) return `${place}: ${applies.error}`;
        isActive = isIncluded && applies.value;
      } else if (isActive && name === "include") {
        if (depth === DEEPEST) return `${place}: files include each other more than ${DEEPEST} deep`;
        for (const included of filesOf(value, path)) {
          const problem = this.#walk({ path: included, isRequired: false, depth: depth + 1 }, true, walk);
          if (problem !== undefined) return problem;
        }
      } else if (isActive) {
        const problem = take(walk, name, value);
        if (problem !== undefined) return `${place}: ${problem}`;
      }
    }
    return undefined;
  }

  /** `Match`: criteria that all have to hold. */
  #matches(value: string, walk: Walk): Result<boolean, string> {
    const { host, found } = walk;
    const user = walk.user ?? found.user ?? userInfo().username;
    const rest = words(value);
    for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
      const isNegated = word.startsWith("!");
      const [name = "", glued] = word.replace(/^!/, "").split("=");
      const criterion = name.toLowerCase();
      if (criterion === "final") walk.usesFinal = true;
      const flag = new Map([
        ["all", true],
        ["final", walk.isFinal],
        // Names are never made canonical here.
        ["canonical", false],
      ]).get(criterion);
      const subject = new Map([
        ["host", found.hostName ?? host],
        ["originalhost", host],
        ["user", user],
        ["localuser", userInfo().username],
      ]).get(criterion);
      const argument = (): string => glued ?? rest.shift() ?? "";
      let holds: boolean;
      if (flag !== undefined) holds = flag;
      else if (subject !== undefined) holds = matchesList(argument(), fits(subject));
      else if (criterion === "exec") {
        const place = { name: host, address: found.hostName ?? host, port: found.port ?? 22, user };
        holds = this.#succeeds(argument(), place);
      } else return err(`Match ${criterion} is not supported here`);
      if (holds === isNegated) return ok(false);
    }
    return ok(true);
  }

  /** A command of the user's own configuration is run by the shell, as ssh runs it; once, however many hosts ask. */
  #succeeds(written: string, place: Place): boolean {
    if (strangeIn(place) !== undefined) return false;
    const command = withTokens(written, place);
    const known = this.#commands.get(command);
    if (known !== undefined) return known;
    const { status } = spawnSync("/bin/sh", ["-c", command], { stdio: "ignore", timeout: LONGEST_EXEC_MS });
    this.#commands.set(command, status === 0);
    return status === 0;
  }

  #read(path: string, isRequired: boolean): Result<readonly Line[], string> {
    const known = this.#files.get(path) ?? readLines(path, isRequired);
    this.#files.set(path, known);
    return known;
  }
}

interface Walk extends Asked {
  readonly found: SshHostConfig;
  readonly isFinal: boolean;
  usesFinal: boolean;
}

const readLines = (path: string, isRequired: boolean): Result<readonly Line[], string> => {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
    // Whose it is does not count: under sudo the home is that of somebody else.
    if (path.startsWith(dirname(userFile())) && (statSync(path).mode & 0o022) !== 0) {
      return err(`${path}: others may write it, and ssh refuses it: chmod go-w '${path}'`);
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (!isRequired && (code === "ENOENT" || code === "EACCES")) return ok([]);
    return err(`${path}: ${code === "ENOENT" ? "there is no such file" : String(error)}`);
  }
  return ok(
    text.split(/\r?\n/).flatMap((line, index): readonly Line[] => {
      const [, name, value = ""] = /^\s*([A-Za-z0-9]+)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(line) ?? [];
      return name === undefined ? [] : [{ name: name.toLowerCase(), value, place: `${path}:${index + 1}` }];
    }),
  );
};

/** `Host`: patterns with blanks between; one that fits behind a `!` decides. */
const isAbout = (value: string, host: string): boolean => matchesList(words(value).join(","), fits(host));

const fits =
  (text: string) =>
  (pattern: string): boolean =>
    matchesGlob(text.toLowerCase(), pattern.toLowerCase());

/** Options that arguments of ssh cannot have, or that have another meaning there. */
const ownOptions = new Set(["hostname", "identityfile", "identitiesonly"]);

/** Takes an option's value, where it is the first one. What arguments of ssh may not ask for is left alone. */
const take = ({ found, host }: Walk, name: string, value: string): string | undefined => {
  const [word = ""] = words(value);
  switch (name) {
    case "hostname":
      found.hostName ??= word.replaceAll("%h", host).replaceAll("%%", "%");
      return undefined;
    case "identityfile":
      // A second pass comes by again.
      if (word.toLowerCase() !== "none" && !found.identityFiles.includes(word)) found.identityFiles.push(word);
      return undefined;
    case "identitiesonly":
      found.identitiesOnly ??= word.toLowerCase() === "yes";
      return undefined;
    case "proxycommand":
      return readSshOption(found, name, value);
    default: {
      const problem = readSshOption(found, name, words(value).join(" "));
      return problem === "unknown" ? undefined : problem;
    }
  }
};

const words = (value: string): string[] => {
  const split = splitShellWords(value);
  return split.ok ? split.value.words.map(({ text }) => text) : value.split(/\s+/);
};

/** The files of `Include`, in order; relative ones are beside the user's file, or the system's. */
const filesOf = (value: string, from: string): readonly string[] => {
  const folder = from.startsWith("/etc/ssh/") ? "/etc/ssh" : dirname(userFile());
  return words(value).flatMap((word) => {
    const path = expandTilde(word);
    return filesLike(isAbsolute(path) ? path : join(folder, path));
  });
};

const filesLike = (path: string): readonly string[] =>
  path.split("/").reduce<readonly string[]>(
    (folders, part) =>
      /[*?]/.test(part)
        ? folders.flatMap((folder) =>
            namesIn(folder === "" ? "/" : folder)
              .filter((name) => matchesGlob(name, part) && !name.startsWith("."))
              .map((name) => `${folder}/${name}`),
          )
        : folders.map((folder) => (folder === "" && part === "" ? "" : `${folder}/${part}`)),
    [""],
  );

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
};

const expandTilde = (path: string): string =>
  path === "~" || path.startsWith("~/") ? homedir() + path.slice(1) : path;
