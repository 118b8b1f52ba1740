import pLimit from "p-limit";
import { isLive, type OpenRule, openRules, type RuleUser } from "../access/cloud-rules.ts";
import type { LedgerEntry } from "../access/ledger-record.ts";
import type { Cloud, ProviderName, WantedRule } from "../cloud/cloud.ts";
import type { RunEnded } from "../run/run-plan.ts";
import type { Failure } from "../util/failure.ts";
import { err, ok, type Result } from "../util/result.ts";
import type { OpenCloud } from "./cloud-rules.ts";
import type { LedgerEdge } from "./ledger-edge.ts";

/** A rule, and those of its users that need it no more. */
interface EndingRule {
  readonly rule: OpenRule;
  readonly users: readonly RuleUser[];
}

interface Closing {
  readonly now: Date;
  readonly tell: RunEnded["tell"];
  readonly ledger: LedgerEdge;
  readonly user: string;
  readonly cloudOf: OpenCloud;
}

/** One login a cloud, and one failure of it, however many rules there are. */
type Places = Map<Cloud, ReturnType<Cloud["place"]>>;

/** A rule in words. */
export const describeRule = ({ rule, group, cloud, region }: OpenRule): string => {
  const place = `security group ${group} in cloud ${cloud}${region === undefined ? "" : `, region ${region},`}`;
  return rule === undefined ? `a rule of ${place} that was being made` : `rule ${rule} of ${place}`;
};

/** Closes rules for their users, and for good with the last one; false where one stays and should not. */
export const closeRules = async (ending: readonly EndingRule[], closing: Closing): Promise<boolean> => {
  const atATime = pLimit(8);
  const places: Places = new Map();
  const closed = await Promise.all(ending.map((each) => atATime(() => endUse(each, closing, places))));
  return closed.every(Boolean);
};

const endUse = async ({ rule, users }: EndingRule, closing: Closing, places: Places): Promise<boolean> => {
  const { now, tell, ledger, user } = closing;
  const live = rule.users.find((of) => !users.includes(of) && isLive(of, now));
  const closed = live === undefined ? await closeThere(rule, closing, places) : ok("kept" as const);
  // Who did not close it before has no use for it either.
  const gone = live === undefined && closed.ok ? rule.users : users;
  const { users: _users, ...place } = rule;
  const written = await ledger.append(
    gone.map(({ grant, host, ticket }): LedgerEntry => ({
      verb: "close",
      grant,
      host,
      user,
      ...(ticket === undefined ? {} : { ticket }),
      outcome: closed.ok ? "ok" : "failed",
      ...place,
    })),
  );
  const named = describeRule(rule);
  const hosts = [...new Set(users.map(({ host }) => host))];
  if (!closed.ok) {
    const { message, hint } = closed.error;
    tell("error", `${named} stays open: ${hint === undefined ? message : `${message}. ${hint}`}`, hosts);
  }
  if (!written.ok) tell("error", `the ledger does not say what became of ${named}: ${written.error}`, hosts);
  if (!closed.ok || !written.ok) return false;
  if (closed.value === "kept") tell("note", `${named} stays for grant ${live?.grant} on ${live?.host}`, []);
  else tell("note", `${named} ${closed.value === "gone" ? "was gone already" : "is closed"}`, hosts);
  return true;
};

/** Only in the very cloud and project where it was opened: that there is no such rule elsewhere would prove nothing. */
const closeThere = async (
  rule: OpenRule,
  { cloudOf, ledger }: Closing,
  places: Places,
): Promise<Result<"closed" | "gone", Failure>> => {
  const cloud = await cloudOf(
    {
      // The ledger's providers are those of this program, or of a later one.
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
    const message = `it was opened at ${rule.url} in project ${rule.project}, and cloud "${rule.cloud}" is project ${project} at ${url} now`;
    return err({ kind: "module", message });
  }
  return rule.rule === undefined ? closeUnseen(cloud.value, rule, ledger) : cloud.value.closeRule(rule.rule);
};

/** There was no such rule before it was to be made: what there is now, with its description, and no other grant's, is it. */
const closeUnseen = async (
  cloud: Cloud,
  { wanted, group = "" }: OpenRule,
  ledger: LedgerEdge,
): Promise<Result<"closed" | "gone", Failure>> => {
  // Written by this program, into a ledger that is chained.
  const equal = JSON.parse(wanted ?? "{}") as WantedRule;
  const found = await cloud.findRules({ group, equal });
  if (!found.ok) return found;
  const known = new Set(openRules(await ledger.records()).map(({ rule }) => rule));
  const ours = found.value.filter(({ id, description }) => description === (equal.description ?? "") && !known.has(id));
  for (const { id } of ours) {
    const closed = await cloud.closeRule(id);
    if (!closed.ok) return closed;
  }
  return ok(ours.length > 0 ? "closed" : "gone");
};
