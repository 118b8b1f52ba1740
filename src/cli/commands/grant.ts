import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Reporter } from "../../events/event.ts";
import { defaultGrantPolicy, parseDuration, readGrantOptions } from "../../access/grant-options.ts";
import { allVariables } from "../../inventory/layers.ts";
import { holdsPrivateKey, keyFingerprint } from "../../modules/authorized_key/public-key.ts";
import type { Plan } from "../../plan/plan.ts";
import { exitCodes } from "../../run/exit-code.ts";
import { grantId } from "../../run/grant-tasks.ts";
import { err, ok, type Result } from "../../util/result.ts";
import type { GrantDetails } from "../grant-recorder.ts";
import type { Io } from "../io.ts";
import { textOf, textsOf } from "../given-texts.ts";
import type { GivenOptions } from "../options.ts";
import { runCommand } from "./run.ts";
import { usage } from "../usage.ts";

/** The playbooks that come with the program. */
export const shippedPlaybook = (name: string): string =>
  fileURLToPath(new URL(`../../../playbooks/${name}`, import.meta.url));

/**
 * `latchkey grant`: playbooks/cloud.yml where a host is in one, network.yml, grant.yml and check.yml, with who is let in, for which
 * ticket and until when.
 */
export const grantCommand = async (given: GivenOptions, io: Io): Promise<number> => {
  const ticket = textOf(given["ticket"]);
  const wish = textOf(given["for"]);
  if (ticket === undefined) return usage(io, "a grant needs --ticket: the ticket that asks for this access");
  if (wish === undefined) return usage(io, "a grant needs --for: how long, such as 90m or 4h, or until when");
  const written = {
    ticket,
    expires: wish,
    owner: textOf(given["owner"]) ?? userInfo().username,
    ...(given["reason"] === undefined ? {} : { reason: given["reason"] }),
    ...(given["grant"] === undefined ? {} : { id: given["grant"] }),
  };
  const now = new Date();
  // How long it may be at most is for the playbook's policy to say.
  const options = readGrantOptions(written, now, { ...defaultGrantPolicy, maxDurationMs: Number.MAX_SAFE_INTEGER });
  if (!options.ok) return usage(io, `${options.error.message}; ${options.error.hint ?? ""}`);
  // One time for all hosts, however long it takes to reach them.
  const expires = options.value.expires.toISOString();
  const asked = { verb: "grant" as const, grant: options.value.id ?? grantId(ticket), ticket, expires };
  if (given["adopt"] === true) return adopt(given, io, { written: { ...written, expires }, asked });
  if (given["knownKeys"] !== undefined) return usage(io, "--known-keys is for --adopt");
  const keys = readKeys("key", given, io);
  if (!keys.ok) return usage(io, keys.error);
  const authorities = readKeys("ca", given, io);
  if (!authorities.ok) return usage(io, authorities.error);
  const loginKey = readLoginKey(given, io);
  if (!loginKey.ok) return usage(io, loginKey.error);
  if (loginKey.value !== undefined && keys.value.length === 0 && authorities.value.length > 0) {
    return usage(io, "--login-key is the private half of a --key: no login is tried with a certificate");
  }
  const variables = {
    ...(keys.value.length === 0 ? {} : { support_keys: keys.value }),
    ...(authorities.value.length === 0 ? {} : { support_authorities: authorities.value }),
    ...(loginKey.value === undefined ? {} : { support_login_key: loginKey.value }),
    ...(given["command"] === undefined ? {} : { support_command: given["command"] }),
    latchkey_grant: { ...written, expires },
  };
  const prints = { keys: fingerprintsOf(keys.value), authorities: fingerprintsOf(authorities.value) };
  // What was opened first is closed last: a host that cannot be reached any more proves nothing of its accounts.
  const playbooks = ["cloud.yml", "network.yml", "grant.yml", "check.yml"].map(shippedPlaybook);
  const exitCode = await runCommand(playbooks, withVariables(given, variables), io, {
    leaveOut: (plan, path) => path === playbooks[0] && !knowsCloud(plan),
    grant: {
      asked,
      ...(prints.keys.length === 0 ? {} : { keys: prints.keys }),
      ...(prints.authorities.length === 0 ? {} : { authorities: prints.authorities }),
    },
  });
  if (loginKey.value === undefined && exitCode === exitCodes.ok && given["check"] !== true)
    io.stderr.write(noLoginTried);
  return exitCode;
};

/** Whether some host has a variable of a cloud: most inventories know of none, and are to see nothing of it. */
const knowsCloud = ({ inventory, playbooks, extraVars }: Plan): boolean =>
  [extraVars, ...playbooks.flatMap(({ adjacent }) => [...allVariables(inventory, adjacent)])].some(
    (vars) => "openstack_server" in vars || "openstack_security_group" in vars,
  );

const noLoginTried = "latchkey: no login was tried, only each host's sshd was asked: --login-key FILE tries one\n";

