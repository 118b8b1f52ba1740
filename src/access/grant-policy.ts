import { didYouMean } from "../diagnostics/suggest.ts";
import { err, ok, type Result } from "../util/result.ts";
import { defaultGrantPolicy, type GrantPolicy, type GrantProblem, parseDuration } from "./grant-options.ts";

const keys = ["max_duration", "require"] as const;

const requirable = ["owner", "reason"] as const;

/** Reads `latchkey_policy`, with its templates rendered; what it does not say is as by default. */
export const readGrantPolicy = (value: unknown): Result<GrantPolicy, GrantProblem> => {
  const wrong = (message: string, hint?: string, more?: Partial<GrantProblem>): Result<GrantPolicy, GrantProblem> =>
    err({ code: "V57", message, ...(hint === undefined ? {} : { hint }), ...more });
  if (value === undefined) return ok(defaultGrantPolicy);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return wrong("latchkey_policy is not a mapping", "write it such as {max_duration: 24h, require: [owner, reason]}");
  }
  const policy = value as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(policy).find((key) => !keys.some((known) => known === key));
  if (unknown !== undefined) {
    const message = `unknown key "${unknown}" in latchkey_policy; expected one of ${keys.join(", ")}`;
    return wrong(message, didYouMean(unknown, keys), { key: unknown, isUnknownKey: true });
  }
  const { max_duration: longest, require = [] } = policy;
  const ms =
    longest === undefined
      ? defaultGrantPolicy.maxDurationMs
      : typeof longest === "string"
        ? parseDuration(longest)
        : undefined;
  if (ms === undefined || ms === 0) {
    const message = `"max_duration" of latchkey_policy is no duration; expected one such as 90m, 4h or 2d`;
    return wrong(message, undefined, { key: "max_duration" });
  }
  const names: readonly unknown[] = Array.isArray(require) ? require : [require];
  const strange = names.find((name) => !requirable.some((known) => known === name));
  if (strange !== undefined) {
    const message = `"require" of latchkey_policy holds ${JSON.stringify(strange)}; expected names among ${requirable.join(", ")}`;
    return wrong(message, typeof strange === "string" ? didYouMean(strange, requirable) : undefined, {
      key: "require",
    });
  }
  return ok({ maxDurationMs: ms, require: requirable.filter((name) => names.includes(name)) });
};
