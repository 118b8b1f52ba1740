/** One thing that the host saw. */
export interface FoundFile {
  readonly path: string;
  /** How many levels it is below the directory that was searched. */
  readonly depth: number;
  /** With the bits for the type. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly nlink: number;
  readonly inode: number;
  readonly dev: number;
  readonly atime: number;
  readonly mtime: number;
  readonly ctime: number;
  /** Empty where the number has no name. */
  readonly owner: string;
  readonly group: string;
}

/** What the host saw. */
export interface Found {
  /** For each directory that was searched. */
  readonly files: readonly (readonly FoundFile[])[];
  readonly examined: number;
  readonly checksums: ReadonlyMap<string, string>;
  /** Why a path was not searched. */
  readonly skipped: ReadonlyMap<string, string>;
}

/** Reads the chunks that the body writes (find.sh). */
export const readFound = (text: string): Found => {
  const files: FoundFile[][] = [];
  const checksums = new Map<string, string>();
  const skipped = new Map<string, string>();
  let examined = 0;
  let base = "";
  for (const chunk of text.split("//").slice(1)) {
    const rest = chunk.slice(1);
    switch (chunk.charAt(0)) {
      case "=":
        base = rest === "" ? "" : `/${rest}`;
        files.push([]);
        break;
      case "-":
        skipped.set(rest, `'${rest}' is not a directory`);
        break;
      case ":": {
        const file = readRecord(rest, base);
        if (file !== undefined) files.at(-1)?.push(file);
        break;
      }
      case "+":
        for (const [, sum = "", path = ""] of rest.matchAll(/^([\da-f]+) [ *](.*)$/gm)) checksums.set(path, sum);
        break;
      case "%":
        checksums.set(rest.slice(rest.indexOf(" ") + 1), rest.slice(0, rest.indexOf(" ")));
        break;
      case "!":
        for (const [path, reason] of readProblems(rest, base || "/")) skipped.set(path, reason);
        break;
      default:
        examined += Number(chunk);
    }
  }
  return { files, examined, checksums, skipped };
};

const readRecord = (text: string, base: string): FoundFile | undefined => {
  const [, mode, numbers, owner, group, path] =
    /^([\da-f]+):((?:[\d.-]+:){9})([^:]*):([^:]*):(.*)\n$/s.exec(text) ?? [];
  if (mode === undefined || numbers === undefined || path === undefined) return undefined;
  const [uid = 0, gid = 0, size = 0, nlink = 0, inode = 0, dev = 0, atime = 0, mtime = 0, ctime = 0] = numbers
    .split(":")
    .map(Number);
  return {
    path,
    depth: path.slice(base.length).split("/").length - 1,
    mode: Number.parseInt(mode, 16),
    uid,
    gid,
    size,
    nlink,
    inode,
    dev,
    atime,
    mtime,
    ctime,
    owner: named(owner),
    group: named(group),
  };
};

/** What stat says where the number has no name. */
const named = (name = ""): string => (name === "UNKNOWN" ? "" : name);

/** What find could not look at: GNU's quotes the path, BusyBox's does not. Other commands tell of files that went away. */
function* readProblems(text: string, base: string): Generator<readonly [string, string]> {
  for (const [, problem = ""] of text.matchAll(/^find: (.*)$/gm)) {
    if (problem.startsWith("File system loop detected;")) continue;
    const [, path = base, reason = problem] = /^'?(\/.*?)'?: ([^:]*)$/.exec(problem) ?? [];
    if (reason !== "No such file or directory") yield [path, reason];
  }
}
