import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { MapEntry } from "../../source/node.ts";
import type { Plan } from "../plan.ts";
import { checkFiles } from "./check-files.ts";
import { checkHandlers } from "./check-handlers.ts";
import { checkHosts } from "./check-hosts.ts";
import { checkPublicKeys } from "./check-public-keys.ts";
import { checkTemplates } from "./check-templates.ts";
import { checkVariables } from "./check-variables.ts";

/** Everything that can be known to be wrong before a host is asked; one check a file. */
export const checkPlan = (plan: Plan, extraVars: readonly MapEntry[]): readonly Diagnostic[] => [
  ...[checkTemplates, checkVariables, checkHandlers, checkHosts, checkFiles].flatMap((check) => check(plan)),
  ...checkPublicKeys(plan, extraVars),
];
