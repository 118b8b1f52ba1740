import { accountsLibrary } from "../../shell/accounts.ts";
import { filesLibrary, pathsLibrary, writeLibrary } from "../../shell/libraries.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { err, ok } from "../../util/result.ts";
import type { HostModule } from "../module.ts";
import { type CronArguments, cronSchema, cronReturns } from "./cron.schema.ts";

/** Makes a job or a variable exist in a crontab, or not. */
export const cron: HostModule<CronArguments> = {
  runs: "host",
  name: "ansible.builtin.cron",
  summary: "Makes a job or a variable exist in a user's crontab or a file of cron.d, or not.",
  schema: cronSchema,
  optionAliases: { value: "job", dom: "day", dow: "weekday" },
  rules: {
    exclusive: [["insertafter", "insertbefore"]],
    ignored: [{ options: ["insertafter", "insertbefore"], without: ["env"] }],
  },
  normalize: (args) => {
    const problem = findProblem(args);
    return problem === undefined ? ok(args) : err(problem);
  },
  functions: [
    accountsLibrary,
    pathsLibrary,
    filesLibrary,
    writeLibrary,
    shellBody("m_cron", new URL("cron.sh", import.meta.url)),
  ],
  params: (args) => {
    const { name, state, user, env, backup, insertafter, insertbefore } = args;
    const line = args.state === "absent" ? undefined : lineOf(args);
    return ok({
      name,
      state,
      user,
      env,
      keep: backup,
      insertafter,
      insertbefore,
      line,
      file: filePath(args.cron_file),
    });
  },
  result: ({ fields }, args) => ({
    jobs: [],
    envs: [],
    ...fields,
    ...(args.cron_file === undefined ? {} : { cron_file: args.cron_file, state: args.state }),
  }),
  checkMode: "full",
  returns: cronReturns,
  examples: `
- name: Close the access tonight, whatever happens
  ansible.builtin.cron:
    name: end of support
    user: root
    minute: "0"
    hour: "22"
    job: /usr/local/sbin/end-of-support
`,
};

const filePath = (file: string | undefined): string | undefined =>
  file === undefined || file.startsWith("/") ? file : `/etc/cron.d/${file}`;

/** The line of a job, or of a variable, as Ansible writes it. */
const lineOf = (args: CronArguments): string => {
  const job = (args.job ?? "").replaceAll(/^[\r\n]+|[\r\n]+$/g, "");
  if (args.env) return `${args.name}="${job}"`;
  const time =
    args.special_time === undefined
      ? `${args.minute} ${args.hour} ${args.day} ${args.month} ${args.weekday}`
      : `@${args.special_time}`;
  const user = args.cron_file === undefined ? "" : ` ${args.user ?? ""}`;
  return `${args.disabled ? "#" : ""}${time}${user} ${job}`;
};

const findProblem = (args: CronArguments): string | undefined => {
  if (filePath(args.cron_file) === "/etc/crontab")
    return "Will not manage /etc/crontab via cron_file, see documentation.";
  if (args.cron_file !== undefined && args.user === undefined) {
    return "To use cron_file=... parameter you must specify user=... as well";
  }
  if (!args.env && (args.insertafter !== undefined || args.insertbefore !== undefined)) {
    return "Insertafter and insertbefore parameters are valid only with env=yes";
  }
  const times = [args.minute, args.hour, args.day, args.month, args.weekday];
  if (args.special_time !== undefined && times.some((field) => field !== "*")) {
    return "You must specify time and date fields or special time.";
  }
  if (args.state === "present" && (args.job ?? "") === "") {
    return "You must specify 'job' to install a new cron job or variable";
  }
  const line = args.state === "present" ? lineOf(args) : "";
  // oxlint-disable-next-line no-control-regex -- a line break would begin another job
  return /[\u0000\r\n]/.test(`${args.name}${args.user ?? ""}${line}`)
    ? "a job is one line: it holds a line break"
    : undefined;
};
