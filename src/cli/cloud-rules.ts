import pLimit, { type LimitFunction } from "p-limit";
import { openRules, type OpenRule, type RuleUser } from "../access/cloud-rules.ts";
import type { LedgerEntry } from "../access/ledger-record.ts";
import type { Cloud, CloudFailure, CloudOptions, CloudRule, OpenedRule, WantedRule } from "../cloud/cloud.ts";
import type { Event, Reporter } from "../events/event.ts";
import type { RunEnded } from "../run/run-plan.ts";
import type { CloudUse, RunServices } from "../run/run-services.ts";
import type { Failure } from "../util/failure.ts";
import { err, ok, type Result } from "../util/result.ts";
import { closeRules, describeRule } from "./close-cloud-rules.ts";
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

/** A cloud, not contacted yet. `end`: for what has to be done even where the run was interrupted. */
export type OpenCloud = (options: CloudOptions, when: "run" | "end") => Promise<Result<Cloud, Failure>>;

interface Parts {
  readonly open: OpenCloud;
  readonly ledger: LedgerEdge;
  readonly clock: () => number;
  /** The local user. */
  readonly user: string;
  readonly keepPartial: boolean;
  readonly revoked: RevokedGrants | undefined;
}

type GrantUse = Required<CloudUse>;

const hasGrant = (use: CloudUse): use is GrantUse => use.grant !== undefined;

/**
 * Creates them. Neither the host nor a controller that died can take back what a grant opens. So the ledger has it before
 * it is made, and its id before the task ends, and not only at the end of the run.
 */
