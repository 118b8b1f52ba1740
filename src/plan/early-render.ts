import type { EarlyRender } from "./plan.ts";
import { Omit } from "../vars/omit.ts";
import { type LookupEnvironment, render } from "../vars/template.ts";
import type { ValueMap } from "../vars/value.ts";

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
    if (!rendered.ok) return { error: rendered.error.message };
    return { value: rendered.value instanceof Omit ? undefined : rendered.value };
  };
