import { describe, expect, it } from "vitest";
import { type Criteria, criteriaOf, namesForHost } from "./criteria.ts";
import type { FindArguments } from "./find.schema.ts";
import { find } from "./find.ts";
import { readFound } from "./read-found.ts";
import { select } from "./select.ts";

const args = (given: Partial<FindArguments>): FindArguments => ({
  paths: ["/d"],
  patterns: [],
  use_regex: false,
  file_type: "file",
  recurse: false,
  hidden: false,
  follow: false,
  age_stamp: "mtime",
  exact_mode: true,
  get_checksum: false,
  checksum_algorithm: "sha1",
  read_whole_file: false,
  ...given,
});

const criteria = (given: Partial<FindArguments>): Criteria => {
  const made = criteriaOf(args(given));
  if (!made.ok) throw new Error(made.error);
  return made.value;
};

/** What the host says of a file. */
const record = (path: string, { mode = 0o10_0644, size = 0, time = 0 } = {}): string =>
  `//:${mode.toString(16)}:0:0:${size}:1:7:8:${time}.500000:${time}:${time}:root:UNKNOWN:${path}\n`;

/** The paths below /d that are found, `now` being second 1000. */
const paths = (given: Partial<FindArguments>, ...records: readonly string[]): unknown => {
  const { files } = select(readFound(["//=d", ...records].join("")), criteria(given), 1000);
  return Array.isArray(files) ? files.map((file: unknown) => (file as { path: string }).path) : files;
};

describe("criteria", () => {
  it.each<[Partial<FindArguments>, RegExp]>([
    [{ age: "1y" }, /^failed to process age "1y": give a number, or one with s, m, h, d, w$/],
    [{ age: "" }, /^failed to process age/],
    [{ size: "1.5k" }, /^failed to process size/],
    [{ mode: "u=rw" }, /^mode "u=rw" is not supported/],
    [{ use_regex: true, patterns: ["("] }, /^patterns: "\(" does not work here/],
    [{ use_regex: true, excludes: ["["] }, /^excludes: /],
    [{ contains: "x" }, /^option "contains" is not supported/],
    [{ read_whole_file: true }, /^option "read_whole_file" is not supported/],
  ])("refuses %j", (given, message) => {
    expect(find.normalize?.(args(given))).toMatchObject({
      ok: false,
      error: expect.stringMatching(message) as unknown,
    });
  });

  it.each([
    [
      ["*.log", "a?b"],
      ["*.log", "a*b"],
    ],
    [["[ab]c.d"], []],
    [
      ["x[ab]c.d", "a\\b", "ü1"],
      ["x*", "a*b", "*1"],
    ],
    [["*.log", "*"], []],
  ])("lets the host look for %j as %j", (patterns, names) => {
    expect(namesForHost(args({ patterns }))).toEqual(names);
    expect(namesForHost(args({ patterns, use_regex: true }))).toEqual([]);
  });
});

describe("select", () => {
  it.each([
    ["600s", ["/d/a"]],
    ["10m", ["/d/a"]],
    ["601", []],
    ["-600", ["/d/a", "/d/b"]],
    ["-9M", ["/d/b"]],
  ])("age %s gives %j", (age, found) => {
    expect(paths({ age }, record("/d/a", { time: 400 }), record("/d/b", { time: 1000 }))).toEqual(found);
  });

  it.each([
    ["1k", ["/d/a"]],
    ["-1023", ["/d/b"]],
    ["-1024b", ["/d/a", "/d/b"]],
    ["1t", []],
  ])("size %s gives %j", (size, found) => {
    expect(paths({ size }, record("/d/a", { size: 1024 }), record("/d/b", { size: 1023 }))).toEqual(found);
  });

  it.each([
    ["0640", true, []],
    ["0640", false, ["/d/a"]],
    ["0644", true, ["/d/a"]],
    [0o644, true, ["/d/a"]],
    ["0664", false, []],
  ])("mode %s, exact %s, gives %j", (mode, exact_mode, found) => {
    expect(paths({ mode, exact_mode }, record("/d/a"))).toEqual(found);
  });

  it.each([
    [["a*"], false, ["/d/a\nb", "/d/ab.c"]],
    [["a?b"], false, ["/d/a\nb"]],
    [["a[!b]b"], false, ["/d/a\nb"]],
    [["a[^b]*"], false, ["/d/ab.c"]],
    [["*.c"], false, ["/d/ab.c"]],
    [["b"], true, ["/d/b+"]],
    [["a.", ".*c$"], true, ["/d/ab.c"]],
    [["[.]c", "b$"], true, []],
  ])("patterns %j, regular %s, give %j", (patterns, use_regex, found) => {
    expect(paths({ patterns, use_regex }, record("/d/a\nb"), record("/d/ab.c"), record("/d/b+"))).toEqual(found);
  });

  it("takes those nearest to the top first, and counts what it gives", () => {
    const found = readFound(`//=d//4${record("/d/1/2")}${record("/d/4")}${record("/d/3")}//!`);
    expect(select(found, criteria({ limit: 2 }), 0)).toMatchObject({
      files: [{ path: "/d/3" }, { path: "/d/4" }],
      matched: 2,
      examined: 4,
    });
  });

  it("reads what has no name as empty, and times with their parts", () => {
    const found = readFound(`//=${record("/a", { mode: 0o12_0777, time: 5 })}//!`);
    expect(select(found, criteria({ file_type: "link" }), 0)).toMatchObject({
      files: [
        { path: "/a", mode: "0777", islnk: true, isreg: false, atime: 5.5, mtime: 5, pw_name: "root", gr_name: "" },
      ],
    });
  });
});

describe("readFound", () => {
  it("takes no name for the checksum of another file", () => {
    const sum = "da39a3ee";
    const found = readFound(`//=d//%${sum} /d/x\n${sum}1  /d/y//+${sum}2  /d/z\n//!`);
    expect(Object.fromEntries(found.checksums)).toEqual({ [`/d/x\n${sum}1  /d/y`]: sum, "/d/z": `${sum}2` });
  });

  it.each([
    ["find: '/d/a: b': Permission denied", { "/d/a: b": "Permission denied" }],
    ["find: /d/a: Permission denied", { "/d/a": "Permission denied" }],
    ["find: unrecognized: -mindepth", { "/d": "unrecognized: -mindepth" }],
    ["find: '/d/gone': No such file or directory", {}],
    ["stat: cannot statx '/d/gone': No such file or directory", {}],
    ["find: File system loop detected; '/d/l' is part of the same file system loop as '/d'.", {}],
  ])("reads %j", (problem, skipped) => {
    expect(Object.fromEntries(readFound(`//=d//!${problem}`).skipped)).toEqual(skipped);
  });
});
