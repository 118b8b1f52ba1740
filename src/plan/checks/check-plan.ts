import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { checkAccounts } from "./check-accounts.ts";
import { checkExpressions } from "./check-expressions.ts";
import { checkFiles } from "./check-files.ts";
import { checkGrant } from "./check-grant.ts";
import { checkHosts } from "./check-hosts.ts";
import { checkPublicKeys } from "./check-public-keys.ts";
import { checkSources } from "./check-sources.ts";
import { checkSudoers } from "./check-sudoers.ts";
import { checkTemplates } from "./check-templates.ts";
import { checkUndo } from "./check-undo.ts";
import { checkVaults } from "./check-vaults.ts";
import type { CheckInput } from "./known-values.ts";

/** Everything that can be known to be wrong before a host is asked; one check a file. */
export const checkPlan = (input: CheckInput): readonly Diagnostic[] => [
  ...[checkTemplates, checkHosts, checkFiles, checkVaults].flatMap((check) => check(input.plan)),
  ...[checkExpressions, checkPublicKeys, checkAccounts, checkSudoers, checkSources, checkGrant, checkUndo].flatMap(
    (check) => check(input),
  ),
];
