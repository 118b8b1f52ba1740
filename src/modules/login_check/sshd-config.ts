import { matchesGlob, matchesList } from "../../util/ssh-patterns.ts";
import { matchesAddress, type Visitor } from "./match-pattern.ts";

/** What `sshd -T` says: the values of each setting, lower case names, one entry a line. */
export type Settings = ReadonlyMap<string, readonly string[]>;

/** Reads what `sshd -T` printed. */
export const parseSettings = (text: string): Settings => {
  const settings = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const [, name = "", value = ""] = /^([a-z0-9]+) ?(.*)$/.exec(line) ?? [];
    if (name !== "") settings.set(name, [...(settings.get(name) ?? []), value]);
  }
  return settings;
};

/** One line of the configuration. */
export interface Directive {
  readonly file: string;
  readonly line: number;
  /** Lower case. */
  readonly name: string;
  readonly words: readonly string[];
  /** The words of the Match lines that it stands under; none for what is said of everybody. */
  readonly under: readonly (readonly string[])[];
}

/** Which files were open when a line was read: each has its own Match, which ends with it. */
interface OpenFile {
  readonly path: string;
  readonly around: readonly (readonly string[])[];
  match: readonly string[] | undefined;
}

/**
 * Reads the configuration as the body sends it: `file PATH`, `line NUMBER TEXT` and `end`, included files where their
 * Include stands.
 */
export const parseConfig = (sent: string): readonly Directive[] => {
  const directives: Directive[] = [];
  const open: OpenFile[] = [];
  for (const record of sent.split("\n")) {
    const [, kind, rest = ""] = /^(file|line|end) ?(.*)$/s.exec(record) ?? [];
    const current = open.at(-1);
    if (kind === "file")
      open.push({ path: rest, around: current === undefined ? [] : around(current), match: undefined });
    if (kind === "end") open.pop();
    if (kind !== "line" || current === undefined) continue;
    const [, line = "0", text = ""] = /^(\d+) (.*)$/s.exec(rest) ?? [];
    const [, name = "", value = ""] = /^([A-Za-z0-9]+)(?:[\s=]+(.*))?$/s.exec(text) ?? [];
    const words = splitWords(value);
    if (name.toLowerCase() === "match") current.match = words;
    directives.push({
      file: current.path,
      line: Number(line),
      name: name.toLowerCase(),
      words,
      under: around(current),
    });
  }
  return directives;
};

const around = ({ around: outer, match }: OpenFile): readonly (readonly string[])[] =>
  match === undefined ? outer : [...outer, match];

const splitWords = (text: string): readonly string[] => {
  const words: string[] = [];
  for (const [, quoted, plain = ""] of text.matchAll(/"((?:\\"|[^"])*)"|([^\s"]+)/g)) {
    if (plain.startsWith("#")) break;
    words.push(quoted ?? plain);
  }
  return words;
};

/** Whether a Match line is about somebody; undefined where that cannot be told from here. */
export const matchApplies = (words: readonly string[], visitor: Visitor): boolean | undefined => {
  const parts = words.flatMap((word) => word.split("="));
  let answer: boolean | undefined = true;
  for (let index = 0; index < parts.length; index += 2) {
    const [name = "", list = ""] = parts.slice(index);
    if (name.toLowerCase() === "all") return true;
    const holds = criterion(name.toLowerCase(), list, visitor);
    if (holds === false) return false;
    answer = holds === undefined ? undefined : answer;
  }
  return answer;
};

const criterion = (name: string, list: string, visitor: Visitor): boolean | undefined => {
  switch (name) {
    case "user":
      return matchesList(list, (pattern) => matchesGlob(visitor.user, pattern));
    case "group":
      return visitor.groups.some((group) => matchesList(list, (pattern) => matchesGlob(group, pattern)));
    case "host":
    case "address":
      return matchesList(list, (pattern) => matchesAddress(visitor.address, pattern));
    default:
      return undefined;
  }
};

/** The line that gives a setting its value. */
export interface Wanted {
  readonly name: string;
  /** The value that sshd says, or where a list has many lines, which of them is meant. */
  readonly value: string | ((words: readonly string[]) => boolean);
}

/**
 * The line that a setting comes from: of Match blocks about this visitor the first, else the first that is said of
 * everybody; undefined where none of them says what sshd says (a default, or a command line).
 */
export const originOf = (
  directives: readonly Directive[],
  visitor: Visitor,
  { name, value }: Wanted,
): Directive | undefined => {
  const fits = typeof value === "function" ? value : (words: readonly string[]) => sameText(words.join(" "), value);
  const all = directives.filter((each) => each.name === name);
  const scoped = all.filter(
    ({ under }) => under.length > 0 && under.every((words) => matchApplies(words, visitor) !== false),
  );
  const candidates = [...scoped, ...all.filter(({ under }) => under.length === 0)];
  return candidates.find(({ words }) => fits(words)) ?? (candidates.length === 1 ? candidates[0] : undefined);
};

const sameText = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
