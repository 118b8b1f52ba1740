import type { Play, VarsPrompt } from "../playbook/playbook.ts";
import { coerce } from "../schema/coerce.ts";
import { err, ok, type Result } from "../util/result.ts";
import { Omit } from "../vars/omit.ts";
import { text } from "../vars/python/text.ts";
import { render, type TemplateContext } from "../vars/template.ts";
import { type Plain, type PlainMap, Template, type ValueMap } from "../vars/value.ts";
import type { RunServices } from "./run-services.ts";

/** What asking needs of a run. */
export type AskServices = Pick<RunServices, "io" | "emit" | "redact" | "signal"> & {
  readonly variables: Pick<RunServices["variables"], "extraVars">;
};

/**
 * Asks for the variables of a play's `vars_prompt`, but for those that -e gives. Without a terminal the defaults are
 * taken; the error names a variable that has none.
 */
export const askVars = async (
  services: AskServices,
  play: Play,
  context: TemplateContext,
): Promise<Result<ValueMap, string>> => {
  const answers: Record<string, string> = {};
  for (const prompt of play.varsPrompt) {
    if (Object.hasOwn(services.variables.extraVars, prompt.name)) continue;
    const options = readOptions(prompt, context);
    if (!options.ok) return options;
    const answer = await ask(services, options.value);
    if (!answer.ok) return answer;
    const value = encrypted(answer.value, options.value, context);
    if (!value.ok) return value;
    // What stands in the playbook for everybody to read is no secret; what was typed unseen is one, and so is its hash.
    if (options.value.private && answer.value !== options.value.default) {
      services.redact.add(answer.value);
      services.redact.add(value.value);
    }
    answers[prompt.name] = value.value;
  }
  return ok(answers);
};

interface Options {
  readonly name: string;
  readonly question: string;
  readonly default: string | undefined;
  readonly private: boolean;
  readonly confirm: boolean;
  readonly encrypt: PlainMap | undefined;
}

const readOptions = ({ name, options }: VarsPrompt, context: TemplateContext): Result<Options, string> => {
  const rendered = render(options, context);
  if (!rendered.ok) return err(`vars_prompt for "${name}": ${rendered.error.message}`);
  const values = (rendered.value instanceof Omit ? {} : rendered.value) as PlainMap;
  const given = (key: string): Plain | undefined => values[key] ?? undefined;
  const flag = (key: string, usual: boolean): boolean => {
    const value = coerce({ type: "boolean" }, given(key) ?? usual);
    return value.ok ? value.value === true : usual;
  };
  const fallback = given("default");
  const usual = fallback === undefined ? "" : ` [${text(fallback)}]`;
  const { encrypt, salt, salt_size } = values;
  return ok({
    name,
    question: `${text(given("prompt") ?? name)}${usual}: `,
    default: fallback === undefined ? undefined : text(fallback),
    private: flag("private", true),
    confirm: flag("confirm", false),
    encrypt:
      (encrypt ?? null) === null ? undefined : { scheme: encrypt ?? null, salt: salt ?? null, size: salt_size ?? null },
  });
};

const ask = async (services: AskServices, options: Options): Promise<Result<string, string>> => {
  const { name, question, confirm } = options;
  if (!services.io.canPrompt()) {
    const where = `cannot ask for "${name}": standard input is no terminal`;
    if (options.default === undefined) return err(`${where}; give it with -e ${name}=…`);
    services.emit({ type: "diagnostic", severity: "warning", message: `${where}; its default is taken` });
    return ok(options.default);
  }
  const type = (asked: string): Promise<Result<string, string>> =>
    services.io.prompt(asked, !options.private, services.signal);
  for (let before = ""; ; before = "The two do not match.\n") {
    const answer = await type(before + question);
    if (!answer.ok) return answer;
    const again = confirm ? await type(`confirm ${question}`) : answer;
    if (!again.ok) return again;
    if (again.value === answer.value) return ok(answer.value === "" ? (options.default ?? "") : answer.value);
  }
};

/** The answer, or with `encrypt` its hash. */
const encrypted = (answer: string, { name, encrypt }: Options, context: TemplateContext): Result<string, string> => {
  if (encrypt === undefined) return ok(answer);
  const values: PlainMap = { ...encrypt, answer };
  const salting = encrypt["size"] === null ? "" : ", salt_size=size";
  const hash = new Template(`{{ answer | password_hash(scheme, salt=salt${salting}) }}`);
  const rendered = render(hash, { ...context, variable: (wanted) => values[wanted], names: () => Object.keys(values) });
  return rendered.ok ? ok(text(rendered.value as Plain)) : err(`vars_prompt for "${name}": ${rendered.error.message}`);
};
