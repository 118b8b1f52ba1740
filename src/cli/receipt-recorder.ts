import { buildReceipt, type HostReceipt, type Receipt, type ReceiptOutcome } from "../access/receipt.ts";
import type { Event, Reporter, StepEnd, StepStart } from "../events/event.ts";
import type { Plain } from "../vars/value.ts";

/** Listens to a revoke, and tells what its receipt says. */
export interface ReceiptRecorder extends Reporter {
  /** The receipt, with the name of who ran it; undefined where nothing was run. */
  readonly receipt: (by: string) => Receipt | undefined;
}

/** What is known of a host so far. */
interface Seen {
  address: string;
  isLost: boolean;
  /** How the step ended that takes the grants back, and what it said. */
  undo?: Undo;
  /** Logins that were tried, and refused. */
  readonly refusals: string[];
  /** Other steps that changed something: what a revoke takes away that no grant made. */
  readonly changed: string[];
  readonly failures: string[];
}

type Undo = Pick<StepEnd, "outcome" | "result">;

/** Creates one. A host counts as closed only by what it said itself: silence is a failure. */
export const createReceiptRecorder = (): ReceiptRecorder => {
  const hosts = new Map<string, Seen>();
  const starts = new Map<number, Pick<StepStart, "action" | "name">>();
  let last: Pick<Event, "run" | "at"> | undefined;

  const seen = (host: string): Seen => {
    const known = hosts.get(host);
    if (known !== undefined) return known;
    const fresh: Seen = { address: "", isLost: false, refusals: [], changed: [], failures: [] };
    hosts.set(host, fresh);
    return fresh;
  };
  const onEnd = (event: StepEnd): void => {
    const { action, name } = starts.get(event.step) ?? { action: "", name: "" };
    starts.delete(event.step);
    const of = seen(event.host);
    const isUndo = action === "latchkey.access.grant_undo";
    if (action === "latchkey.access.login" && event.result["login"] === "refused") {
      of.refusals.push(...textsOf(event.result["user"]).map((user) => `${name}: login as ${user} refused`));
    }
    if (isUndo) of.undo = of.undo === undefined ? event : bothOf(of.undo, event);
    else if (event.outcome === "changed") of.changed.push(name);
    if (event.outcome === "unreachable") of.isLost = true;
    if (event.outcome !== "failed" || event.ignored || event.rescued) return;
    // What the undo could not do it has told one by one.
    if (isUndo && textsOf(event.result["problems"]).length > 0) return;
    of.failures.push(`${name}: ${event.failure?.message ?? "failed"}`);
  };

  return {
    on: (event: Event) => {
      last = { run: event.run, at: event.at };
      if (event.type === "play.start") for (const host of event.hosts) seen(host);
      if (event.type === "host.connect") seen(event.host).address = event.address;
      if (event.type === "step.start") starts.set(event.step, { action: event.action, name: event.name });
      if (event.type === "step.end") onEnd(event);
      // What was done elsewhere for a host, such as in the firewall of its cloud; hosts that were not asked have no entry.
      if (event.type === "diagnostic" && event.severity !== "warning") {
        for (const of of (event.hosts ?? []).flatMap((host) => hosts.get(host) ?? [])) {
          (event.severity === "error" ? of.failures : of.changed).push(event.message);
        }
      }
      if (event.type === "host.lost") {
        seen(event.host).isLost = true;
        seen(event.host).failures.push(event.failure.message);
      }
    },
    close: () => Promise.resolve(),
    receipt: (by) =>
      last === undefined || hosts.size === 0
        ? undefined
        : buildReceipt({ ...last, by, hosts: [...hosts].map(([host, of]) => hostReceipt(host, of)) }),
  };
};

const hostReceipt = (host: string, of: Seen): HostReceipt => {
  const result = of.undo?.result ?? {};
  const outcome = outcomeOf(of);
  const isSilent = outcome === "failed" && of.failures.length === 0 && of.undo?.outcome !== "failed";
  return {
    host,
    address: of.address,
    outcome,
    grants: textsOf(result["grants"]),
    tickets: textsOf(result["tickets"]),
    undone: [...textsOf(result["undone"]), ...of.changed],
    kept: textsOf(result["kept"]),
    checks: [...of.refusals, ...textsOf(result["checks"])],
    residue: textsOf(result["residue"]),
    problems: [
      ...textsOf(result["problems"]),
      ...of.failures,
      ...(isSilent ? ["the run ended before this host said that it was done"] : []),
    ],
  };
};

/** Grants may be taken back in two steps; the second one says what could not be. */
const bothOf = (first: Undo, { outcome, result }: Undo): Undo => ({
  outcome: outcome === "ok" ? first.outcome : outcome,
  result: {
    ...result,
    ...Object.fromEntries(
      ["grants", "tickets", "undone", "kept", "checks", "residue"].map((key) => [
        key,
        [...new Set([...textsOf(first.result[key]), ...textsOf(result[key])])],
      ]),
    ),
  },
});

const outcomeOf = ({ isLost, undo, changed, failures }: Seen): ReceiptOutcome => {
  if (isLost) return "unreachable";
  if (failures.length > 0 || (undo?.outcome !== "ok" && undo?.outcome !== "changed")) return "failed";
  return undo.outcome === "changed" || changed.length > 0 ? "closed" : "nothing-there";
};

/** A host may say anything; what is no text is none. */
const textsOf = (value: Plain | undefined): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === "string" && item !== "");
