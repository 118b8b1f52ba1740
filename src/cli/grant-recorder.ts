import type { LedgerEntry } from "../access/ledger-record.ts";
import type { Event, Reporter, StepEnd } from "../events/event.ts";
import type { Plain } from "../vars/value.ts";

/** What a command knows of the grants that it makes or ends, beside what the hosts say of them. */
export interface GrantDetails {
  /** The local user who runs it. */
  readonly user?: string;
  /** Fingerprints of the keys that are let in. */
  readonly keys?: readonly string[];
  /** Of the authorities whose certificates let in. */
  readonly authorities?: readonly string[];
  /** The grant, for hosts that could not even be asked. */
  readonly asked?: Pick<LedgerEntry, "verb" | "grant" | "ticket" | "owner" | "reason" | "expires">;
}

/** Listens to a run, and tells what the ledger is to know of its grants. */
export interface GrantRecorder extends Reporter {
  readonly entries: () => readonly LedgerEntry[];
}

type Told = Pick<LedgerEntry, "grant" | "ticket" | "owner" | "reason" | "expires">;

/** Creates one; a dry run is nothing to record. */
export const createGrantRecorder = (details: GrantDetails): GrantRecorder => {
  const actions = new Map<number, string>();
  const addresses = new Map<string, string>();
  const begun = new Map<string, Told>();
  const lost = new Set<string>();
  const entries: LedgerEntry[] = [];
  let check = false;

  const add = (host: string, entry: LedgerEntry): void => {
    const address = addresses.get(host);
    const { user, keys, authorities } = details;
    entries.push({
      ...entry,
      host,
      ...(address === undefined ? {} : { address }),
      ...(user === undefined ? {} : { user }),
      ...(keys === undefined || entry.verb !== "grant" ? {} : { keys }),
      ...(authorities === undefined || entry.verb !== "grant" ? {} : { authorities }),
    });
  };
  const onStep = (action: string, { host, outcome, result }: StepEnd): void => {
    const worked = outcome === "ok" || outcome === "changed";
    const told = toldBy(result);
    const open = begun.get(host);
    switch (action) {
      case "latchkey.access.grant_begin":
        if (outcome === "changed" && told !== undefined) begun.set(host, told);
        else if (outcome === "failed" && details.asked !== undefined)
          add(host, { ...details.asked, outcome: "failed" });
        return;
      case "latchkey.access.grant_confirm":
        if (open !== undefined && outcome !== "unreachable") {
          add(host, { verb: "grant", ...open, outcome: worked ? "ok" : "failed" });
          begun.delete(host);
        }
        return;
      case "latchkey.access.grant_undo":
        for (const grant of textsOf(result["grants"])) {
          if (open?.grant === grant) add(host, { verb: "grant", ...open, outcome: worked ? "rolled-back" : "failed" });
          else add(host, { verb: "revoke", grant, outcome: worked ? "ok" : "failed" });
        }
        begun.delete(host);
        return;
      case "latchkey.access.grant_extend":
        if (told !== undefined && outcome !== "ok")
          add(host, { verb: "extend", ...told, outcome: worked ? "ok" : "failed" });
        return;
      default:
    }
  };

  return {
    on: (event: Event) => {
      if (event.type === "run.start") check = event.check;
      if (check) return;
      if (event.type === "host.connect") addresses.set(event.host, event.address);
      if (event.type === "host.lost") lost.add(event.host);
      if (event.type === "step.start" && event.action.includes("grant_"))
        actions.set(event.step, fullName(event.action));
      if (event.type === "step.end") onStep(actions.get(event.step) ?? "", event);
    },
    close: () => Promise.resolve(),
    entries: () => {
      for (const [host, told] of begun) {
        add(host, { verb: "grant", ...told, outcome: lost.has(host) ? "unreachable" : "failed" });
      }
      begun.clear();
      const known = new Set(entries.map(({ host }) => host));
      for (const host of lost) {
        if (details.asked !== undefined && !known.has(host)) add(host, { ...details.asked, outcome: "unreachable" });
      }
      lost.clear();
      return entries;
    },
  };
};

const fullName = (action: string): string => (action.includes(".") ? action : `latchkey.access.${action}`);

const toldBy = (result: StepEnd["result"]): Told | undefined => {
  const { id, expires } = result;
  if (typeof id !== "string") return undefined;
  const text = (name: "ticket" | "owner" | "reason"): Partial<Told> => {
    const value = result[name];
    return typeof value === "string" && value !== "" ? { [name]: value } : {};
  };
  return {
    grant: id,
    ...text("ticket"),
    ...text("owner"),
    ...text("reason"),
    ...(typeof expires === "number" ? { expires: new Date(expires * 1000).toISOString() } : {}),
  };
};

const textsOf = (value: Plain | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
