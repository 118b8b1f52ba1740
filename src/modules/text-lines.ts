/** The lines of a text, each with its line break; the last one may have none. */
export const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** A line without the line break and carriage returns at its end. */
export const withoutBreak = (line: string): string => line.replace(/[\r\n]+$/, "");

/** The same where a lone carriage return ends a line too, as Python's `splitlines` has it. */
export const linesOfAnyBreak = (text: string): string[] => text.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? [];
