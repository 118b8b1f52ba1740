import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluate, type LookupEnvironment } from "../template.ts";
import { Expression, type Value, type ValueMap } from "../value.ts";
import { inferExpression } from "./infer.ts";
import type { TypeScope } from "./inference.ts";
import { any } from "./type.ts";
import { typeOfValue } from "./type-of-value.ts";

/**
 * What evaluates without an error is never told to be wrong by the types of its values: the guard against false alarms.
 * Conditions are left out of the expressions, since what they skip is looked at all the same.
 */
const leaf = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer({ min: -3, max: 30 }),
  fc.constantFrom(0.5, 2.25),
  fc.constantFrom("", "a", "b c", "12", "a=1", '{"a": 1}', "2026-01-02"),
);
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    leaf,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "key", "value", "results"), tie("value"), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  ),
}));

const plainFilters =
  "abs b64encode basename bool capitalize checksum comment count dict2items dictsort dirname first flatten float from_yaml " +
  "int items items2dict last length list lower max md5 min normpath path_join quote reverse round select sort splitext " +
  "string sum title to_json to_nice_json to_nice_yaml to_yaml trim type_debug unique upper urlencode wordcount hash";
const plainTests =
  "boolean callable changed defined even failed false falsy float integer iterable lower mapping none number odd sequence " +
  "skipped string succeeded true truthy undefined upper any all";
const methods =
  "split() strip() items() keys() values() lower() upper() splitlines() title() isdigit() get('a') startswith('a') count('a')";

const name = fc.constantFrom("x", "y", "z");
const literal = fc.constantFrom("1", "2.5", "'a'", "'12'", "true", "none", "[1, 'a']", "{'a': 1}", "[]");
const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const inner = tie("expression");
  const format = (parts: readonly fc.Arbitrary<string>[], join: (...texts: string[]) => string): fc.Arbitrary<string> =>
    fc.tuple(...parts).map((texts) => join(...texts));
  const words = (text: string): fc.Arbitrary<string> => fc.constantFrom(...text.split(" "));
  return {
    expression: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      name,
      literal,
      format([name, words(".a .b ['key'] [0] [-1] .0 [1:] .results")], (object, key) => object + key),
      format([inner, words(".a ['b'] [0]")], (object, key) => `(${object})${key}`),
      format([inner, words(plainFilters)], (input, filter) => `${wrapped(input)} | ${filter}`),
      format(
        [inner, inner, words("union intersect difference combine zip replace regex_replace join product")],
        (a, b, filter) =>
          filter === "replace" ? `${wrapped(a)} | replace(${b}, 'z')` : `${wrapped(a)} | ${filter}(${b})`,
      ),
      format(
        [inner, words("upper int string bool type_debug")],
        (input, filter) => `${wrapped(input)} | map('${filter}') | list`,
      ),
      format([inner, literal], (input, fallback) => `${wrapped(input)} | default(${fallback})`),
      format([inner, words(plainTests)], (input, test) => `${wrapped(input)} is ${test}`),
      format(
        [inner, inner, words("eq ne lt ge in subset contains divisibleby match")],
        (a, b, test) => `${wrapped(a)} is ${test}(${b})`,
      ),
      format(
        [inner, inner, words("+ - * / // % ** ~ == != < <= > >= in")],
        (a, b, operator) => `${wrapped(a)} ${operator} ${wrapped(b)}`,
      ),
      format([inner, words(methods)], (object, method) => `${wrapped(object)}.${method}`),
      format([inner, words("- not")], (operand, operator) => `${operator} ${wrapped(operand)}`),
    ),
  };
});

const wrapped = (text: string): string => `(${text})`;

const lookups: LookupEnvironment = {
  searchPaths: [],
  env: {},
  now: () => new Date(0),
  readFile: () => ({ ok: false, error: "none" }),
  fileKind: () => undefined,
  list: () => [],
  isLink: () => false,
  realPath: (path) => path,
  playbookFolder: "/",
  writeSecret: () => ({ ok: false, error: "none" }),
  runPipe: () => ({ ok: false, error: "none" }),
  fetchUrl: () => ({ ok: false, error: "none" }),
};

describe("types of values", () => {
  it("never tell that something is wrong with what evaluates", () => {
    let evaluated = 0;
    fc.assert(
      fc.property(fc.record({ x: value, y: value, z: value }), expression, (vars: ValueMap, source) => {
        const context = { variable: (key: string) => vars[key], names: () => Object.keys(vars), lookups };
        const result = evaluate(new Expression(source), context);
        if (!result.ok) return;
        evaluated += 1;
        const scope: TypeScope = {
          variable: (key) => (Object.hasOwn(vars, key) ? typeOfValue(vars[key] ?? null, () => any) : undefined),
        };
        const { problems } = inferExpression(new Expression(source), scope);
        // A comparison that is always false is told, and is no failure.
        const failures = problems.filter(({ kind, message }) => kind !== "text" && !/this is always/.test(message));
        expect(failures).toEqual([]);
      }),
      { numRuns: Number(process.env["RUNS"] ?? 4000) },
    );
    // Most of what is made up at random fails; enough does not.
    expect(evaluated).toBeGreaterThan(500);
  });
});
