import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

const timeField = (description: string) => ({ type: "string", default: "*", description }) as const;

export const cronSchema = {
  type: "object",
  properties: {
    name: { type: "string", description: "The job's name, in a remark above it; with `env` the variable's." },
    job: { type: "string", description: "The command; with `env` the variable's value." },
    state: {
      type: "string",
      enum: ["present", "absent"],
      default: "present",
      description: "Whether the job or variable is to exist.",
    },
    user: { type: "string", description: "Whose crontab it is, or who runs the job of a `cron_file`." },
    cron_file: { type: "string", description: "A file of /etc/cron.d, or an absolute path, instead of a crontab." },
    minute: timeField("Minutes when the job runs."),
    hour: timeField("Hours when the job runs."),
    day: timeField("Days of the month when the job runs."),
    month: timeField("Months when the job runs."),
    weekday: timeField("Days of the week when the job runs, 0 for Sunday."),
    special_time: {
      type: "string",
      enum: ["annually", "daily", "hourly", "monthly", "reboot", "weekly", "yearly"],
      description: "When the job runs, instead of the five fields.",
    },
    disabled: { type: "boolean", default: false, description: "Whether the job is there as a remark only." },
    env: { type: "boolean", default: false, description: "Whether this is a variable instead of a job." },
    insertafter: { type: "string", description: "The variable after which a new one goes." },
    insertbefore: { type: "string", description: "The variable before which a new one goes." },
    backup: { type: "boolean", default: false, description: "Whether to keep a copy of the old file in /tmp." },
  },
  required: ["name"],
  additionalProperties: false,
} as const;

/** Arguments of cron. */
export type CronArguments = FromSchema<typeof cronSchema>;

/** The keys of cron's result. */
export const cronReturns: ReturnedValues = {
  jobs: { description: "The names of the jobs that the table has afterwards.", type: "array" },
  envs: { description: "The names of the variables that the table has afterwards.", type: "array" },
  cron_file: { description: "The file.", type: "string", returned: "with `cron_file`" },
  state: { description: "The option `state`.", type: "string", returned: "with `cron_file`" },
  backup_file: { description: "Where the old table is kept.", type: "string", returned: "with `backup`, when changed" },
};
