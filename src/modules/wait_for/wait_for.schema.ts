import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const waitForSchema = {
  type: "object",
  properties: {
    host: {
      type: "string",
      default: "127.0.0.1",
      description: "The name or address whose port is tried, from the host.",
    },
    port: { type: "integer", minimum: 1, maximum: 65_535, description: "The TCP port to wait for." },
    path: { type: "string", description: "The path on the host to wait for." },
    state: {
      type: "string",
      enum: ["absent", "drained", "present", "started", "stopped"],
      default: "started",
      description: "What to wait for: that it is there, that it is gone, or that a port has no connections left.",
    },
    timeout: { type: "integer", default: 300, description: "Seconds until it gives up." },
    connect_timeout: { type: "integer", default: 5, description: "Seconds for one attempt at a port." },
    delay: { type: "integer", default: 0, description: "Seconds to wait before the first look." },
    sleep: { type: "integer", default: 1, description: "Seconds between two looks." },
    search_regex: { type: "string", description: "What a line of the file, or of what the port says, must match." },
    exclude_hosts: {
      type: "array",
      items: { type: "string" },
      description: "IPv4 addresses whose connections do not count for drained.",
    },
    active_connection_states: {
      type: "array",
      items: { type: "string", enum: ["ESTABLISHED", "FIN_WAIT1", "FIN_WAIT2", "SYN_RECV", "SYN_SENT", "TIME_WAIT"] },
      default: ["ESTABLISHED", "FIN_WAIT1", "FIN_WAIT2", "SYN_RECV", "SYN_SENT", "TIME_WAIT"],
      description: "The states in which a connection counts for drained.",
    },
    msg: { type: "string", description: "What to say when it gives up." },
  },
  additionalProperties: false,
} as const;

/** Arguments of wait_for. */
export type WaitForArguments = FromSchema<typeof waitForSchema>;

/** The keys of wait_for's result. */
export const waitForReturns: ReturnedValues = {
  elapsed: { description: "How many seconds it took.", type: "integer" },
  state: { description: "What it waited for; of a path, what is there.", type: "string" },
  port: { description: "The option `port`, or null.", type: "integer" },
  path: { description: "The option `path`, or null.", type: "string" },
  search_regex: { description: "The option `search_regex`, or null.", type: "string" },
  match_groups: { description: "What the expression's groups matched.", type: "array" },
  match_groupdict: { description: "The same of named groups, by their names.", type: "object" },
};
