import { matchesList } from "../../util/ssh-patterns.ts";
import { matchesAddress } from "./match-pattern.ts";

/**
 * Why no line that holds the key lets it in from an address; undefined where one does, or where there is nothing to ask.
 * Each entry is the options of one line.
 */
export const judgeKeyLines = (lines: readonly string[], address: string | undefined): string | undefined => {
  if (address === undefined || lines.length === 0) return undefined;
  const lists = lines.map((options) => /(?:^|,)from="((?:\\"|[^"])*)"/i.exec(options)?.[1]);
  const isLetIn = lists.some(
    (list) => list === undefined || matchesList(list, (each) => matchesAddress(address, each)),
  );
  return isLetIn ? undefined : `the key is only for those who come from="${lists[0] ?? ""}": add ${address} there`;
};

/** What to say where the limits of one line do not hold, since another one has the same key; one entry a line. */
export const looseKeyLines = (lines: readonly string[]): readonly string[] =>
  new Set(lines).size < 2
    ? []
    : [
        `the key stands in ${lines.length} lines with different options, and sshd takes the first that lets it in: ` +
          "from=, restrict and expiry-time of the others do not bind it",
      ];
