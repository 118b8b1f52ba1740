import { didYouMean, suggest } from "../diagnostics/suggest.ts";
import { err, ok, type Result } from "../util/result.ts";

/** What `latchkey_grant` says: for whom a grant is, why, and when it ends. */
export interface GrantOptions {
  readonly id?: string;
  readonly ticket: string;
  readonly owner?: string;
  readonly reason?: string;
  /** On a whole second, so that every layer can name the same end. */
  readonly expires: Date;
  /** How long an unconfirmed grant stays before it undoes itself. */
  readonly confirmSeconds: number;
  /** How long it may last in all, as the policy has it. */
  readonly maxDurationMs: number;
}

/** What grants may be (`latchkey_policy`). */
export interface GrantPolicy {
  readonly maxDurationMs: number;
  /** What a grant has to say, beside its ticket and its end. */
  readonly require: readonly ("owner" | "reason")[];
}

/** What is wrong with a grant: V54, or V57 where the policy asks for something that is not said. */
export interface GrantProblem {
  readonly code: "V54" | "V57";
  /** The key whose value is wrong, or which is unknown; absent where something is missing, or the whole is wrong. */
  readonly key?: string;
  readonly isUnknownKey?: true;
  readonly message: string;
  readonly hint?: string;
}

/** Where no policy says otherwise. */
export const defaultGrantPolicy: GrantPolicy = { maxDurationMs: 72 * 3_600_000, require: [] };

const keys = ["confirm", "expires", "id", "owner", "reason", "ticket"] as const;

const confirmLimits = { least: 30, most: 3600, usual: 300 } as const;

const example = 'write latchkey_grant as a mapping, such as {ticket: OPS-1234, owner: "Kim Min-jun", expires: 4h}';

/** Reads `latchkey_grant`, with its templates rendered; the error is the first of `grantProblems`. */
export const readGrantOptions = (
  value: unknown,
  now: Date,
  policy: GrantPolicy = defaultGrantPolicy,
): Result<GrantOptions, GrantProblem> => {
  const [problem] = grantProblems(value, now, policy);
  if (problem !== undefined) return err(problem);
  const grant = isMapping(value) ? value : {};
  const expires = readExpiry(grant["expires"], now);
  if (!expires.ok) return expires;
  return ok({
    maxDurationMs: policy.maxDurationMs,
    ticket: textOf(grant["ticket"]) ?? "",
    expires: expires.value,
    confirmSeconds: Number(grant["confirm"] ?? confirmLimits.usual),
    ...given("id", grant["id"]),
    ...given("owner", grant["owner"]),
    ...given("reason", grant["reason"]),
  });
};

/** Everything wrong with a value of `latchkey_grant`, in the order of its keys, what is missing last. */
export const grantProblems = (value: unknown, now: Date, policy: GrantPolicy): readonly GrantProblem[] => {
  if (!isMapping(value)) {
    const hint = typeof value === "string" ? `${example}; on the command line -e '{"latchkey_grant": {…}}'` : example;
    return [{ code: "V54", message: `latchkey_grant is ${kindOf(value)}, and not a mapping`, hint }];
  }
  const problems = Object.entries(value).map(([key, part]) => keyProblem(key, part, now, policy));
  return [...problems.filter((problem) => problem !== undefined), ...missing(value, policy)];
};

/**
 * The milliseconds of a duration such as `90m`, `4h`, `2d` or `1d12h`: days, hours, minutes and seconds, each once, the
 * longer first. Undefined for anything else.
 */
