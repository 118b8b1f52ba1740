import type { Failure } from "../util/failure.ts";
import type { EventBody, StepOutput } from "./event.ts";
import { type Match, minFormLength, SecretForms } from "./secret-forms.ts";

/** Stands where a secret stood; says nothing about its length. */
const redactedText = "********";

/**
 * Takes known secret values out of events: as they are, and as JSON, a shell, a URL or base64 writes them.
 * Identities (`host`, `hosts`, `task`, `play`, the keys of `stats`) and closed words (`type`, `outcome` …) stay,
 * since everything that listens is keyed by them.
 */
export interface Redactor {
  /** Makes a value secret from now on. Of a text with several lines each long line is secret too. */
  readonly add: (secret: string) => void;
  /** Masks one text that stands alone, such as a message that is printed outside of events. */
  readonly text: (text: string) => string;
  /**
   * Masks an event. Output is held back while its end could be the beginning of a secret, so one event can become
   * none, or two: what was held comes before the next output or end of its step.
   */
  readonly redact: (body: EventBody) => readonly EventBody[];
}

/** Creates a redactor that knows no secret yet; without secrets events pass through as they are. */
export const createRedactor = (): Redactor => {
  const whole = new Set<string>();
  const forms = new SecretForms();
  const held = new Map<string, StepOutput>();

  const add = (secret: string): void => {
    if (secret === "") return;
    whole.add(secret).add(secret.trimEnd());
    for (const form of formsOf(secret)) forms.add(form);
  };
  const text = (value: string): string => (isWhole(whole, value) ? redactedText : mask(value, forms.matchesIn(value)));

  const output = (body: StepOutput): readonly EventBody[] => {
    const key = `${body.step} ${body.stream}`;
    const before = held.get(key)?.text ?? "";
    held.delete(key);
    const all = before + body.text;
    if (isWhole(whole, all)) return [{ ...body, text: redactedText }];
    const matches = forms.matchesIn(all);
    const from = forms.holdFrom(all, matches);
    if (from < all.length) held.set(key, { ...body, text: all.slice(from) });
    const shown = mask(
      all.slice(0, from),
      matches.filter(([start]) => start < from),
    );
    return shown === "" ? [] : [{ ...body, text: shown }];
  };
  const release = (step: number): readonly EventBody[] =>
    (["stdout", "stderr"] as const).flatMap((stream) => {
      const rest = held.get(`${step} ${stream}`);
      held.delete(`${step} ${stream}`);
      return rest === undefined ? [] : [{ ...rest, text: text(rest.text) }];
    });

  return {
    add,
    text,
    redact: (body) => {
      if (whole.size === 0) return [body];
      if (body.type === "step.output") return output(body);
      const masked = maskEvent(body, whole, text);
      return body.type === "step.end" ? [...release(body.step), masked] : [masked];
    },
  };
};

const isWhole = (whole: ReadonlySet<string>, value: string): boolean =>
  whole.has(value) || (value.endsWith("\n") && whole.has(value.trimEnd()));

/** Keys whose values are identities or closed words. */
const kept = new Set(["type", "host", "hosts", "task", "play", "outcome", "stream", "severity", "stats"]);

const maskEvent = <Body extends EventBody>(
  body: Body,
  whole: ReadonlySet<string>,
  text: (value: string) => string,
): Body => {
  const walk = (value: unknown): unknown => {
    if (typeof value === "string") return text(value);
    if (typeof value === "number") return whole.has(String(value)) ? redactedText : value;
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [text(key), walk(item)]));
  };
  // Our own numbers are no place for a secret, and a PIN that equals one must not change their type.
  const ours = (key: string, value: unknown): boolean =>
    kept.has(key) || (typeof value === "number" && key !== "label");
  const fields = Object.entries(body).map(([key, value]) => [key, ours(key, value) ? value : walk(value)]);
  // The walk changes values inside of results and texts only, so the shape is the one that came in.
  const masked = Object.fromEntries(fields) as Body;
  if ("failure" in body && body.failure !== undefined) {
    return { ...masked, failure: { ...(masked as { failure: Failure }).failure, kind: body.failure.kind } };
  }
  if ("place" in body && body.place !== undefined) {
    return { ...masked, place: { ...body.place, file: text(body.place.file) } };
  }
  return masked;
};

/** The ways in which programs write a secret down; only those long enough to be told from other text. */
const formsOf = (secret: string): readonly string[] => {
  const lines = secret.split(/\r?\n/).filter((line) => !line.startsWith("-----"));
  const plain = [secret, secret.trimEnd(), ...(lines.length > 1 ? lines.filter((line) => line.length >= 8) : [])];
  return plain
    .filter((form) => form.length >= minFormLength)
    .flatMap((form) => [form, ...quotedForms(form), ...base64Forms(form)]);
};

const quotedForms = (secret: string): readonly string[] => {
  const json = JSON.stringify(secret).slice(1, -1);
  const forms = [
    json,
    JSON.stringify(json).slice(1, -1),
    secret.replaceAll("'", `'\\''`),
    secret.replaceAll("'", `'"'"'`),
  ];
  forms.push(json.replaceAll(/[^\u0020-\u007e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`));
  // A lone surrogate has no URL form.
  if (!/\p{Surrogate}/u.test(secret)) forms.push(encodeURIComponent(secret));
  return forms;
};

/**
 * Base64 of the secret alone, and the characters that stay the same wherever it stands in something larger: three
 * alignments, without the characters at both ends that share bits with their neighbours.
 */
const base64Forms = (secret: string): readonly string[] => {
  const bytes = Buffer.from(secret);
  const inside = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replaceAll("=", "");
    const sharedEnd = (offset + bytes.length) % 3 === 0 ? 0 : 1;
    return encoded.slice(offset === 0 ? 0 : offset + 1, encoded.length - sharedEnd);
  });
  const standard = [bytes.toString("base64"), ...inside.filter((form) => form.length >= 6)];
  return standard.flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_")]);
};

const mask = (text: string, matches: readonly Match[]): string => {
  if (matches.length === 0) return text;
  let out = "";
  let from = 0;
  for (const [start, end] of matches) {
    out += text.slice(from, start) + redactedText;
    from = end;
  }
  return out + text.slice(from);
};
