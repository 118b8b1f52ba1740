import pLimit, { type LimitFunction } from "p-limit";
import { isLive, openRules, type OpenRule, type RuleUser } from "../access/cloud-rules.ts";
import type { LedgerEntry } from "../access/ledger-record.ts";
import type { Cloud, CloudOptions, CloudPlace, OpenedRule, ProviderName, WantedRule } from "../cloud/cloud.ts";
import type { Event, Reporter } from "../events/event.ts";
import type { RunEnded } from "../run/run-plan.ts";
import type { CloudUse, RunServices } from "../run/run-services.ts";
import type { Failure } from "../util/failure.ts";
import { err, ok, type Result } from "../util/result.ts";
import type { LedgerEdge } from "./ledger-edge.ts";

/** The rules that a run opens and closes in clouds. It listens to know which grants came about. */
export interface CloudRules extends Reporter {
  readonly cloud: RunServices["cloud"];
  /** Closes what is to be closed; false where something stays open that should not. */
  readonly finish: (ended: RunEnded) => Promise<boolean>;
}

/** Which grants a revoke ends. */
export interface RevokedGrants {
  /** The id of one; with neither it nor a ticket, all. */
  readonly grant?: string;
  readonly ticket?: string;
  /** Whether only the hosts of the run are meant. */
  readonly ofHosts: boolean;
}

/** `end`: for what has to be done even where the run was interrupted. */
type OpenCloud = (options: CloudOptions, when: "run" | "end") => Promise<Result<Cloud, Failure>>;

interface Parts {
  /** A cloud, not contacted yet. */
  readonly open: OpenCloud;
  readonly ledger: LedgerEdge;
  readonly clock: () => number;
  /** The local user. */
  readonly user: string;
  readonly keepPartial: boolean;
  readonly revoked: RevokedGrants | undefined;
}

/**
 * Creates them. What a grant opens is in the ledger before its task ends, and not only at the end of the run: the host
 * cannot take it back, and a controller that dies could not either.
 */
export const createCloudRules = (parts: Parts): CloudRules => {
  const { ledger } = parts;
  const groups = new Map<string, LimitFunction>();
  const clouds = new Map<string, ReturnType<OpenCloud>>();
  /** The rules that this run made sure of, with the hosts that it opened them for. */
  const opened = new Map<string, { readonly rule: string; readonly uses: LedgerEntry[] }>();
  const hosts = new Set<string>();
  const confirmed = new Set<string>();
  const confirming = new Map<number, string>();
  let isDry = false;

  const cloudOf: OpenCloud = (options, when) => {
    const key = JSON.stringify([options, when]);
    const known = clouds.get(key) ?? parts.open(options, when);
    clouds.set(key, known);
    return known;
  };
  /** One at a time in a group: hosts that share it are to find the rule of the first. */
  const inTurn = <T>(group: string, action: () => Promise<T>): Promise<T> => {
    const turn = groups.get(group) ?? pLimit(1);
    groups.set(group, turn);
    return turn(action);
  };
  const record = async (
    cloud: Cloud,
    found: OpenedRule,
    use: GrantUse,
    place: CloudPlace,
  ): Promise<Result<OpenedRule, Failure>> => {
    const { rule, isNew } = found;
    if (rule === undefined) return ok(found);
    const mine = opened.get(rule.id);
    if (mine?.uses.some(({ host }) => host === use.host) === true) return ok(found);
    const known =
      isNew || mine !== undefined ? undefined : openRules(await ledger.records()).find((of) => of.rule === rule.id);
    // Not a grant's: whoever made it takes it away, or does not.
    if (!isNew && mine === undefined && known === undefined) return ok(found);
    if (known?.users.some(({ grant, host }) => grant === use.grant.id && host === use.host) === true) return ok(found);
    const { id, ticket, owner, reason, expires } = use.grant;
    const entry: LedgerEntry = {
      verb: "open",
      grant: id,
      ticket,
      ...(owner === undefined ? {} : { owner }),
      ...(reason === undefined ? {} : { reason }),
      expires: expires.toISOString(),
      user: parts.user,
      host: use.host,
      outcome: "ok",
      ...place,
      group: rule.group,
      rule: rule.id,
    };
    const written = await ledger.append([entry]);
    if (written.ok) {
      opened.set(rule.id, { rule: rule.id, uses: [...(mine?.uses ?? []), entry] });
      return ok(found);
    }
    // What nobody would know of is not to be there.
    const closed = isNew ? await cloud.closeRule(rule.id) : undefined;
    const left = closed?.ok === false ? `; and rule ${rule.id} stays open: ${closed.error.message}` : "";
    return err({ kind: "module", message: `a rule of a grant has to be in the ledger: ${written.error}${left}` });
  };
  const recorded = (cloud: Cloud, use: GrantUse): Cloud => ({
    ...cloud,
    openRule: (wanted: WantedRule, options) =>
      inTurn(wanted.group, async () => {
        if (options.check) return cloud.openRule(wanted, options);
        const place = await cloud.place();
        if (!place.ok) return place;
        const found = await cloud.openRule(wanted, options);
        return found.ok ? record(cloud, found.value, use, place.value) : found;
      }),
    closeRule: () =>
      Promise.resolve(err({ kind: "module", message: "a grant cannot take back that a rule of a cloud is removed" })),
  });

  return {
    cloud: async (options, use) => {
      const cloud = await cloudOf(options, "run");
      if (!cloud.ok || !hasGrant(use)) return cloud;
      const { auth, authType, caFile, verify, interface: face } = options;
      if ([auth, authType, caFile, verify, face].some((given) => given !== undefined)) {
        return err({
          kind: "module",
          message: "in a grant a task does not say how to log in to the cloud",
          hint: "Its revoke has to find the cloud again, and the ledger keeps no secret: name it with cloud, or use the provider's own variables.",
        });
      }
      return ok(recorded(cloud.value, use));
    },
    on: (event: Event) => {
      if (event.type === "run.start") isDry = event.check;
      if (event.type === "play.start") for (const host of event.hosts) hosts.add(host);
      if (event.type === "step.start" && event.action === "latchkey.access.grant_confirm") {
        confirming.set(event.step, event.host);
      }
      if (event.type === "step.end" && confirming.delete(event.step) && isDone(event.outcome))
        confirmed.add(event.host);
    },
    close: () => Promise.resolve(),
    finish: async (ended) => {
      const came = (host: string): boolean =>
        confirmed.has(host) || !(ended.lost.has(host) || ended.interrupted) || parts.keepPartial;
      const failed = [...opened.values()].flatMap(({ uses }) => uses.filter(({ host }) => !came(host ?? "")));
      const { revoked } = parts;
      if (failed.length === 0 && revoked === undefined) return true;
      const isFor = (rule: string, { grant, ticket, host }: RuleUser): boolean => {
        if (revoked === undefined)
          return failed.some((use) => use.rule === rule && use.grant === grant && use.host === host);
        const isMeant = (revoked.grant ?? grant) === grant && (revoked.ticket ?? ticket) === ticket;
        return isMeant && (!revoked.ofHosts || hosts.has(host));
      };
      const known = openRules(await ledger.records());
      const ending = known.flatMap((rule) => {
        const users = rule.users.filter((user) => isFor(rule.rule, user));
        return users.length === 0 ? [] : [{ rule, users }];
      });
      if (isDry) {
        for (const { rule } of ending) ended.tell("note", `${describeRule(rule)} would be closed`);
        return true;
      }
      const atATime = pLimit(8);
      const places = new Map<Cloud, ReturnType<Cloud["place"]>>();
      const of = { now: new Date(parts.clock()), tell: ended.tell, ledger, user: parts.user, cloudOf, places };
      const closed = await Promise.all(ending.map(({ rule, users }) => atATime(() => endUse(rule, users, of))));
      return closed.every(Boolean);
    },
  };
};

