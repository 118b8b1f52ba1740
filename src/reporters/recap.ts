import type { HostStats } from "../events/event.ts";
import { escapeForTerminal } from "../util/escape.ts";
import { displayWidth } from "./display-width.ts";
import type { Paint, Palette } from "./palette.ts";

/** Ansible's width of a banner where there is no wider terminal. */
const minColumns = 79;

/** A heading filled up with asterisks, at least three, as ansible-playbook prints it; with an empty line before. */
export const formatBanner = (title: string, columns = 0): string => {
  const text = escapeForTerminal(title);
  const width = Math.max(minColumns, columns - 1);
  return `\n${text} ${"*".repeat(Math.max(3, width - displayWidth(text)))}\n`;
};

const fields = ["ok", "changed", "unreachable", "failed", "skipped", "rescued", "ignored"] as const;

/** What a run has to sum up. */
export interface Summary {
  readonly stats: Readonly<Record<string, HostStats>>;
  readonly rollBacks: ReadonlyMap<string, boolean>;
}

/**
 * ansible-playbook's recap: a line a host, sorted by name, byte for byte where there is no colour, the blanks at the
 * end of each line and the empty line after the last one among them. Grants that failed half-way are told behind that.
 */
export const formatRecap = ({ stats, rollBacks }: Summary, palette: Palette, columns?: number): string => {
  const lines = Object.entries(stats)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([host, counts]) => `${formatHost(host, counts, palette)} : ${formatCounts(counts, palette)}\n`);
  return `${formatBanner("PLAY RECAP", columns)}${lines.join("")}\n${formatRollBacks(rollBacks, palette)}`;
};

const formatRollBacks = (rollBacks: Summary["rollBacks"], palette: Palette): string => {
  const hostsWhere = (wanted: boolean): string =>
    [...rollBacks]
      .flatMap(([host, isBack]) => (isBack === wanted ? [escapeForTerminal(host)] : []))
      .toSorted()
      .join(", ");
  const [back, left] = [hostsWhere(true), hostsWhere(false)];
  const lines = [
    ...(back === "" ? [] : [`rolled back: ${back}`]),
    ...(left === "" ? [] : [palette.failed(`NOT rolled back: ${left}`)]),
  ];
  return lines.map((line) => `${line}\n`).join("");
};

const formatHost = (host: string, counts: HostStats, palette: Palette): string => {
  const paint =
    counts.failed + counts.unreachable > 0 ? palette.failed : counts.changed > 0 ? palette.changed : palette.ok;
  const name = escapeForTerminal(host);
  return paint(name) + " ".repeat(Math.max(0, 26 - name.length));
};

const formatCounts = (counts: HostStats, palette: Palette): string =>
  fields.map((field) => paintOf(field, counts, palette)(`${field}=${String(counts[field]).padEnd(4)}`)).join(" ");

const paintOf = (field: keyof HostStats, counts: HostStats, palette: Palette): Paint => {
  if (counts[field] === 0) return (text) => text;
  if (field === "unreachable") return palette.unreachable;
  if (field === "failed") return palette.failed;
  return field === "ok" ? palette.ok : field === "skipped" ? palette.skipped : palette.changed;
};
