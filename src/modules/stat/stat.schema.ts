import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const statSchema = {
  type: "object",
  properties: {
    path: { type: "string", description: "What to look at." },
    follow: { type: "boolean", default: false, description: "Whether a link is followed." },
    get_checksum: { type: "boolean", default: true, description: "Whether a file's checksum is wanted." },
    checksum_algorithm: {
      type: "string",
      enum: ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"],
      default: "sha1",
      description: "The checksum's algorithm.",
    },
    get_mime: {
      type: "boolean",
      default: true,
      description: "Whether the kind of content is wanted, where the host has `file`.",
    },
    get_attributes: {
      type: "boolean",
      default: true,
      description: "Whether attributes are wanted, where the host has `lsattr`.",
    },
  },
  required: ["path"],
  additionalProperties: false,
} as const;

/** Arguments of stat. */
export type StatArguments = FromSchema<typeof statSchema>;

/** The keys of stat's result. */
export const statReturns: ReturnedValues = {
  stat: {
    description: "What is there.",
    type: "object",
    contains: {
      exists: { description: "Whether anything is.", type: "boolean" },
      path: { description: "The path.", type: "string", returned: "where it exists" },
      mode: { description: "The permissions, as `0644`.", type: "string", returned: "where it exists" },
      isdir: { description: "Whether it is a directory.", type: "boolean", returned: "where it exists" },
      isreg: { description: "Whether it is a regular file.", type: "boolean", returned: "where it exists" },
      islnk: { description: "Whether it is a symbolic link.", type: "boolean", returned: "where it exists" },
      isblk: { description: "Whether it is a block device.", type: "boolean", returned: "where it exists" },
      ischr: { description: "Whether it is a character device.", type: "boolean", returned: "where it exists" },
      isfifo: { description: "Whether it is a named pipe.", type: "boolean", returned: "where it exists" },
      issock: { description: "Whether it is a socket.", type: "boolean", returned: "where it exists" },
      uid: { description: "The owner's number.", type: "integer", returned: "where it exists" },
      gid: { description: "The group's number.", type: "integer", returned: "where it exists" },
      pw_name: { description: "The owner's name.", type: "string", returned: "where it has one" },
      gr_name: { description: "The group's name.", type: "string", returned: "where it has one" },
      size: { description: "The size in bytes.", type: "integer", returned: "where it exists" },
      inode: { description: "The inode's number.", type: "integer", returned: "where it exists" },
      dev: { description: "The device's number.", type: "integer", returned: "where it exists" },
      nlink: { description: "How many names it has.", type: "integer", returned: "where it exists" },
      atime: {
        description: "When it was last read, in seconds since 1970.",
        type: "number",
        returned: "where it exists",
      },
      mtime: { description: "When its content last changed.", type: "number", returned: "where it exists" },
      ctime: { description: "When it last changed.", type: "number", returned: "where it exists" },
      blocks: { description: "How many blocks it has.", type: "integer", returned: "where it exists" },
      block_size: { description: "A good size for reading.", type: "integer", returned: "where it exists" },
      device_type: { description: "Which device it is.", type: "integer", returned: "where it exists" },
      rusr: { description: "Whether the owner may read it.", type: "boolean", returned: "where it exists" },
      wusr: { description: "Whether the owner may write to it.", type: "boolean", returned: "where it exists" },
      xusr: { description: "Whether the owner may execute it.", type: "boolean", returned: "where it exists" },
      rgrp: { description: "Whether the group may read it.", type: "boolean", returned: "where it exists" },
      wgrp: { description: "Whether the group may write to it.", type: "boolean", returned: "where it exists" },
      xgrp: { description: "Whether the group may execute it.", type: "boolean", returned: "where it exists" },
      roth: { description: "Whether others may read it.", type: "boolean", returned: "where it exists" },
      woth: { description: "Whether others may write to it.", type: "boolean", returned: "where it exists" },
      xoth: { description: "Whether others may execute it.", type: "boolean", returned: "where it exists" },
      isuid: { description: "Whether it runs as its owner.", type: "boolean", returned: "where it exists" },
      isgid: { description: "Whether it runs as its group.", type: "boolean", returned: "where it exists" },
      readable: { description: "Whether the task's user may read it.", type: "boolean", returned: "where it exists" },
      writeable: {
        description: "Whether the task's user may write to it.",
        type: "boolean",
        returned: "where it exists",
      },
      executable: {
        description: "Whether the task's user may execute it.",
        type: "boolean",
        returned: "where it exists",
      },
      lnk_source: { description: "The path that a link leads to in the end.", type: "string", returned: "of a link" },
      lnk_target: { description: "What is written in a link.", type: "string", returned: "of a link" },
      checksum: { description: "The content's checksum.", type: "string", returned: "of a readable file" },
      mimetype: { description: "What kind of data it is.", type: "string", returned: "where the host has file(1)" },
      charset: { description: "The encoding of its text.", type: "string", returned: "where the host has file(1)" },
      attributes: { description: "Its attributes.", type: "array", returned: "where the host has lsattr" },
      attr_flags: {
        description: "The letters of its attributes.",
        type: "string",
        returned: "where the host has lsattr",
      },
      version: {
        description: "The number of its inode's version.",
        type: "string",
        returned: "where the host has lsattr",
      },
    },
  },
};