type GrantUse = Required<CloudUse>;

const hasGrant = (use: CloudUse): use is GrantUse => use.grant !== undefined;

const isDone = (outcome: string): boolean => outcome === "ok" || outcome === "changed";

interface Ending {
  readonly now: Date;
  readonly tell: RunEnded["tell"];
  readonly ledger: LedgerEdge;
  readonly user: string;
  readonly cloudOf: OpenCloud;
  /** One login a cloud, and one failure of it. */
  readonly places: Map<Cloud, ReturnType<Cloud["place"]>>;
}

/** A rule in words. */
export const describeRule = ({ rule, group, cloud, region }: OpenRule): string =>
  `rule ${rule} of security group ${group} in cloud ${cloud}${region === undefined ? "" : `, region ${region},`}`;

/** Ends the use of a rule, and the rule with its last user; false where it stays and should not. */
const endUse = async (
  rule: OpenRule,
  ending: readonly RuleUser[],
  { now, tell, ledger, user, cloudOf, places }: Ending,
): Promise<boolean> => {
  const others = rule.users.filter((of) => !ending.includes(of));
  const live = others.find((of) => isLive(of, now));
  const named = describeRule(rule);
  const closed = live === undefined ? await closeThere(rule, cloudOf, places) : undefined;
  const problem =
    closed?.ok === false ? [closed.error.message, closed.error.hint].filter(Boolean).join(". ") : undefined;
  // Who did not close it before has no use for it either.
  const gone = live === undefined && problem === undefined ? rule.users : ending;
  const { rule: id, group, provider, cloud, url, project, region } = rule;
  const place = Object.fromEntries(
    Object.entries({ provider, cloud, url, project, region, group, rule: id }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  const written = await ledger.append(
    gone.map(({ grant, host, ticket }) => ({
      verb: "close",
      grant,
      host,
      user,
      ...(ticket === undefined ? {} : { ticket }),
      outcome: problem === undefined ? "ok" : "failed",
      ...place,
    })),
  );
  if (problem !== undefined) tell("error", `${named} stays open: ${problem}`);
  if (!written.ok) tell("error", `the ledger does not say what became of ${named}: ${written.error}`);
  if (problem !== undefined || !written.ok) return false;
  tell(
    "note",
    live !== undefined
      ? `${named} stays for grant ${live.grant} on ${live.host}`
      : closed?.ok === true && closed.value === "gone"
        ? `${named} was gone already`
        : `${named} is closed`,
  );
  return true;
};

/** Only in the very cloud and project where it was opened: elsewhere no such rule would prove nothing. */
const closeThere = async (
  rule: OpenRule,
  cloudOf: OpenCloud,
  places: Ending["places"],
): Promise<Result<"closed" | "gone", Failure>> => {
  // The ledger's providers are those of this program, or of a later one.
  const cloud = await cloudOf(
    {
      provider: rule.provider as ProviderName,
      ...(rule.cloud === undefined ? {} : { cloud: rule.cloud }),
      ...(rule.region === undefined ? {} : { region: rule.region }),
    },
    "end",
  );
  if (!cloud.ok) return cloud;
  const asked = places.get(cloud.value) ?? cloud.value.place();
  places.set(cloud.value, asked);
  const place = await asked;
  if (!place.ok) return place;
  const { url, project } = place.value;
  if (url !== rule.url || project !== rule.project) {
    return err({
      kind: "module",
      message: `it was opened at ${rule.url} in project ${rule.project}, and cloud "${rule.cloud}" is project ${project} at ${url} now`,
    });
  }
  return cloud.value.closeRule(rule.rule);
};
