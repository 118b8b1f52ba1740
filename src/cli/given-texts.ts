import type { GivenOptions } from "./options.ts";

/** An option that was given once. */
export const textOf = (value: GivenOptions[string]): string | undefined =>
  typeof value === "string" ? value : undefined;

/** An option that may be given several times. */
export const textsOf = (value: GivenOptions[string]): readonly string[] => (Array.isArray(value) ? value : []);
