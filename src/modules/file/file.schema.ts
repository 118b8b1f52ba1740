import type { FromSchema } from "json-schema-to-ts";
import { fileOptions } from "../file-options.ts";
import { pathReturns } from "../common-returns.ts";
import type { ReturnedValues } from "../module.ts";

export const fileSchema = {
  type: "object",
  properties: {
    path: { type: "string", description: "What is managed." },
    state: {
      type: "string",
      enum: ["absent", "directory", "file", "hard", "link", "touch"],
      description: "What it is to be. Not given: what it is already, or a directory with recurse, else a file.",
    },
    src: { type: "string", description: "Where a link leads." },
    recurse: {
      type: "boolean",
      default: false,
      description: "Whether owner, group and mode go to everything below, too.",
    },
    force: {
      type: "boolean",
      default: false,
      description: "Whether a link may lead nowhere, or take the place of a file.",
    },
    follow: { type: "boolean", default: true, description: "Whether a link at path is followed." },
    modification_time: { type: "string", description: "preserve, now, or a time." },
    modification_time_format: {
      type: "string",
      default: "%Y%m%d%H%M.%S",
      description: "How modification_time is written.",
    },
    access_time: { type: "string", description: "preserve, now, or a time." },
    access_time_format: { type: "string", default: "%Y%m%d%H%M.%S", description: "How access_time is written." },
    ...fileOptions,
  },
  required: ["path"],
  additionalProperties: false,
} as const;

/** Arguments of file. */
export type FileModuleArguments = FromSchema<typeof fileSchema>;

/** The keys of file's result. */
export const fileReturns: ReturnedValues = {
  ...pathReturns,
  path: {
    description: "The path.",
    type: "string",
    returned: "with `state` file, directory or absent, and when failed",
  },
  dest: { description: "The path.", type: "string", returned: "with `state` touch, link or hard" },
  src: { description: "What it leads to.", type: "string", returned: "with `state` link or hard" },
};
