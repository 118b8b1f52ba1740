import { commonReturns } from "../../src/modules/common-returns.ts";
import type { Module, ReturnedValue, ReturnedValues } from "../../src/modules/module.ts";
import { isMap } from "./case-file.ts";

/** The keys of a result (or of what is expected of one) that its module's `returns` does not know, or has another type for. */
export const untoldKeys = (module: Pick<Module, "returns" | "anyReturns">, result: unknown): readonly string[] =>
  module.anyReturns === true ? [] : untold({ ...commonReturns, ...module.returns }, result, "");

const untold = (told: ReturnedValues, value: unknown, path: string): readonly string[] =>
  isMap(value)
    ? Object.entries(value).flatMap(([key, inner]) => {
        const at = `${path}${key}`;
        const known = Object.hasOwn(told, key) ? told[key] : undefined;
        return known === undefined ? [`${at} is not in returns`] : untoldIn(known, inner, at);
      })
    : [];

const untoldIn = (known: ReturnedValue, value: unknown, at: string): readonly string[] => {
  if (value === null || value === undefined) return [];
  if (!typesOf(value).includes(known.type)) return [`${at} is told to be a ${known.type}: ${JSON.stringify(value)}`];
  if (known.contains === undefined) return [];
  const { contains } = known;
  return (Array.isArray(value) ? value : [value]).flatMap((inner) => untold(contains, inner, `${at}.`));
};

/** The types that a value may be told to have; a text that is a regular expression of a case stands for any. */
const typesOf = (value: unknown): readonly ReturnedValue["type"][] => {
  if (typeof value === "string")
    return /^\/[\s\S]*\/$/.test(value) ? ["string", "integer", "number", "any"] : ["string", "any"];
  if (typeof value === "number") return Number.isInteger(value) ? ["integer", "number", "any"] : ["number", "any"];
  if (typeof value === "boolean") return ["boolean", "any"];
  return [Array.isArray(value) ? "array" : "object", "any"];
};
