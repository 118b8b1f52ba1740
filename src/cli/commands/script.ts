import { createHash } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { defaultGrantPolicy, parseDuration, readGrantOptions } from "../../access/grant-options.ts";
import { readGrantPolicy } from "../../access/grant-policy.ts";
import { signaturePath } from "../../access/receipt-file.ts";
import { applyLimit } from "../../inventory/limit.ts";
import { selectHosts } from "../../inventory/select.ts";
import { readExtraVars } from "../../plan/extra-vars.ts";
import { loadPlan } from "../../plan/load.ts";
import type { Plan } from "../../plan/plan.ts";
import { exitCodes } from "../../run/exit-code.ts";
import { grantId } from "../../run/grant-tasks.ts";
import { compileScript, type ScriptGrant } from "../../script/compile-script.ts";
import { inspectText } from "../../script/inspect.ts";
import { type DefaultVerb, type ScriptDescription, scriptText } from "../../script/script-file.ts";
import { escapeForTerminal } from "../../util/escape.ts";
import { err, ok, type Result } from "../../util/result.ts";
import type { Plain, PlainMap } from "../../vars/value.ts";
import type { Vault } from "../../vault/vault.ts";
import { readVault, throughVault } from "../vault.ts";
import type { Io } from "../io.ts";
import { createLookups } from "../lookups.ts";
import type { GivenOptions } from "../options.ts";
import { printDiagnostics } from "../print-diagnostics.ts";
import { readRunOptions } from "../read-run-options.ts";
import { createRunIo } from "../run-io.ts";
import { scriptNamespace, signFile } from "../ssh-keygen.ts";
import { version } from "../version.ts";
import { readKeys, withVariables } from "./grant.ts";
import { textOf, textsOf } from "../given-texts.ts";
import { checkReadable } from "./receipt.ts";
import { usage } from "../usage.ts";

/** How long access stays open where nothing else is said. */
const usualDuration = "24h";

/** `latchkey script`: one POSIX script that grants and revokes on the host where it is run, for a customer without SSH. */
export const scriptCommand = async (playbooks: readonly string[], given: GivenOptions, io: Io): Promise<number> => {
  const output = textOf(given["output"]);
  const inspect = given["inspect"] === true;
  if (output === undefined && !inspect)
    return usage(io, "give -o FILE: where the script is to be written, or --inspect");
  const path = output === undefined ? undefined : resolve(io.cwd, output);
  if (path !== undefined && basename(path) === "revoke.sh") {
    return usage(
      io,
      "-o revoke.sh: that is the name of the script that only revokes, which is written beside this one",
    );
  }
  const keys = readKeys("key", given, io);
  if (!keys.ok) return usage(io, keys.error);
  // A script goes to customers: what is vaulted stays closed.
  const vault = await readVault(given, io, { keepsValuesClosed: true });
  if (!vault.ok) return usage(io, vault.error);
  const written = writtenGrant(given, io, vault.value);
  if (!written.ok) return usage(io, written.error);
  // How long it may be at most is for the playbook's policy to say.
  const read = readGrantOptions(written.value, new Date(), { ...defaultGrantPolicy, maxDurationMs: Infinity });
  if (!read.ok) return usage(io, `${read.error.message}; ${read.error.hint ?? ""}`);
  const key = textOf(given["sign"]);
  const unreadable = key === undefined ? undefined : await checkReadable(resolve(io.cwd, key));
  if (unreadable !== undefined) return usage(io, `--sign: ${escapeForTerminal(unreadable)}`);
  const variables = {
    ...(keys.value.length === 0 ? {} : { support_keys: keys.value }),
    latchkey_grant: written.value,
  };
  const options = readRunOptions(given);
  if (!options.ok) return usage(io, options.error);
  const lookups = createLookups(io, vault.value);
  const sources = textsOf(given["inventory"]);
  const { plan, diagnostics } = await loadPlan({
    playbooks,
    inventory: sources.length === 0 ? ["localhost,"] : sources,
    extraVars: textsOf(withVariables(given, variables)["extraVars"]),
    limit: textsOf(given["limit"]),
    options: options.value,
    cwd: io.cwd,
    lookups: lookups([io.cwd]),
    vault: vault.value,
  });
  if (printDiagnostics(throughVault(diagnostics, vault.value), io) !== exitCodes.ok) return exitCodes.diagnostics;
  const host = oneHost(plan);
  if (!host.ok) return usage(io, host.error);
  const grant = grantOf(written.value, plan);
  if (!grant.ok) return usage(io, grant.error);
  const compiled = await compileScript({
    plan,
    grant: grant.value,
    host: host.value,
    io: createRunIo(io, vault.value),
    lookups,
  });
  if (printDiagnostics(compiled.diagnostics, io) !== exitCodes.ok) return exitCodes.diagnostics;
  const { script } = compiled;
  const about = describe(playbooks, script.variable, grant.value, { io, extraVars: plan.extraVars });
  if (!about.ok) return usage(io, about.error);
  if (inspect) io.stdout.write(inspectText(script, about.value));
  if (path === undefined) return exitCodes.ok;
  // An option that begins with "no-" is true until it is given.
  const verb: DefaultVerb = given["noDefaultVerb"] === false ? "none" : "grant";
  const files = [
    [path, scriptText(script, about.value, verb)],
    [join(dirname(path), "revoke.sh"), scriptText(script, about.value, "revoke")],
  ] as const;
  return writeScripts(files, given, io);
};

