import type { LedgerRecord } from "./ledger-record.ts";

/** A grant that the ledger last saw open on a host. */
export interface KnownGrant {
  readonly grant: string;
  /** ISO 8601; absent where it has no end, or none was recorded. */
  readonly until?: string;
  /** Whether it is certain that it was opened: the host confirmed it. */
  readonly confirmed: boolean;
}

/** By host, the grants that were begun there and not seen to end, in the order of their beginning. */
export const lastKnownGrants = (records: Iterable<LedgerRecord>): ReadonlyMap<string, readonly KnownGrant[]> => {
  const hosts = new Map<string, Map<string, KnownGrant>>();
  for (const record of records) {
    if (record.host === undefined) continue;
    const open = hosts.get(record.host) ?? new Map<string, KnownGrant>();
    hosts.set(record.host, open);
    const after = stateAfter(record, open.get(record.grant));
    if (after === undefined) open.delete(record.grant);
    else open.set(record.grant, after);
  }
  return new Map([...hosts].map(([host, open]) => [host, [...open.values()]]));
};

/** A grant after one more record of it; undefined where it is closed, or was never open. */
const stateAfter = (record: LedgerRecord, before: KnownGrant | undefined): KnownGrant | undefined => {
  const { verb, grant, expires, outcome = "ok" } = record;
  const until = typeof expires === "string" ? { until: expires } : {};
  switch (verb) {
    case "grant":
      if (outcome === "rolled-back") return undefined;
      // What failed the second time was open before, and is as it was.
      return outcome === "ok"
        ? { grant, ...until, confirmed: true }
        : (before ?? { grant, ...until, confirmed: false });
    case "extend":
      return outcome === "ok" ? { grant, ...until, confirmed: true } : before;
    case "revoke":
      return outcome === "ok" ? undefined : before;
    case "opening":
    case "open":
    case "close":
      return before;
  }
};

/** One of them in words. */
export const describeKnown = ({ grant, until, confirmed }: KnownGrant): string =>
  `the ledger ${confirmed ? "last knew" : "saw the beginning of"} grant ${grant}${until === undefined ? "" : ` until ${until}`}`;
