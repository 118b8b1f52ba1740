import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { locateInScalar } from "../../source/locate.ts";
import type { Span } from "../../source/source-file.ts";
import type { Place } from "../../vars/types/place.ts";
import type { Expression, Template } from "../../vars/value.ts";

/** Collects what is wrong with expressions, each place once: several tasks may inherit one template. */
export class ExpressionReport {
  readonly diagnostics: Diagnostic[] = [];
  readonly #seen = new Set<string>();

  add(source: Template | Expression, place: Place | undefined, problem: Omit<Diagnostic, "span">): void {
    const span = spanOf(source, place);
    const key = `${span?.file.path}:${span?.start}:${problem.message}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.diagnostics.push({ ...problem, ...(span === undefined ? {} : { span }) });
  }

  /** Whether something is told for the first time. */
  isNew(key: string): boolean {
    return !this.#seen.has(key) && this.#seen.add(key).size > 0;
  }
}

const spanOf = ({ span, source }: Template | Expression, place: Place | undefined): Span | undefined => {
  if (span === undefined || place === undefined) return span;
  return locateInScalar(span, source, place.start, place.end);
};