export const createCloudRules = (parts: Parts): CloudRules => {
  const { ledger } = parts;
  const cloudOf = remembered(parts.open);
  const turns = new Map<string, LimitFunction>();
  /** What this run wrote into the ledger of rules that it opened, or began to. */
  const written: LedgerEntry[] = [];
  const hosts = new Set<string>();
  const confirmed = new Set<string>();
  const confirming = new Set<number>();
  let isDry = false;

  const append = async (entry: LedgerEntry): Promise<Result<undefined, Failure>> => {
    const appended = await ledger.append([entry]);
    if (appended.ok) written.push(entry);
    return appended.ok ? appended : err(notRecorded(appended.error));
  };
  /** Whether a rule that was there before is to be written down: it is a grant's, and not yet this one's. */
  const isToShare = async (id: string, { grant, host }: LedgerEntry): Promise<boolean> => {
    const ours = written.filter(({ rule }) => rule === id);
    if (ours.length > 0) return !ours.some((entry) => entry.host === host);
    const known = openRules(await ledger.records()).find(({ rule }) => rule === id);
    // One that a run began and never confirmed is this run's from now on.
    const isHeld = known?.users.some(
      (user) => user.grant === grant && user.host === host && user.isConfirmed && !user.isOver,
    );
    return known !== undefined && isHeld !== true;
  };
  /** It is there: from now on it is this grant's, too, unless it is nobody's who would take it away. */
  const share = async (
    found: OpenedRule,
    rule: CloudRule,
    entry: LedgerEntry,
  ): Promise<Result<OpenedRule, Failure>> => {
    if (!(await isToShare(rule.id, entry))) return ok(found);
    const appended = await append({ ...entry, verb: "open", rule: rule.id });
    return appended.ok ? ok(found) : appended;
  };
  /** It is not there: the ledger has it first. */
  const make = async (
    cloud: Cloud,
    wanted: WantedRule,
    entry: LedgerEntry,
  ): Promise<Result<OpenedRule, CloudFailure>> => {
    const begun = await append({ ...entry, verb: "opening" });
    if (!begun.ok) return begun;
    const made = await cloud.openRule(wanted, { check: false });
    // What may be there is looked for when the run ends.
    if (!made.ok && made.error.unsure === true) return made;
    const { rule, isNew } = made.ok ? made.value : {};
    if (rule === undefined || isNew !== true) {
      await ledger.append([{ ...entry, verb: "close" }]);
      return made.ok && rule !== undefined ? share(made.value, rule, entry) : made;
    }
    const appended = await append({ ...entry, verb: "open", rule: rule.id });
    if (appended.ok) return made;
    // What nobody would know of is not to be there.
    const closed = await cloud.closeRule(rule.id);
    const left = closed.ok ? "" : `; and rule ${rule.id} stays open: ${closed.error.message}`;
    return err({ ...appended.error, message: appended.error.message + left });
  };
  /** One at a time in a group: hosts that share it are to find the rule of the first. */
  const inTurn = <T>(group: string, action: () => Promise<T>): Promise<T> => {
    const turn = turns.get(group) ?? pLimit(1);
    turns.set(group, turn);
    return turn(action);
  };
  const recorded = (cloud: Cloud, { host, grant }: GrantUse): Cloud => ({
    ...cloud,
    openRule: (wanted, options) =>
      inTurn(wanted.group, async () => {
        const looked = await cloud.openRule(wanted, { check: true });
        if (!looked.ok || options.check) return looked;
        const place = await cloud.place();
        if (!place.ok) return place;
        const { id, ticket, owner, reason, expires } = grant;
        const entry: LedgerEntry = {
          verb: "open",
          grant: id,
          ticket,
          ...(owner === undefined ? {} : { owner }),
          ...(reason === undefined ? {} : { reason }),
          expires: expires.toISOString(),
          user: parts.user,
          host,
          outcome: "ok",
          ...place.value,
          group: wanted.group,
          wanted: JSON.stringify(wanted),
        };
        const { rule } = looked.value;
        return rule === undefined ? make(cloud, wanted, entry) : share(looked.value, rule, entry);
      }),
    closeRule: () =>
      Promise.resolve(err({ kind: "module", message: "a grant cannot take back that a rule of a cloud is removed" })),
  });
  /** Whether the run ends a rule for one of those who use it. */
  const isEnding =
    ({ lost, interrupted }: RunEnded) =>
    ({ rule, wanted }: OpenRule, { grant, ticket, host }: RuleUser): boolean => {
      const { revoked, keepPartial } = parts;
      if (revoked !== undefined) {
        const isMeant = (revoked.grant ?? grant) === grant && (revoked.ticket ?? ticket) === ticket;
        return isMeant && (!revoked.ofHosts || hosts.has(host));
      }
      const isOurs = written.some(
        (entry) =>
          entry.grant === grant &&
          entry.host === host &&
          entry.rule === rule &&
          (rule !== undefined || entry.wanted === wanted),
      );
      const cameAbout = confirmed.has(host) || !(lost.has(host) || interrupted);
      // Nobody needs a rule of which it is not known whether it is there.
      return isOurs && (rule === undefined || !(cameAbout || keepPartial));
    };

  return {
    cloud: async (options, use) => {
      const cloud = await cloudOf(options, "run");
      if (!cloud.ok || !hasGrant(use)) return cloud;
      const { auth, authType, caFile, verify, interface: face } = options;
      const saysHow = [auth, authType, caFile, verify, face].some((given) => given !== undefined);
      return saysHow ? err(nameIt) : ok(recorded(cloud.value, use));
    },
    on: (event: Event) => {
      if (event.type === "run.start") isDry = event.check;
      if (event.type === "play.start") for (const host of event.hosts) hosts.add(host);
      if (event.type === "step.start" && event.action === "latchkey.access.grant_confirm") confirming.add(event.step);
      if (event.type !== "step.end" || !confirming.delete(event.step)) return;
      if (event.outcome === "ok" || event.outcome === "changed") confirmed.add(event.host);
    },
    close: () => Promise.resolve(),
    finish: async (ended) => {
      if (written.length === 0 && parts.revoked === undefined) return true;
      const isEndingFor = isEnding(ended);
      const ending = openRules(await ledger.records()).flatMap((rule) => {
        const users = rule.users.filter((user) => isEndingFor(rule, user));
        return users.length === 0 ? [] : [{ rule, users }];
      });
      if (isDry) {
        for (const { rule, users } of ending) {
          const of = users.map(({ host }) => host);
          ended.tell("note", `${describeRule(rule)} would be closed`, of);
        }
        return true;
      }
      const { clock, user } = parts;
      return closeRules(ending, { now: new Date(clock()), tell: ended.tell, ledger, user, cloudOf });
    },
  };
};

/** One login a cloud, however many tasks ask for it. */
const remembered = (open: OpenCloud): OpenCloud => {
  const clouds = new Map<string, ReturnType<OpenCloud>>();
  return (options, when) => {
    const key = JSON.stringify([options, when]);
    const known = clouds.get(key) ?? open(options, when);
    clouds.set(key, known);
    return known;
  };
};

const notRecorded = (problem: string): Failure => ({
  kind: "module",
  message: `a rule of a grant has to be in the ledger: ${problem}`,
});

const nameIt: Failure = {
  kind: "module",
  message: "in a grant a task does not say how to log in to the cloud",
  hint: "Its revoke has to find the cloud again, and the ledger keeps no secret: name it with cloud, or use the provider's own variables.",
};
