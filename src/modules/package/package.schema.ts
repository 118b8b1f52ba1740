import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const packageSchema = {
  type: "object",
  properties: {
    name: {
      type: "array",
      items: { type: "string" },
      description:
        "The packages, in the manager's own words: a name, one with a version (`name=1.0`, `name-1.0`), a file of the host.",
    },
    state: {
      type: "string",
      enum: ["present", "installed", "latest", "absent", "removed"],
      default: "present",
      description:
        "Whether they are to be there, there in the newest version that the host's repositories have, or not there.",
    },
    use: {
      type: "string",
      enum: ["auto", "apk", "apt", "dnf", "dnf5", "yum", "zypper"],
      default: "auto",
      description: "The package manager; by default the one that the host's distribution uses.",
    },
    update_cache: {
      type: "boolean",
      default: false,
      description: "Whether the manager reads anew what the repositories have, before anything else.",
    },
  },
  required: ["name"],
  additionalProperties: false,
} as const;

/** Arguments of package. */
export type PackageArguments = FromSchema<typeof packageSchema>;

/** The keys of package's result. */
export const packageReturns: ReturnedValues = {
  manager: { description: "The package manager: apk, apt, dnf, dnf5, yum or zypper.", type: "string" },
  cache_updated: { description: "Whether it read anew what the repositories have.", type: "boolean" },
  cache_update_time: {
    description: "When it last did so, in seconds since 1970.",
    type: "integer",
    returned: "with apt",
  },
  rc: { description: "The manager's status.", type: "integer", returned: "where it had to do something" },
  stdout: { description: "What the manager wrote.", type: "string", returned: "where it had to do something" },
  stderr: {
    description: "What the manager complained of; a dry run has it in `stdout`.",
    type: "string",
    returned: "with `stdout`",
  },
  stderr_lines: { description: "The same, line by line.", type: "array", returned: "with `stdout`" },
  stdout_lines: { description: "The same, line by line.", type: "array", returned: "with `stdout`" },
};
