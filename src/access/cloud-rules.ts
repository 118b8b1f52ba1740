import type { LedgerRecord } from "./ledger-record.ts";

/** A rule in the firewall of a cloud that grants opened, and that was not seen to be closed. */
export interface OpenRule extends Pick<
  LedgerRecord,
  "provider" | "cloud" | "url" | "project" | "region" | "group" | "wanted"
> {
  /** Its id; absent where it was about to be made, and nobody saw what became of it. */
  readonly rule?: string;
  /** Who needs it: a rule may serve several hosts of a grant, and several grants. In the order in which they came. */
  readonly users: readonly RuleUser[];
}

/** One grant on one host. */
export interface RuleUser {
  readonly grant: string;
  readonly host: string;
  readonly ticket?: string;
  /** When it was opened for it: ISO 8601, as the next. */
  readonly since: string;
  readonly until?: string;
  /** It was seen to begin on the host. */
  readonly isConfirmed: boolean;
  /** It was revoked or came to nothing: whatever its time, it needs the rule no more. */
  readonly isOver: boolean;
}

/** Whether a grant needs its rule still. */
export const isLive = ({ until, isOver }: RuleUser, now: Date): boolean =>
  !isOver && (until === undefined || Date.parse(until) > now.getTime());

/** The rules that the ledger knows as open. */
export const openRules = (records: Iterable<LedgerRecord>): readonly OpenRule[] => {
  const rules = new Map<string, OpenRule>();
  for (const record of records) {
    const { verb, rule: id, grant, host = "", outcome = "ok" } = record;
    const of = id ?? openingKey(record);
    const rule = rules.get(of);
    if (verb === "opening") rules.set(of, withUser(record, undefined));
    else if (verb === "open") {
      rules.delete(openingKey(record));
      rules.set(of, withUser(record, rule));
    } else if (verb === "close" && outcome === "ok") {
      const users = rule?.users.filter((user) => user.grant !== grant || user.host !== host) ?? [];
      if (rule !== undefined && users.length > 0) rules.set(of, { ...rule, users });
      else rules.delete(of);
    } else {
      for (const [key, known] of rules) {
        const isOurs = (user: RuleUser): boolean =>
          user.grant === grant && user.host === host && (id === undefined || id === key);
        if (!known.users.some(isOurs)) continue;
        const users = known.users.map((user) => (isOurs(user) ? userAfter(record, user) : user));
        rules.set(key, { ...known, users });
      }
    }
  }
  return [...rules.values()];
};

/** What a rule without an id is known by. */
const openingKey = ({ grant, host, group, wanted }: LedgerRecord): string =>
  JSON.stringify([grant, host, group, wanted]);

const withUser = (record: LedgerRecord, known: OpenRule | undefined): OpenRule => {
  const { provider, cloud, url, project, region, group, rule, wanted } = record;
  const { grant, host = "", ticket, expires, at: since } = record;
  const user: RuleUser = {
    grant,
    host,
    since,
    isConfirmed: false,
    isOver: false,
    ...(ticket === undefined ? {} : { ticket }),
    ...(typeof expires === "string" ? { until: expires } : {}),
  };
  const others = known?.users.filter((of) => of.grant !== grant || of.host !== host) ?? [];
  const about = Object.entries({ provider, cloud, url, project, region, group, rule, wanted });
  return { ...Object.fromEntries(about.filter(([, value]) => value !== undefined)), users: [...others, user] };
};

/** A grant after one more record of it. */
const userAfter = ({ verb, outcome = "ok", expires }: LedgerRecord, before: RuleUser): RuleUser => {
  const isOk = outcome === "ok";
  const until = typeof expires === "string" ? { until: expires } : {};
  switch (verb) {
    case "grant":
      if (isOk) return { ...before, ...until, isConfirmed: true, isOver: false };
      // What failed the second time was open before, and is as it was.
      return { ...before, isOver: before.isOver || outcome === "rolled-back" || !before.isConfirmed };
    case "extend":
      return isOk ? { ...before, ...until } : before;
    case "revoke":
      return { ...before, isOver: before.isOver || isOk };
    case "close":
      // Somebody wanted it gone.
      return { ...before, isOver: true };
    case "opening":
    case "open":
      return before;
  }
};
