import type { ControllerContext, ControllerModule, ControllerResult } from "../module.ts";
import { type PauseArguments, pauseSchema, pauseReturns } from "./pause.schema.ts";

/** Waits for a time, or for the person at the terminal. */
export const pause: ControllerModule<PauseArguments> = {
  runs: "controller",
  name: "ansible.builtin.pause",
  summary: "Waits for a time, or for the person at the terminal.",
  schema: pauseSchema,
  run: (args, context) => (durationOf(args) === undefined ? askPerson(args, context) : waitLong(args, context)),
  returns: pauseReturns,
  examples: `
- name: Let the cluster settle
  ansible.builtin.pause:
    seconds: 30
`,
};

const defaultPrompt = "Press enter to continue, Ctrl+C to interrupt";

const durationOf = ({ minutes, seconds }: PauseArguments): number | undefined =>
  minutes === undefined ? seconds : minutes * 60;

const waitLong = async (args: PauseArguments, context: ControllerContext): Promise<ControllerResult> => {
  const start = new Date();
  await context.wait(Math.max(0, (durationOf(args) ?? 0) * 1000));
  return result(args, { start, userInput: "" });
};

/** Where nobody can be asked the run goes on, as Ansible's does, with a warning. */
const askPerson = async (args: PauseArguments, context: ControllerContext): Promise<ControllerResult> => {
  const start = new Date();
  const answer = await context.prompt(`${args.prompt ?? defaultPrompt}: `, args.echo);
  if (answer.ok) return result(args, { start, userInput: answer.value });
  const { outcome, fields } = result(args, { start, userInput: "" });
  return { outcome, fields: { ...fields, warnings: [`Not waiting for response to prompt: ${answer.error}`] } };
};

const result = (
  args: PauseArguments,
  { start, userInput }: { readonly start: Date; readonly userInput: string },
): ControllerResult => {
  const stop = new Date();
  const elapsed = (stop.getTime() - start.getTime()) / 1000;
  const [amount, unit] = args.minutes === undefined ? [elapsed, "seconds"] : [elapsed / 60, "minutes"];
  const delta = Math.trunc(elapsed);
  const stdout = `Paused for ${Number(amount.toFixed(2))
    .toFixed(amount % 1 === 0 ? 1 : 2)
    .replace(/0$/, "")
    .replace(/\.$/, ".0")} ${unit}`;
  const times = { start: localTime(start), stop: localTime(stop), delta };
  return { outcome: "ok", fields: { ...times, echo: args.echo, rc: 0, stdout, stderr: "", user_input: userInput } };
};

/** As Python writes the controller's local time. */
const localTime = (date: Date): string => {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return `${local.toISOString().replace("T", " ").replace("Z", "")}000`;
};
