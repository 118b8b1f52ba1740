import { createHash, randomInt } from "node:crypto";
import { canonicalName } from "../schema/examine.ts";
import type { HostModule, Module, ModuleContext } from "../modules/module.ts";
import { coerceArguments } from "../modules/arguments.ts";
import { compile, type GrantStep } from "../shell/compile.ts";
import type { ShellFunction, ShellParams, ShellValue } from "../shell/program.ts";
import { quote } from "../shell/quote.ts";
import { err, ok, type Result } from "../util/result.ts";
import { text } from "../vars/python/text.ts";
import { isPlain, type HostPart, hostPartsIn, HostValue, type Symbolic } from "./host-value.ts";
import type { Plain, PlainMap } from "../vars/value.ts";

/** The text of a step in a script: assignments and a call, the functions that it needs, and the variables that it uses. */
export interface ScriptProgram {
  readonly text: string;
  readonly functions: readonly ShellFunction[];
  readonly slots: readonly number[];
}

export interface ProgramInput {
  readonly module: HostModule;
  readonly action: string;
  readonly args: Readonly<Record<string, Symbolic>>;
  readonly context: ModuleContext;
  readonly environment: Readonly<Record<string, string>>;
  readonly grant: GrantStep | undefined;
  /** Code between the parameters and the body. */
  readonly decision?: string;
}

/**
 * Compiles a module's call whose arguments hold parts that only the host knows.
 *
 * What a module makes of its arguments is its own affair, so it is asked three times, each time with other samples in
 * their place: a part of the host may stand where, and only where, the samples come out again unharmed. What a sample
 * cannot stand for is refused.
 */
export const compileProgram = (input: ProgramInput): Result<ScriptProgram, string> => {
  const parts = hostPartsIn(input.args);
  let refusal = "";
  // Numbers are mostly times, and otherwise ports, sizes and the like.
  for (const [least, most] of [[2_000_000_000, 4_000_000_000] as const, [20_000, 60_000] as const]) {
    const rounds = parts.length === 0 ? 1 : 3;
    const tries = Array.from({ length: rounds }, () => sampled(input, parts, { least, most }));
    const wrong = tries.find((tried) => !tried.ok);
    if (wrong === undefined)
      return assemble(
        input,
        parts,
        tries.flatMap((tried) => (tried.ok ? [tried.value] : [])),
      );
    if (!wrong.ok) refusal = wrong.error;
    if (parts.length === 0) break;
  }
  return err(refusal);
};

interface Sampled {
  readonly params: ShellParams;
  readonly samples: readonly Sample[];
}

/** What stands for one part: as a number, and in a text. */
interface Sample {
  readonly number: number;
  readonly text: string;
}

const sampled = (
  { module, action, args, context }: ProgramInput,
  parts: readonly HostPart[],
  { least, most }: { readonly least: number; readonly most: number },
): Result<Sampled, string> => {
  const samples = parts.map((part): Sample => {
    const number = randomInt(least, most);
    return { number, text: part.sample(number) };
  });
  let at = 0;
  const substitute = (value: Symbolic, type: string): Plain => {
    if (isPlain(value)) return value;
    if (value instanceof HostValue) {
      const own = value.parts.map((part) => (typeof part === "string" ? part : (samples[at++] ?? noSample)));
      const [only] = own;
      if (own.length === 1 && typeof only === "object") {
        return type === "integer" || type === "number" ? only.number : only.text;
      }
      return own.map((piece) => (typeof piece === "string" ? piece : piece.text)).join("");
    }
    if (Array.isArray(value)) return (value as readonly Symbolic[]).map((item) => substitute(item, ""));
    const map = value as Readonly<Record<string, Symbolic>>;
    return Object.fromEntries(Object.entries(map).map(([key, item]) => [key, substitute(item, "")]));
  };
  const given: PlainMap = Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, substitute(value, typeOf(module, name))]),
  );
  const coerced = coerceArguments(module as Module, given, action);
  if (!coerced.ok) return coerced;
  const params = module.params(coerced.value as never, context);
  if (!params.ok || module.next === undefined) return params.ok ? ok({ params: params.value, samples }) : params;
  // The host would ask for a long content; here it has to be there from the start.
  const asked = { outcome: "ok", fields: { need_content: true }, planned: [], stdout: "", stderr: "" } as const;
  const whole = module.next(asked, coerced.value as never, context);
  if (!whole.ok) return whole;
  return ok({ params: whole.value ?? params.value, samples });
};

const noSample: Sample = { number: 0, text: "" };

/** The type of an option, as the module's schema names it. */
export const typeOf = (module: HostModule, option: string): string => {
  const known = module.schema.properties[canonicalName(module as Module, option)];
  const type = known !== undefined && "type" in known ? known.type : "";
  return typeof type === "string" ? type : "";
};

const open = "\ue000";
const close = "\ue001";

