import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const findSchema = {
  type: "object",
  properties: {
    paths: {
      type: "array",
      items: { type: "string" },
      description:
        "The directories to search, as full paths. A dry run sees what is there now, not what earlier steps plan.",
    },
    patterns: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Shell patterns (or regular expressions, see `use_regex`), one of which the name has to match.",
    },
    excludes: {
      type: "array",
      items: { type: "string" },
      description: "Patterns of the same kind, none of which the name may match.",
    },
    use_regex: {
      type: "boolean",
      default: false,
      description: "Whether the patterns are Python's regular expressions, which match from the name's beginning.",
    },
    file_type: {
      type: "string",
      enum: ["any", "directory", "file", "link"],
      default: "file",
      description: "What kind of thing is wanted.",
    },
    recurse: { type: "boolean", default: false, description: "Whether directories below are searched, too." },
    depth: { type: "integer", minimum: 0, description: "How many levels `recurse` goes down; 0 is all of them." },
    hidden: { type: "boolean", default: false, description: "Whether names that begin with a dot are wanted, too." },
    follow: { type: "boolean", default: false, description: "Whether links to directories are followed." },
    age: {
      type: "string",
      description: "The least age, or with a minus the greatest: a number of seconds, or with a unit (s, m, h, d, w).",
    },
    age_stamp: {
      type: "string",
      enum: ["atime", "ctime", "mtime"],
      default: "mtime",
      description: "The time that the age counts from.",
    },
    size: {
      type: "string",
      description:
        "The least size of a file, or with a minus the greatest: a number of bytes, or with a unit (b, k, m, g, t).",
    },
    mode: {
      type: ["string", "integer"],
      description: "The permissions that it has to have, as an octal text ('0644').",
    },
    exact_mode: {
      type: "boolean",
      default: true,
      description: "Whether it has to have exactly the permissions of `mode`, or at least these.",
    },
    limit: { type: "integer", minimum: 0, description: "How many are wanted at most, those nearest to the top first." },
    get_checksum: { type: "boolean", default: false, description: "Whether checksums of files are wanted." },
    checksum_algorithm: {
      type: "string",
      enum: ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"],
      default: "sha1",
      description: "The checksums' algorithm.",
    },
    contains: { type: "string", description: "Not supported: a regular expression for the content." },
    read_whole_file: { type: "boolean", default: false, description: "Not supported: belongs to `contains`." },
    encoding: { type: "string", description: "Not supported: belongs to `contains`." },
  },
  required: ["paths"],
  additionalProperties: false,
} as const;

/** Arguments of find. */
export type FindArguments = FromSchema<typeof findSchema>;

/** The keys of find's result. */
export const findReturns: ReturnedValues = {
  files: {
    description: "What was found.",
    type: "array",
    contains: {
      path: { description: "The path.", type: "string" },
      mode: { description: "The permissions, as `0644`.", type: "string" },
      isdir: { description: "Whether it is a directory.", type: "boolean" },
      isreg: { description: "Whether it is a regular file.", type: "boolean" },
      islnk: { description: "Whether it is a symbolic link.", type: "boolean" },
      isblk: { description: "Whether it is a block device.", type: "boolean" },
      ischr: { description: "Whether it is a character device.", type: "boolean" },
      isfifo: { description: "Whether it is a named pipe.", type: "boolean" },
      issock: { description: "Whether it is a socket.", type: "boolean" },
      uid: { description: "The owner's number.", type: "integer" },
      gid: { description: "The group's number.", type: "integer" },
      pw_name: { description: "The owner's name; empty where there is none.", type: "string" },
      gr_name: { description: "The group's name; empty where there is none.", type: "string" },
      size: { description: "The size in bytes.", type: "integer" },
      inode: { description: "The inode's number.", type: "integer" },
      dev: { description: "The device's number.", type: "integer" },
      nlink: { description: "How many names it has.", type: "integer" },
      atime: { description: "When it was last read, in seconds since 1970.", type: "number" },
      mtime: { description: "When its content last changed.", type: "number" },
      ctime: { description: "When it last changed.", type: "number" },
      rusr: { description: "Whether the owner may read it.", type: "boolean" },
      wusr: { description: "Whether the owner may write to it.", type: "boolean" },
      xusr: { description: "Whether the owner may execute it.", type: "boolean" },
      rgrp: { description: "Whether the group may read it.", type: "boolean" },
      wgrp: { description: "Whether the group may write to it.", type: "boolean" },
      xgrp: { description: "Whether the group may execute it.", type: "boolean" },
      roth: { description: "Whether others may read it.", type: "boolean" },
      woth: { description: "Whether others may write to it.", type: "boolean" },
      xoth: { description: "Whether others may execute it.", type: "boolean" },
      isuid: { description: "Whether it runs as its owner.", type: "boolean" },
      isgid: { description: "Whether it runs as its group.", type: "boolean" },
      checksum: { description: "The content's checksum.", type: "string", returned: "of a file, with `get_checksum`" },
    },
  },
  matched: { description: "How many were found.", type: "integer" },
  examined: { description: "How many were looked at.", type: "integer" },
  skipped_paths: { description: "Paths that were not searched, and why.", type: "object" },
};
