import type { Arguments } from "../evaluate/arguments.ts";
import type { Evaluation, Filter } from "../evaluate/evaluation.ts";
import { type Live, typeName } from "../evaluate/live.ts";
import { Fault } from "../evaluate/fault.ts";
import { text } from "../python/text.ts";

/** Filters by name. */
export type FilterTable = Readonly<Record<string, Filter>>;

/** A filter from its parameters' names, separated by blanks, and what it does. */
export const filter = (
  parameters: string,
  run: (value: Live, args: Arguments, evaluation: Evaluation) => Live,
): Filter => ({ parameters: parameters === "" ? [] : parameters.split(" "), run });

/** A filter that takes a text (anything else is written as Python writes it) and nothing more. */
export const textFilter = (run: (value: string) => Live): Filter => filter("", (value) => run(text(value)));

/** A value that must be a text already. @throws Fault */
export const requireText = (value: Live, name: string): string => {
  if (typeof value === "string") return value;
  throw new Fault(`the filter '${name}' needs a string, not ${typeName(value)}`);
};

/** A filter that takes a text, and nothing else for one. */
export const strictTextFilter = (name: string, run: (value: string) => Live): Filter =>
  filter("", (value) => run(requireText(value, name)));

/** A filter that may be given what is not defined, or arguments that are not. */
export const tolerant = (
  parameters: string,
  run: (value: Live, args: Arguments, evaluation: Evaluation) => Live,
): Filter => ({ ...filter(parameters, run), accepts: "undefined" });