/** Puts what was found in all rounds together, and compiles it. */
const assemble = (
  input: ProgramInput,
  parts: readonly HostPart[],
  rounds: readonly Sampled[],
): Result<ScriptProgram, string> => {
  const codes = parts.map(({ code }) => code);
  const onHost: string[] = [];
  const params: Record<string, ShellValue | undefined> = {};
  const names = new Set(rounds.flatMap((round) => Object.keys(round.params)));
  const holdsHost = rounds.length > 1 && !sameEverywhere(rounds.map((round) => round.params["content"]));
  for (const name of names) {
    const values = rounds.map((round) => round.params[name]);
    if (holdsHost && isOfContent(name, rounds)) {
      const made = contentSums[name];
      if (made !== undefined) onHost.push(made);
      continue;
    }
    const merged = merge(values, rounds, codes);
    if (merged === undefined)
      return err(`its option "${name}" is worked out before the script runs, and the host's value is not known then`);
    params[name] = merged.value;
  }
  const program = compile(input.module.functions, params, {
    check: false,
    diff: false,
    planned: [],
    environment: input.environment,
    grant: input.module.readOnly === true ? undefined : input.grant,
    quote: (value) => quoteWithHost(value, codes),
    onHost: input.decision === undefined ? onHost : [...onHost, input.decision],
  });
  const slots = [...new Set(parts.flatMap((part) => part.slots.map(({ number }) => number)))];
  return ok({ text: program.text, functions: program.functions, slots });
};

const sameEverywhere = (values: readonly (ShellValue | undefined)[]): boolean =>
  values.every((value) => JSON.stringify(value) === JSON.stringify(values[0]));

/** What tells about a content is worked out where all of it is known. */
const contentSums: Readonly<Record<string, string | undefined>> = {
  size: "p_size=$(p_content | wc -c) p_size=$((p_size))",
  sha1: "p_sha1=$(p_content | sha1sum 2>/dev/null) p_sha1=${p_sha1%% *}",
  md5: undefined,
};

const isOfContent = (name: string, rounds: readonly Sampled[]): boolean =>
  Object.hasOwn(contentSums, name) &&
  rounds.every(({ params }) => {
    const { content } = params;
    if (!(content instanceof Uint8Array)) return false;
    return params[name] === (name === "size" ? content.length : createHash(name).update(content).digest("hex"));
  });

type Merged = { readonly value: ShellValue | undefined };

/** One value of the rounds' values, with marks where the samples were; undefined where something else differs. */
const merge = (
  values: readonly (ShellValue | undefined)[],
  rounds: readonly Sampled[],
  codes: string[],
): Merged | undefined => {
  const [first] = values;
  if (sameEverywhere(values)) return { value: first };
  if (values.every((value) => typeof value === "string")) return mergeTexts(values, rounds, codes);
  if (values.every((value) => typeof value === "number")) {
    return mergeTexts(values.map(String), rounds, codes);
  }
  if (values.every((value) => value instanceof Uint8Array)) {
    const merged = mergeTexts(
      values.map((value) => Buffer.from(value).toString("utf8")),
      rounds,
      codes,
    );
    return merged === undefined ? undefined : { value: Buffer.from(text(merged.value as string)) };
  }
  if (values.every((value): value is readonly string[] => Array.isArray(value))) {
    const lengths = new Set(values.map(({ length }) => length));
    if (lengths.size > 1) return undefined;
    const items = (values[0] ?? []).map((_, index) =>
      merge(
        values.map((value) => value[index]),
        rounds,
        codes,
      ),
    );
    if (items.some((item) => item === undefined)) return undefined;
    return { value: items.map((item) => String(item?.value)) };
  }
  return undefined;
};

const mergeTexts = (
  values: readonly string[],
  rounds: readonly Sampled[],
  codes: string[],
): { readonly value: string } | undefined => {
  const derived = derive(values, rounds, codes);
  if (derived !== undefined) return { value: `${open}${derived}${close}` };
  const marked = values.map((value, round) =>
    (rounds[round]?.samples ?? []).reduce(
      (left, sample, index) =>
        left
          .replaceAll(sample.text, `${open}${index}${close}`)
          .replaceAll(String(sample.number), `${open}${index}${close}`),
      value,
    ),
  );
  return marked.every((value) => value === marked[0]) ? { value: marked[0] ?? "" } : undefined;
};

const secondsOfDay = 86_400;

/** What modules make of a time: its day, counted or written. Sources: shadow(5), chage(1). */
const derivations: readonly {
  readonly of: (seconds: number) => string;
  readonly code: (code: string) => string;
}[] = [
  { of: (seconds) => String(Math.floor(seconds / secondsOfDay)), code: (code) => `$((${code} / ${secondsOfDay}))` },
  { of: (seconds) => new Date(seconds * 1000).toISOString().slice(0, 10), code: (code) => `$(cu_day "${code}")` },
];

/** The number of the code for a value that is made of one sample; a new one is added to the codes. */
const derive = (values: readonly string[], rounds: readonly Sampled[], codes: string[]): number | undefined => {
  const count = rounds[0]?.samples.length ?? 0;
  for (let index = 0; index < count; index++) {
    for (const { of, code } of derivations) {
      if (!values.every((value, round) => value === of(rounds[round]?.samples[index]?.number ?? 0))) continue;
      return codes.push(code(codes[index] ?? "")) - 1;
    }
  }
  return undefined;
};

/** A text with marks, as a word of a shell: what is known quoted, and between it what the host knows. */
const quoteWithHost = (value: string, codes: readonly string[]): string => {
  if (!value.includes(open)) return quote(value);
  return value
    .split(new RegExp(`${open}(\\d+)${close}`))
    .map((piece, index) => (index % 2 === 1 ? `"${codes[Number(piece)] ?? ""}"` : piece === "" ? "" : quote(piece)))
    .join("");
};
