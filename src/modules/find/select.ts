import type { FieldValue } from "../../shell/program.ts";
import type { Bound, Criteria } from "./criteria.ts";
import type { Found, FoundFile } from "./read-found.ts";

type Fields = Readonly<Record<string, FieldValue>>;

/** The character for bytes that are not UTF-8. */
const notText = "\uFFFD";

/** Chooses what is wanted of all that the host saw, and tells it in Ansible's keys; `now` is the host's clock. */
export const select = (found: Found, criteria: Criteria, now: number): Fields => {
  const matching = found.files.flatMap((files) =>
    files.filter((file) => matches(file, criteria, now)).toSorted(fromTop),
  );
  const skipped = new Map(found.skipped);
  for (const { path } of matching.filter((file) => file.path.includes(notText))) {
    skipped.set(path, "its name is not UTF-8");
  }
  const files = matching
    .filter(({ path }) => !path.includes(notText))
    .slice(0, criteria.limit)
    .map((file) => describe(file, found.checksums.get(file.path)));
  return {
    files,
    matched: files.length,
    examined: found.examined,
    skipped_paths: Object.fromEntries(skipped),
    ...(skipped.size === 0
      ? {}
      : {
          warnings: [...skipped].map(([path, reason]) => `Skipped '${path}' path due to this access issue: ${reason}`),
        }),
    msg: skipped.size === 0 ? "All paths examined" : "Not all paths examined, check warnings for details",
  };
};

const fromTop = (a: FoundFile, b: FoundFile): number => {
  if (a.depth !== b.depth) return a.depth - b.depth;
  return a.path < b.path ? -1 : Number(a.path > b.path);
};

const typeBits = {
  isfifo: 0o01,
  ischr: 0o02,
  isdir: 0o04,
  isblk: 0o06,
  isreg: 0o10,
  islnk: 0o12,
  issock: 0o14,
};
const wantedType = { file: typeBits.isreg, directory: typeBits.isdir, link: typeBits.islnk };

const typeOf = (file: FoundFile): number => Math.floor(file.mode / 0o1_0000);

const matches = (file: FoundFile, criteria: Criteria, now: number): boolean => {
  const { type, age, size, mode } = criteria;
  const isFile = typeOf(file) === typeBits.isreg;
  const permissions = file.mode % 0o1_0000;
  return (
    (type === "any" || typeOf(file) === wantedType[type]) &&
    nameMatches(file.path.slice(file.path.lastIndexOf("/") + 1), criteria) &&
    // In whole seconds: BusyBox knows no others, and neither does the clock that this is compared with.
    (age === undefined || within(age, now - Math.floor(file[criteria.stamp]))) &&
    (size === undefined || !isFile || within(size, file.size)) &&
    (mode === undefined || (criteria.exactMode ? permissions === mode : (permissions & mode) === mode))
  );
};

const nameMatches = (name: string, { hidden, patterns, excludes }: Criteria): boolean =>
  (hidden || !name.startsWith(".")) &&
  (patterns.length === 0 || patterns.some((pattern) => test(pattern, name))) &&
  !excludes.some((pattern) => test(pattern, name));

const test = (pattern: RegExp, name: string): boolean => {
  pattern.lastIndex = 0;
  return pattern.test(name);
};

const within = ({ is, value }: Bound, actual: number): boolean => (is === "least" ? actual >= value : actual <= value);

const permissionBits = {
  isuid: 0o4000,
  isgid: 0o2000,
  rusr: 0o400,
  wusr: 0o200,
  xusr: 0o100,
  rgrp: 0o40,
  wgrp: 0o20,
  xgrp: 0o10,
  roth: 0o4,
  woth: 0o2,
  xoth: 0o1,
};

/** In Ansible's keys. */
const describe = (file: FoundFile, checksum: string | undefined): Fields => {
  const { path, mode, uid, gid, size, inode, dev, nlink, atime, mtime, ctime } = file;
  const type = typeOf(file);
  return {
    path,
    mode: (mode % 0o1_0000).toString(8).padStart(4, "0"),
    ...Object.fromEntries(Object.entries(typeBits).map(([key, value]) => [key, type === value])),
    uid,
    gid,
    size,
    inode,
    dev,
    nlink,
    atime,
    mtime,
    ctime,
    pw_name: file.owner,
    gr_name: file.group,
    ...Object.fromEntries(Object.entries(permissionBits).map(([key, bit]) => [key, (mode & bit) !== 0])),
    ...(checksum === undefined || type !== typeBits.isreg ? {} : { checksum }),
  };
};
