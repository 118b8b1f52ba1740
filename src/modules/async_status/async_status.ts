import { pathsLibrary } from "../../shell/libraries.ts";
import type { ProgramResult } from "../../shell/program.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { err, ok } from "../../util/result.ts";
import type { Fields } from "../command/command-result.ts";
import type { HostModule } from "../module.ts";
import { jobOf } from "./job-of.ts";
import { type AsyncStatusArguments, asyncStatusReturns, asyncStatusSchema } from "./async_status.schema.ts";

/** Asks what came of a job that a task with `async` started. */
export const asyncStatus: HostModule<AsyncStatusArguments> = {
  runs: "host",
  name: "ansible.builtin.async_status",
  summary: "Asks what came of a job that a task with `async` started.",
  schema: asyncStatusSchema,
  returns: asyncStatusReturns,
  anyReturns: true,
  // The name becomes part of a path.
  normalize: (args) => (/^\w[\w.-]*$/.test(args.jid) ? ok(args) : err(`"${args.jid}" is not the name of a job`)),
  functions: [pathsLibrary, shellBody("m_async_status", new URL("async_status.sh", import.meta.url))],
  params: ({ jid, mode }) => ok({ jid, mode }),
  result: (result, args) => resultOf(result, args),
  failure: (result, args) => resultOf(result, args),
  readOnly: true,
  checkMode: "full",
  examples: `
- name: Begin to make parameters, and go on
  ansible.builtin.command: openssl dhparam -out /etc/ssl/dh.pem 4096
  async: 3600
  poll: 0
  register: parameters
- name: Wait until they are made
  ansible.builtin.async_status:
    jid: "{{ parameters.ansible_job_id }}"
  register: job
  until: job is finished
  retries: 60
  delay: 30
`,
};

/** The result of the job's own module, as far as it is known here, with the job's keys. */
const resultOf = (result: ProgramResult, { jid }: AsyncStatusArguments): Fields => {
  const { job: _, clock: _its, ...own } = result.fields;
  const { answered: _it, late: _was, ...about } = jobOf(result);
  // Booleans, so that they are conditions: `until: job.finished`.
  const state = { started: about["started"] === 1, finished: about["finished"] === 1 };
  return { stdout: result.stdout, stderr: result.stderr, ...own, ansible_job_id: jid, ...about, ...state };
};
