import type { Plain, PlainMap } from "../../vars/value.ts";

/** What a service or a file says, as the type that it should have: another one counts as absent. */

export const isMap = (value: Plain | undefined): value is PlainMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const mapOf = (value: Plain | undefined): PlainMap => (isMap(value) ? value : {});

export const listOf = (value: Plain | undefined): readonly Plain[] => (Array.isArray(value) ? value : []);

/** A text, or a number or a boolean as one; an empty one is none. */
export const textOf = (value: Plain | undefined): string | undefined =>
  value === undefined || value === null || value === "" || typeof value === "object" ? undefined : String(value);
