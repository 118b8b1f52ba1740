import { createRequire } from "node:module";
import type * as AjvModule from "ajv";
import type { Ajv as AjvInstance, ErrorObject, ValidateFunction } from "ajv";
import type { OptionsSchema } from "./option-schema.ts";
import type { ArgumentProblem } from "./problem.ts";

/** Keywords that coercion and the check of choices already answer for: a schema of only these needs no compiled validator. */
const answered: ReadonlySet<string> = new Set(["type", "enum", "default", "description", "items", "examples"]);

/**
 * Checks what a schema says beyond types, choices and required options: patterns, limits, the insides of mappings.
 *
 * The validator is compiled when a schema first needs one: importing ajv costs 30 ms and compiling a schema 5 ms, most
 * of what `--syntax-check` may take, and most modules need neither.
 */
export const checkConstraints = (
  schema: OptionsSchema,
  values: Readonly<Record<string, unknown>>,
): ArgumentProblem[] => {
  const validate = validatorOf(schema);
  if (validate === undefined || validate(values)) return [];
  return (validate.errors ?? []).map(constraintProblem);
};

const validators = new WeakMap<OptionsSchema, { readonly validate: ValidateFunction | undefined }>();

const validatorOf = (schema: OptionsSchema): ValidateFunction | undefined => {
  const known = validators.get(schema);
  if (known !== undefined) return known.validate;
  const properties = Object.entries(schema.properties).filter(([, option]) => isConstrained(option));
  const validate = properties.length === 0 ? undefined : ajv().compile({ properties: Object.fromEntries(properties) });
  validators.set(schema, { validate });
  return validate;
};

const isConstrained = (option: object): boolean =>
  Object.entries(option).some(
    ([keyword, value]) =>
      !answered.has(keyword) ||
      (keyword === "items" && typeof value === "object" && value !== null && isConstrained(value)),
  );

let instance: AjvInstance | undefined;

const ajv = (): AjvInstance => {
  if (instance !== undefined) return instance;
  const { Ajv } = createRequire(import.meta.url)("ajv") as typeof AjvModule;
  return (instance = new Ajv({ allErrors: true, strict: false, validateFormats: false, validateSchema: false }));
};

const constraintProblem = (error: ErrorObject): ArgumentProblem => {
  const [option = "", ...inside] = error.instancePath.split("/").slice(1);
  const where = inside.length === 0 ? "" : `at ${inside.join(".")} `;
  return { kind: "constraint", option, message: `${where}${error.message ?? "is not valid"}` };
};
