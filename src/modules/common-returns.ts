import type { ReturnedValues } from "./module.ts";

/** What any result may have, whatever the module: the run adds it, or a keyword of the task does. */
export const commonReturns: ReturnedValues = {
  changed: { description: "Whether anything changed, or in a dry run would have.", type: "boolean" },
  failed: { description: "Whether it failed.", type: "boolean" },
  msg: { description: "What is to be said about it.", type: "any", returned: "where there is something to say" },
  skipped: { description: "Whether it was skipped.", type: "boolean", returned: "when skipped, and of a loop" },
  skip_reason: { description: "Why the task was skipped.", type: "string", returned: "when `when` was false" },
  false_condition: { description: "The condition that was false.", type: "any", returned: "when `when` was false" },
  skipped_reason: {
    description: "Why there was nothing to do.",
    type: "string",
    returned: "when a loop has no items, or a message is not to be shown",
  },
  unreachable: { description: "Whether the host was lost.", type: "boolean", returned: "when it was" },
  timedout: {
    description: "The time that `timeout` gave it.",
    type: "object",
    contains: { period: { description: "Seconds.", type: "number" } },
    returned: "when it took longer than `timeout`",
  },
  attempts: { description: "How many attempts it took.", type: "integer", returned: "with `until` or `retries`" },
  failed_when_result: { description: "What `failed_when` gave.", type: "boolean", returned: "with `failed_when`" },
  results: { description: "The result of each item, in order.", type: "array", returned: "of a loop" },
  item: { description: "The item.", type: "any", returned: "of an item of a loop" },
  ansible_loop_var: { description: "The name of the loop's variable.", type: "string", returned: "of an item" },
  ansible_index_var: {
    description: "The name of the variable with the item's number.",
    type: "string",
    returned: "of an item, with `index_var`",
  },
  ansible_loop: {
    description: "Where in the loop the item stands.",
    type: "object",
    returned: "of an item, with `extended`",
    contains: {
      allitems: { description: "All items.", type: "array", returned: "unless `extended_allitems` is false" },
      index: { description: "The item's number, from 1.", type: "integer" },
      index0: { description: "The item's number, from 0.", type: "integer" },
      revindex: { description: "The number of items from it to the last.", type: "integer" },
      revindex0: { description: "The number of items after it.", type: "integer" },
      first: { description: "Whether it is the first.", type: "boolean" },
      last: { description: "Whether it is the last.", type: "boolean" },
      length: { description: "The number of items.", type: "integer" },
      previtem: { description: "The item before it.", type: "any", returned: "unless it is the first" },
      nextitem: { description: "The item after it.", type: "any", returned: "unless it is the last" },
    },
  },
  ansible_facts: { description: "Facts about the host.", type: "object", returned: "where the module gives some" },
  diff: {
    description: "What changed: texts or attributes before and after, or a list of such.",
    type: "any",
    returned: "with --diff, where something changed",
  },
  warnings: { description: "What to look at.", type: "array", returned: "where there is such" },
  deprecations: { description: "What will not be supported some day.", type: "array", returned: "by Ansible alone" },
  exception: { description: "Where in the module an error arose.", type: "string", returned: "by Ansible alone" },
  invocation: { description: "How the module was called.", type: "object", returned: "by Ansible alone" },
  censored: {
    description: "Says that the output is hidden.",
    type: "string",
    returned: "of what is shown with `no_log`",
  },
  ansible_job_id: { description: "The number of the job.", type: "string", returned: "with `async`" },
  started: { description: "Whether the job began.", type: "any", returned: "with `async`" },
  finished: { description: "Whether the job ended.", type: "any", returned: "with `async`" },
  results_file: { description: "The host's file for the job's result.", type: "string", returned: "with `async`" },
};

/** The keys of whatever ran a command of the user. */
export const commandReturns: ReturnedValues = {
  rc: { description: "The command's exit status; 0 where it did not have to run.", type: "integer" },
  stdout: { description: "What the command wrote to standard output.", type: "string" },
  stderr: { description: "What the command wrote to standard error.", type: "string" },
  stdout_lines: { description: "`stdout`, line by line.", type: "array" },
  stderr_lines: { description: "`stderr`, line by line.", type: "array" },
};

/** The keys about a path of the host. */
export const pathReturns: ReturnedValues = {
  state: { description: "What it is: file, directory, link, hard, or absent.", type: "string" },
  owner: { description: "The owner's name.", type: "string", returned: "where it exists" },
  group: { description: "The group's name.", type: "string", returned: "where it exists" },
  uid: { description: "The owner's number.", type: "integer", returned: "where it exists" },
  gid: { description: "The group's number.", type: "integer", returned: "where it exists" },
  mode: { description: "The permissions, as `0644`.", type: "string", returned: "where it exists" },
  size: { description: "The size in bytes.", type: "integer", returned: "where it exists" },
};

/** The keys of whatever writes a file that may be validated first. */
export const validateReturns: ReturnedValues = {
  exit_status: { description: "The status of `validate`.", type: "integer", returned: "when `validate` refused it" },
  stderr: { description: "What `validate` complained of.", type: "string", returned: "when `validate` refused it" },
};

/** The same where the old file may be kept, too. */
export const writeReturns: ReturnedValues = {
  ...validateReturns,
  backup_file: {
    description: "Where the old content is kept.",
    type: "string",
    returned: "with `backup`, when changed",
  },
};
