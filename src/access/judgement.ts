import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/** What is wrong with a value, wherever it is written. */
export type Judgement = Pick<Diagnostic, "severity" | "message" | "hint">;
