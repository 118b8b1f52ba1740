import type { FailureLimit, RunOptions } from "../plan/plan.ts";
import { SshConfig } from "../inventory/ssh-config.ts";
import { err, ok, type Result } from "../util/result.ts";
import type { GivenOptions } from "./options.ts";

/** The settings of a run from the command line; the error is one sentence about what was given. */
export const readRunOptions = (given: GivenOptions): Result<Omit<RunOptions, "limit">, string> => {
  const forks = count(given, "forks", 50, 1);
  if (!forks.ok) return forks;
  const timeout = count(given, "timeout", 10, 1);
  if (!timeout.ok) return timeout;
  const maxFail = failureLimit(given["maxFail"]);
  if (!maxFail.ok) return maxFail;
  const verbosity = given["verbose"];
  return ok({
    check: given["check"] === true,
    diff: given["diff"] === true,
    forks: forks.value,
    tags: list(given["tags"]),
    skipTags: list(given["skipTags"]),
    forceHandlers: given["forceHandlers"] === true,
    step: given["step"] === true,
    ...text(given, "startAtTask", "startAtTask"),
    keepPartial: given["keepPartial"] === true,
    ...(maxFail.value === undefined ? {} : { maxFail: maxFail.value }),
    verbosity: typeof verbosity === "number" ? verbosity : 0,
    connection: {
      sshConfig: new SshConfig(),
      timeoutSeconds: timeout.value,
      ...text(given, "user", "user"),
      ...text(given, "privateKey", "privateKeyFile"),
      ...text(given, "connection", "connection"),
      ...text(given, "sshCommonArgs", "sshCommonArgs"),
      ...text(given, "sshExtraArgs", "sshExtraArgs"),
      ...text(given, "hostKeys", "hostKeyPolicy"),
      ...text(given, "becomeUser", "becomeUser"),
      ...text(given, "becomeMethod", "becomeMethod"),
      ...(given["become"] === true ? { become: true } : {}),
    },
  });
};

const count = (given: GivenOptions, name: string, usual: number, least: number): Result<number, string> => {
  const value = given[name];
  if (value === undefined) return ok(usual);
  const number = Number(value);
  const isCount = Number.isInteger(number) && number >= least;
  return isCount ? ok(number) : err(`--${name} must be a whole number from ${least} on, not "${String(value)}"`);
};

const failureLimit = (value: unknown): Result<FailureLimit | undefined, string> => {
  if (typeof value !== "string") return ok(undefined);
  const [, digits, percent] = /^([0-9]+(?:\.[0-9]+)?)(%?)$/.exec(value) ?? [];
  const count = Number(digits);
  if (digits === undefined || (percent === "%" ? count > 100 : !Number.isInteger(count))) {
    return err(`--max-fail must be a number of hosts, or a share such as 5%, not "${value}"`);
  }
  return ok({ count, unit: percent === "%" ? "percent" : "hosts" });
};

const text = (given: GivenOptions, name: string, key: string): Readonly<Record<string, string>> => {
  const value = given[name];
  return typeof value === "string" ? { [key]: value } : {};
};

const list = (value: GivenOptions[string]): readonly string[] =>
  (Array.isArray(value) ? value : [])
    .flatMap((part: string) => part.split(","))
    .map((part) => part.trim())
    .filter((part) => part !== "");
