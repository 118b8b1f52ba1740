import { matchesAddress, matchesList } from "./match-pattern.ts";

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
