import { Omit } from "../vars/omit.ts";
import { type LookupEnvironment, render } from "../vars/template.ts";
import type { Value, ValueMap } from "../vars/value.ts";

/** What came of a value; "undefined" is what a host's variables may still define. */
export type Rendered = { readonly value: unknown } | { readonly error: string; readonly isUndefined: boolean };

/** A value with the variables that it is rendered with before any host is known. */
export type EarlyRender = (value: Value, vars: ValueMap) => Rendered;

/** Renders with what is known before any host: the command line's variables, then the play's. */
export const createEarlyRender =
  (extraVars: ValueMap, lookups: LookupEnvironment): EarlyRender =>
  (value, vars) => {
    const scope: ValueMap = { ...vars, ...extraVars };
    const rendered = render(value, {
      variable: (name) => (Object.hasOwn(scope, name) ? scope[name] : undefined),
      names: () => Object.keys(scope),
      lookups,
    });
    if (!rendered.ok) return { error: rendered.error.message, isUndefined: rendered.error.isUndefined === true };
    return { value: rendered.value instanceof Omit ? undefined : rendered.value };
  };