/** `latchkey grant --adopt`: playbooks/adopt.yml, which takes what was set up by hand under a grant. */
const adopt = async (
  given: GivenOptions,
  io: Io,
  { written, asked }: { readonly written: object; readonly asked: NonNullable<GrantDetails["asked"]> },
): Promise<number> => {
  if (textsOf(given["key"]).length > 0) return usage(io, "--adopt lets nobody in, so that it has no use for --key");
  const { readKnownKeys } = await import("./sweep.ts");
  const known = readKnownKeys("--adopt", given, io);
  if (!known.ok) return usage(io, known.error);
  const variables = { known_blobs: [...known.value.keys()], latchkey_grant: written };
  return runCommand([shippedPlaybook("adopt.yml")], withVariables(given, variables), io, { grant: { asked } });
};

/**
 * `latchkey revoke`: playbooks/revoke.yml, for one grant, a ticket, or all. Where logins are to be tried, withdraw.yml before
 * it tries one while the account is there, and refused.yml one when all is closed.
 */
export const revokeCommand = async (given: GivenOptions, io: Io): Promise<number> => {
  const [grant, ticket] = [textOf(given["grant"]), textOf(given["ticket"])];
  if (grant !== undefined && ticket !== undefined) return usage(io, "either --grant or --ticket");
  if (grant === undefined && ticket === undefined && textsOf(given["limit"]).length === 0) {
    return usage(io, "which access is to end: --grant ID, --ticket T, or all on the hosts of --limit PATTERN");
  }
  const which = grant === undefined ? (ticket === undefined ? { all: true } : { ticket }) : { id: grant };
  const name = grant ?? (ticket === undefined ? undefined : grantId(ticket));
  const asked = name === undefined ? {} : { asked: { verb: "revoke" as const, grant: name } };
  const loginKey = readLoginKey(given, io);
  if (!loginKey.ok) return usage(io, loginKey.error);
  const playbooks = (loginKey.value === undefined ? ["revoke.yml"] : ["withdraw.yml", "revoke.yml", "refused.yml"]).map(
    shippedPlaybook,
  );
  const variables = {
    support_revoke: which,
    ...(loginKey.value === undefined ? {} : { support_login_key: loginKey.value }),
  };
  const run = (listener?: Reporter): Promise<number> =>
    runCommand(playbooks, withVariables(given, variables), io, {
      grant: asked,
      revoked: {
        ...(grant === undefined ? {} : { grant }),
        ...(ticket === undefined ? {} : { ticket }),
        ofHosts: textsOf(given["limit"]).length > 0,
      },
      ...(listener === undefined ? {} : { beside: listener }),
    });
  if (given["receipt"] === undefined && given["sign"] === undefined) return run();
  const { runWithReceipt } = await import("./receipt.ts");
  return runWithReceipt(given, io, run);
};

/** `latchkey extend`: another end for an open grant. */
export const extendCommand = (given: GivenOptions, io: Io): Promise<number> | number => {
  const [grant, wish] = [textOf(given["grant"]), textOf(given["for"])];
  if (grant === undefined || wish === undefined) return usage(io, "extend needs --grant ID and --for, such as 2h");
  const ms = parseDuration(wish);
  if (ms === undefined || ms === 0) return usage(io, `--for "${wish}" is no duration: write 90m, 4h or 2d`);
  const variables = {
    grant_id: grant,
    grant_expires: Math.floor((Date.now() + ms) / 1000),
    grant_longest: Math.floor(defaultGrantPolicy.maxDurationMs / 1000),
  };
  return runCommand([shippedPlaybook("extend.yml")], withVariables(given, variables), io, {
    grant: { asked: { verb: "extend", grant } },
  });
};

/** The options with variables of the command itself, which win over what `-e` says. */
export const withVariables = (given: GivenOptions, variables: object): GivenOptions => ({
  ...given,
  extraVars: [...textsOf(given["extraVars"]), JSON.stringify(variables)],
});

/** The lines of the files of public keys that an option names. */
export const readKeys = (option: "key" | "ca", given: GivenOptions, io: Io): Result<readonly string[], string> => {
  const keys: string[] = [];
  for (const file of textsOf(given[option])) {
    try {
      const lines = readFileSync(resolve(io.cwd, file), "utf8").split(/\r?\n/);
      keys.push(...lines.filter((line) => line.trim() !== "" && !line.startsWith("#")));
    } catch (error) {
      return err(`--${option} ${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return ok(keys);
};

/** The path of the private key; what is none is told before anything is done, since a revoke can be proven only once. */
export const readLoginKey = (given: GivenOptions, io: Io): Result<string | undefined, string> => {
  const file = textOf(given["loginKey"]);
  if (file === undefined) return ok(undefined);
  const path = resolve(io.cwd, file);
  try {
    if (holdsPrivateKey(readFileSync(path, "utf8"))) return ok(path);
  } catch (error) {
    return err(`--login-key ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return err(`--login-key ${file}: it holds no private key`);
};

const fingerprintsOf = (keys: readonly string[]): readonly string[] =>
  keys.map(keyFingerprint).flatMap((print) => (print.ok ? [print.value] : []));