export const parseDuration = (text: string): number | undefined => {
  const parts = /^(?=\d)(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/.exec(text);
  if (parts === null) return undefined;
  const [days, hours, minutes, seconds] = parts.slice(1).map((part: string | undefined) => Number(part ?? 0));
  return ((((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1000;
};

const keyProblem = (key: string, part: unknown, now: Date, policy: GrantPolicy): GrantProblem | undefined => {
  switch (keys.find((name) => name === key)) {
    case "expires":
      return part === null ? undefined : expiryProblem(part, now, policy);
    case "confirm":
      return confirmProblem(part);
    case "id":
      return idProblem(part);
    case "ticket":
    case "owner":
    case "reason":
      return textProblem(key, part);
    case undefined: {
      const hint = didYouMean(key, keys);
      const message = `unknown key "${key}" in latchkey_grant; expected one of ${keys.join(", ")}`;
      return { code: "V54", key, isUnknownKey: true, message, ...(hint === undefined ? {} : { hint }) };
    }
  }
};

const missing = (grant: Readonly<Record<string, unknown>>, policy: GrantPolicy): readonly GrantProblem[] => {
  const needed = [
    { code: "V54", key: "ticket", hint: "add the ticket that asks for this access, such as ticket: OPS-1234" },
    { code: "V54", key: "expires", hint: `add when it ends: ${expiryForms}` },
    ...policy.require.map(
      (key) => ({ code: "V57", key, hint: `latchkey_policy requires it: add ${key}: … to the grant` }) as const,
    ),
  ] as const;
  // One mistake, one finding: a misspelt key stands for the one that was meant.
  const meant = Object.keys(grant).map((key) => (keys.some((known) => known === key) ? key : suggest(key, keys)));
  return needed.flatMap(({ code, key, hint }) =>
    (grant[key] ?? "") === "" && (key in grant || !meant.includes(key))
      ? [{ code, message: `latchkey_grant has no "${key}"`, hint }]
      : [],
  );
};

const expiryForms = "a duration such as 90m, 4h or 2d, or a time with its zone such as 2030-01-31T18:00:00+09:00";

/** When a grant ends, given its `expires`. */
const readExpiry = (part: unknown, now: Date): Result<Date, GrantProblem> => {
  const problem = (message: string, hint = `expected ${expiryForms}`) =>
    err({ code: "V54", key: "expires", message, hint } as const);
  if (typeof part !== "string") {
    return problem(`"expires" of latchkey_grant is ${kindOf(part)}, and not a duration or a time`);
  }
  const duration = parseDuration(part);
  if (duration !== undefined) return ok(wholeSecond(now.getTime() + duration));
  const time = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(?:\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?$/.exec(part);
  if (time === null) return problem(`"expires" of latchkey_grant is "${part}", which is neither a duration nor a time`);
  const [, day = "", clock = "", seconds = ":00", zone] = time;
  if (zone === undefined) {
    const hint = `say which zone's: "${part}Z" in UTC, "${part}+09:00" in Seoul`;
    return problem(`"expires" of latchkey_grant is "${part}", which does not say in which time zone`, hint);
  }
  const local = new Date(`${day}T${clock}${seconds}Z`);
  const offset = zoneMinutes(zone);
  // A day that no month has would be taken for one of the next month.
  if (Number.isNaN(local.getTime()) || !local.toISOString().startsWith(`${day}T${clock}`) || offset === undefined) {
    return problem(`"expires" of latchkey_grant is "${part}", and there is no such time`);
  }
  return ok(wholeSecond(local.getTime() - offset * 60_000));
};

/** The minutes that a zone is before UTC; undefined where no zone is that far. */
const zoneMinutes = (zone: string): number | undefined => {
  if (zone === "Z") return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  if (hours > 14 || minutes > 59) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
};

const wholeSecond = (ms: number): Date => new Date(Math.floor(ms / 1000) * 1000);

const expiryProblem = (part: unknown, now: Date, policy: GrantPolicy): GrantProblem | undefined => {
  const expires = readExpiry(part, now);
  if (!expires.ok) return expires.error;
  const left = expires.value.getTime() - now.getTime();
  const about = { code: "V54", key: "expires" } as const;
  if (left <= 0) {
    const message = `"expires" of latchkey_grant is "${String(part)}", which is not in the future`;
    return { ...about, message, hint: `it is ${now.toISOString().slice(0, 19)}Z now; expected ${expiryForms}` };
  }
  if (left <= policy.maxDurationMs) return undefined;
  const message = `"expires" of latchkey_grant is "${String(part)}": a grant may last ${formatDuration(policy.maxDurationMs)} at most`;
  return { ...about, message, hint: "let it end sooner, or raise max_duration of latchkey_policy" };
};

const confirmProblem = (part: unknown): GrantProblem | undefined => {
  if (part === null) return undefined;
  const { least, most } = confirmLimits;
  const seconds = typeof part === "string" && /^\d{1,6}$/.test(part) ? Number(part) : part;
  if (typeof seconds === "number" && Number.isInteger(seconds) && seconds >= least && seconds <= most) return undefined;
  const message = `"confirm" of latchkey_grant is ${shown(part)}; expected whole seconds from ${least} to ${most}`;
  return { code: "V54", key: "confirm", message };
};

const idProblem = (part: unknown): GrantProblem | undefined => {
  if (part === null || /^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/.test(textOf(part) ?? "")) return undefined;
  const message = `"id" of latchkey_grant is ${shown(part)}; expected up to 32 letters, digits and -, beginning with no -`;
  return { code: "V54", key: "id", message, hint: "or leave it out: then the grant gets one" };
};

const textProblem = (key: string, part: unknown): GrantProblem | undefined => {
  if (part === null) return undefined;
  const text = textOf(part);
  const about = { code: "V54", key } as const;
  if (text === undefined) return { ...about, message: `"${key}" of latchkey_grant is ${kindOf(part)}, and not a text` };
  if (text.trim() === "" && text !== "") return { ...about, message: `"${key}" of latchkey_grant is blank` };
  if (/\p{C}/u.test(text)) return { ...about, message: `"${key}" of latchkey_grant holds a control character` };
  if (text.length <= 200) return undefined;
  return { ...about, message: `"${key}" of latchkey_grant has ${text.length} characters; expected 200 at most` };
};

/** A duration as it is written: `72h`, `1h30m`. Days are hours, since a policy's limit is mostly thought of so. */
const formatDuration = (ms: number): string => {
  const seconds = Math.floor(ms / 1000);
  const parts = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor(seconds / 60) % 60, "m"],
    [seconds % 60, "s"],
  ] as const;
  return parts.map(([count, unit]) => (count === 0 ? "" : `${count}${unit}`)).join("") || "0s";
};

/** A number is as good as its text: `ticket: 4711`. */
const textOf = (part: unknown): string | undefined =>
  typeof part === "number" ? String(part) : typeof part === "string" ? part : undefined;

const given = <Key extends string>(key: Key, part: unknown): Partial<Record<Key, string>> => {
  const text = textOf(part) ?? "";
  return text === "" ? {} : ({ [key]: text } as Partial<Record<Key, string>>);
};

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const shown = (part: unknown): string => (typeof part === "string" ? `"${part}"` : kindOf(part));

const kindOf = (value: unknown): string => {
  if (value === null || value === undefined) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  if (typeof value === "string") return "a text";
  if (typeof value === "number") return `the number ${value}`;
  return value === true ? "true" : value === false ? "false" : `of type ${typeof value}`;
};
