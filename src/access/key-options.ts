import { didYouMean } from "../diagnostics/suggest.ts";
import { splitAtCommas } from "../modules/authorized_key/key-options.ts";
import { judgeFromPattern } from "./network.ts";
import type { Judgement } from "./judgement.ts";

/** What is wrong with the options of a key, and with which stretch of them: V50 for their form, V53 for addresses. */
export interface KeyOptionProblem extends Judgement {
  readonly code: "V50" | "V53";
  readonly text: string;
}

/** Options of authorized_keys without a value (sshd(8), AUTHORIZED_KEYS FILE FORMAT). */
const flags = [
  "agent-forwarding",
  "cert-authority",
  "no-agent-forwarding",
  "no-port-forwarding",
  "no-pty",
  "no-touch-required",
  "no-user-rc",
  "no-X11-forwarding",
  "port-forwarding",
  "pty",
  "restrict",
  "user-rc",
  "verify-required",
  "X11-forwarding",
] as const;

/** Options that have one. */
const settings = [
  "command",
  "environment",
  "expiry-time",
  "from",
  "permitlisten",
  "permitopen",
  "principals",
  "tunnel",
] as const;

const forms: Readonly<Record<string, { readonly pattern: RegExp; readonly expected: string }>> = {
  environment: { pattern: /^\w+=/, expected: "NAME=value" },
  "expiry-time": {
    pattern: /^\d{8}(?:\d{4}(?:\d\d)?)?Z?$/,
    expected: "YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, with a Z behind for UTC from OpenSSH 9.1 on",
  },
  permitlisten: { pattern: /^(?:.+:)?(?:\d{1,5}|\*)$/, expected: "a port, or HOST:PORT" },
  permitopen: { pattern: /^.+:(?:\d{1,5}|\*)$/, expected: "HOST:PORT" },
};

/** Everything wrong with the options before a key: sshd refuses a key of which it does not understand an option. */
export const judgeKeyOptions = (options: string): readonly KeyOptionProblem[] => {
  // A comma too many does no harm.
  const all = splitAtCommas(options).filter((option) => option !== "");
  return [...all.flatMap(judgeOption), ...repeated(all)];
};

/** What may stand there once. */
const repeated = (options: readonly string[]): readonly KeyOptionProblem[] =>
  ["command", "from", "principals"].flatMap((name) => {
    const [, second] = options.filter((option) => option.toLowerCase().startsWith(`${name}=`));
    if (second === undefined) return [];
    const message = `the option "${name}" of a key is given twice, and sshd refuses such a key`;
    return [{ code: "V50", severity: "error", text: second, message }];
  });

const judgeOption = (option: string): readonly KeyOptionProblem[] => {
  const [, name = "", value] = /^([^=]*)(?:=(.*))?$/s.exec(option) ?? [];
  const wrong = (message: string, hint?: string): readonly KeyOptionProblem[] => [
    { code: "V50", severity: "error", text: option, message, ...(hint === undefined ? {} : { hint }) },
  ];
  const lower = name.toLowerCase();
  if (flags.some((flag) => flag.toLowerCase() === lower)) {
    return value === undefined ? [] : wrong(`the option "${name}" of a key takes no value`);
  }
  if (!settings.some((setting) => setting === lower)) {
    const allowed = [...flags, ...settings].toSorted();
    const hint = didYouMean(name, allowed) ?? `expected one of ${allowed.join(", ")}`;
    return wrong(`sshd knows no option "${name}" of a key, and would refuse the key`, hint);
  }
  const inner = /^"((?:\\"|[^"])*)"$/s.exec(value ?? "")?.[1];
  if (inner === undefined) return wrong(`the option "${name}" of a key needs a value in quotes`, `write ${name}="…"`);
  return judgeSetting(lower, inner, wrong);
};

const judgeSetting = (
  name: string,
  value: string,
  wrong: (message: string, hint?: string) => readonly KeyOptionProblem[],
): readonly KeyOptionProblem[] => {
  if (name === "from") {
    return value.split(",").flatMap((pattern) => {
      const found = judgeFromPattern(pattern);
      return found === undefined ? [] : [{ code: "V53", text: pattern, ...found }];
    });
  }
  const form = forms[name];
  if (form !== undefined && !form.pattern.test(value)) {
    return wrong(`"${value}" is no ${name} that sshd reads`, `expected ${form.expected}`);
  }
  return [];
};
