import { type HostReceipt, isClosed, judgeReceipt, type Receipt } from "../access/receipt.ts";
import { escapeForTerminal } from "../util/escape.ts";
import { renderTable } from "./table.ts";

/** A receipt for people, host by host; all that came from hosts is escaped. */
export const renderReceipt = (receipt: Receipt): string =>
  receipt.hosts.map((host) => `${hostLine(host)}\n${details(host)}`).join("") + verdictLine(receipt);

/** A receipt as a table, what was found below it, and the verdict as the last line. */
export const renderReceiptTable = (receipt: Receipt): string => {
  const header = ["HOST", "ADDRESS", "OUTCOME", "GRANTS", "TICKETS", "LOOKED AT", "FOUND"];
  const rows = receipt.hosts.map((host) =>
    [
      host.host,
      host.address || "-",
      host.outcome,
      host.grants.join(" ") || "-",
      host.tickets.join(" ") || "-",
      String(host.checks.length),
      String(host.residue.length),
    ].map(shown),
  );
  const found = receipt.hosts.map((host) => {
    const lines = details(host);
    return lines === "" ? "" : `\n${shown(host.host)}:\n${lines}`;
  });
  return `${renderTable([header, ...rows])}${found.join("")}\n${verdictLine(receipt)}`;
};

const hostLine = (host: HostReceipt): string => {
  const { outcome, checks, residue } = host;
  const word = isClosed(host) ? (outcome === "closed" ? "closed" : "nothing was there") : outcome.toUpperCase();
  const looked = checks.length === 0 ? "" : `, ${count(checks.length, "place")} looked at`;
  const found =
    residue.length > 0 ? `, ${residue.length} not clean` : checks.length === 0 || !isClosed(host) ? "" : ", clean";
  return `${shown(host.host)}: ${word}${looked}${found}`;
};

const details = ({ residue, problems, kept }: HostReceipt): string =>
  [
    ...residue.map((line) => `  left: ${shown(line)}\n`),
    ...problems.map((line) => `  problem: ${shown(line)}\n`),
    ...kept.map((line) => `  kept: ${shown(line)}\n`),
  ].join("");

const verdictLine = (receipt: Receipt): string => {
  const { hosts } = receipt;
  const verdict = judgeReceipt(receipt);
  const of = count(hosts.length, "host");
  if (verdict === "NOT CLOSED") return `${verdict}: ${hosts.filter((host) => !isClosed(host)).length} of ${of}\n`;
  if (verdict !== "CLOSED") return `${verdict}: ${hosts.filter(({ residue }) => residue.length > 0).length} of ${of}\n`;
  const isEmpty = hosts.every(({ outcome }) => outcome === "nothing-there");
  return `${verdict}: ${of}${isEmpty ? ", and no grant was there to close" : ""}\n`;
};

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;

/** A tab would move all that follows it. */
const shown = (text: string): string => escapeForTerminal(text.trim()).replaceAll("\t", String.raw`\t`);
