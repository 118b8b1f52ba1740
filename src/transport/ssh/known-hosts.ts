import { appendFileSync, closeSync, mkdirSync, openSync, readSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { type KnownHostsLine, lineMatches, parseKnownHostsLine } from "./known-hosts-line.ts";

/** What the files say about one key of one host. */
export interface KnownHostsAnswer {
  /** Lines about the host that hold exactly this key. */
  readonly same: readonly KnownHostsLine[];
  /** Lines about the host that hold another key. */
  readonly other: readonly KnownHostsLine[];
}

/** The known_hosts files of a run: each is read once, however many hosts ask. */
export class KnownHosts {
  readonly #files = new Map<string, Promise<KnownHostsFile>>();

  /** Reads the files that were not read yet. A file that does not exist is empty. */
  async load(paths: readonly string[]): Promise<readonly KnownHostsFile[]> {
    return Promise.all(
      paths.map((path) => {
        const file = this.#files.get(path) ?? KnownHostsFile.read(path);
        this.#files.set(path, file);
        return file;
      }),
    );
  }
}

/** One file, in memory, indexed so that a fleet of thousands costs no scan a host. */
export class KnownHostsFile {
  readonly path: string;
  /** Set when the file is there and cannot be read. */
  readonly unreadable: string | undefined;
  readonly #byName = new Map<string, KnownHostsLine[]>();
  readonly #byKey = new Map<string, KnownHostsLine[]>();
  /** Lines with wildcards or negations. */
  readonly #patterns: KnownHostsLine[] = [];
  readonly #hashed: KnownHostsLine[] = [];
  #lineCount = 0;

  private constructor(path: string, text: string, unreadable?: string) {
    this.path = path;
    this.unreadable = unreadable;
    const lines = text.split("\n");
    if (lines.at(-1) === "") lines.pop();
    for (const line of lines) this.#add(line);
  }

  static async read(path: string): Promise<KnownHostsFile> {
    try {
      return new KnownHostsFile(path, await readFile(path, "utf8"));
    } catch (error) {
      const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
      return new KnownHostsFile(path, "", isMissing ? undefined : String(error));
    }
  }

  /** Types of the host's keys, from the lines that can be found without trying every hash. */
  indexedTypes(name: string): readonly string[] {
    const lines = [
      ...(this.#byName.get(name) ?? []),
      ...this.#patterns.filter((line) => lineMatches(line.names, name)),
    ];
    return lines.filter((line) => line.marker === "key").map((line) => line.keyType);
  }

  /** The lines about the host that hold this key: a look at a few lines. */
  linesWithKey(name: string, key: string): readonly KnownHostsLine[] {
    return (this.#byKey.get(key) ?? []).filter((line) => lineMatches(line.names, name));
  }

  /** All lines about the host: every hashed line has to be tried. */
  linesAbout(name: string): readonly KnownHostsLine[] {
    const searched = [...this.#patterns, ...this.#hashed].filter((line) => lineMatches(line.names, name));
    return [...(this.#byName.get(name) ?? []), ...searched].toSorted((a, b) => a.line - b.line);
  }

  /**
   * Writes a line to the end of the file, in one write, so that parallel runs do not tear each other's.
   * @throws as node:fs does.
   */
  append(line: string): void {
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    const glue = endsWithNewline(this.path) ? "" : "\n";
    appendFileSync(this.path, `${glue}${line}\n`, { mode: 0o600 });
    this.#add(line);
  }

  #add(text: string): void {
    const line = parseKnownHostsLine(text, this.path, ++this.#lineCount);
    if (line === undefined) return;
    push(this.#byKey, line.key, line);
    if (line.names.is === "hashed") this.#hashed.push(line);
    else if (line.names.patterns.some((pattern) => /[*?!]/.test(pattern))) this.#patterns.push(line);
    else for (const name of new Set(line.names.patterns)) push(this.#byName, name, line);
  }
}

const push = (map: Map<string, KnownHostsLine[]>, key: string, line: KnownHostsLine): void => {
  const lines = map.get(key);
  if (lines === undefined) map.set(key, [line]);
  else lines.push(line);
};

const endsWithNewline = (path: string): boolean => {
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch {
    return true;
  }
  try {
    const { size } = statSync(path);
    const last = Buffer.alloc(1);
    return size === 0 || (readSync(fd, last, 0, 1, size - 1) === 1 && last[0] === 0x0a);
  } finally {
    closeSync(fd);
  }
};