/** What `latchkey_grant` is to be, from the options, over what `-e` says. */
const writtenGrant = (given: GivenOptions, io: Io, vault: Vault): Result<PlainMap, string> => {
  const extra = readExtraVars(textsOf(given["extraVars"]), io.cwd, [], vault).values;
  const before = extra["latchkey_grant"];
  if (before !== undefined && (typeof before !== "object" || before === null || Array.isArray(before))) {
    return err('latchkey_grant is a mapping, such as {"ticket": "OPS-1234", "expires": "4h"}');
  }
  const account = typeof extra["support_user"] === "string" ? extra["support_user"] : "support";
  const values: Record<string, Plain | undefined> = {
    ticket: account,
    expires: usualDuration,
    ...(before as PlainMap | undefined),
    ...definedOf({ ticket: given["ticket"], expires: given["for"], id: given["grant"] }),
    ...definedOf({ owner: given["owner"], reason: given["reason"] }),
  };
  return ok(definedOf(values) as PlainMap);
};

const definedOf = (values: Readonly<Record<string, unknown>>): PlainMap =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as PlainMap;

/** The grant of the script. A duration counts from the moment when a customer runs it, so the longest is kept as well. */
const grantOf = (written: PlainMap, plan: Plan): Result<ScriptGrant, string> => {
  const policy = readGrantPolicy(plan.extraVars["latchkey_policy"]);
  const read = readGrantOptions(written, new Date(), policy.ok ? policy.value : defaultGrantPolicy);
  if (!read.ok) return err(`${read.error.message}; ${read.error.hint ?? ""}`);
  const { ticket, owner, reason, expires, confirmSeconds, id } = read.value;
  const ms = typeof written["expires"] === "string" ? parseDuration(written["expires"]) : undefined;
  return ok({
    id: id ?? grantId(ticket),
    ticket,
    ...(owner === undefined ? {} : { owner }),
    ...(reason === undefined ? {} : { reason }),
    lasts: ms === undefined ? { until: Math.floor(expires.getTime() / 1000) } : { seconds: Math.floor(ms / 1000) },
    confirmSeconds,
    longestSeconds: Math.floor((policy.ok ? policy.value : defaultGrantPolicy).maxDurationMs / 1000),
  });
};

const oneHost = (plan: Plan): Result<string, string> => {
  const all = selectHosts(["all"], plan.inventory).hosts;
  const { hosts } = applyLimit(all, plan.options.limit, plan.inventory);
  const [host, ...others] = hosts;
  if (host !== undefined && others.length === 0) return ok(host);
  return err(`a script is for one host, whose variables it takes: choose one of ${hosts.length} with --limit HOST`);
};

const describe = (
  playbooks: readonly string[],
  variable: (name: string) => Plain | undefined,
  grant: ScriptGrant,
  { io, extraVars }: { readonly io: Io; readonly extraVars: Plan["extraVars"] },
): Result<ScriptDescription, string> => {
  const account = variable("support_user");
  if (typeof account !== "string")
    return err("the playbook has no support_user: the account that the last line speaks of");
  const wanted = variable("support_delete_env") ?? `${account.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}DEL`;
  if (typeof wanted !== "string" || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(wanted)) {
    return err(`support_delete_env is no name of a variable of the environment: ${JSON.stringify(wanted)}`);
  }
  const hashed = playbooks.map((path) => ({ name: basename(path), hash: sha256(readFileSync(resolve(io.cwd, path))) }));
  return ok({
    playbooks: hashed,
    hash: sha256(JSON.stringify([hashed, extraVars])),
    version: version(),
    made: new Date(),
    account,
    deleteVariable: wanted,
    grant,
  });
};

const sha256 = (content: string | Buffer): string => createHash("sha256").update(content).digest("hex");

/** Writes the scripts, each whole or not at all, with what lets a customer check them. */
const writeScripts = (files: readonly (readonly [string, string])[], given: GivenOptions, io: Io): number => {
  const key = textOf(given["sign"]);
  for (const [path, content] of files) {
    const sum = sha256(content);
    const wanted = [[path, content], ...(key === undefined ? [] : [[`${path}.sha256`, `${sum}  ${basename(path)}\n`]])];
    try {
      for (const [file = "", body = ""] of wanted) {
        writeFileSync(`${file}.new`, body, { mode: 0o644 });
        renameSync(`${file}.new`, file);
      }
    } catch (error) {
      return usage(io, `-o: ${escapeForTerminal(error instanceof Error ? error.message : String(error))}`);
    }
    io.stdout.write(`script: ${escapeForTerminal(path)}\nsha256: ${sum}\n`);
    if (key === undefined) continue;
    rmSync(signaturePath(path), { force: true });
    const signed = signFile(path, resolve(io.cwd, key), io, scriptNamespace);
    if (!signed.ok) {
      io.stderr.write(`latchkey: the script is not signed: ${escapeForTerminal(signed.error.message)}\n`);
      return exitCodes.failed;
    }
    io.stdout.write(`signature: ${escapeForTerminal(signaturePath(path))}\n`);
  }
  return exitCodes.ok;
};
