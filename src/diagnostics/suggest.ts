import type { Span } from "../source/source-file.ts";
import type { Edit } from "./diagnostic.ts";

/**
 * The candidate that was most likely meant, or undefined where none is close.
 *
 * Close means: equal but for case, `-` and `_`; or few slips of the finger (one in a word of up to 4 letters, two up to
 * 8, three beyond); or the only candidate that begins with the name.
 */
export const suggest = (name: string, candidates: Iterable<string>): string | undefined => {
  const wanted = fold(name);
  let best: string | undefined;
  let bestDistance = allowedSlips(wanted) + 1;
  const longer: string[] = [];
  for (const candidate of candidates) {
    const text = fold(candidate);
    const distance = slips(wanted, text, bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
    if (wanted.length >= 3 && text.startsWith(wanted)) longer.push(candidate);
  }
  return best ?? (longer.length === 1 ? longer[0] : undefined);
};

/** `did you mean "x"?`, or undefined where nothing is close: for a diagnostic's hint. */
export const didYouMean = (name: string, candidates: Iterable<string>): string | undefined => {
  const found = suggest(name, candidates);
  return found === undefined ? undefined : `did you mean "${found}"?`;
};

/** The candidate that is one slip of the finger away, where what is not a candidate may well be meant. */
export const oneSlipFrom = (name: string, candidates: Iterable<string>): string | undefined => {
  const all = [...candidates];
  if (name.length < 5 || all.includes(name)) return undefined;
  return all.find((candidate) => slips(name, candidate, 2) < 2);
};

/** The edit that mends a misspelt name, or nothing: where only one candidate is one slip away, and all others are further. */
export const respell = (name: string, candidates: Iterable<string>, span: Span): { readonly edit?: Edit } => {
  const wanted = fold(name);
  const near = [...new Set(candidates)].filter((candidate) => slips(wanted, fold(candidate), 2) < 2);
  const [found] = near;
  const { file, start, end } = span;
  const written = file.text.slice(start, end);
  const isPlain = written === name || written === `"${name}"` || written === `'${name}'`;
  if (wanted.length < 3 || found === undefined || near.length > 1 || !isPlain) return {};
  return { edit: { span, text: written.replace(name, () => found) } };
};

const fold = (text: string): string => text.toLowerCase().replaceAll("-", "_");

const allowedSlips = (text: string): number => (text.length <= 2 ? 0 : text.length <= 4 ? 1 : text.length <= 8 ? 2 : 3);

/** Letters left out, added, mistaken or swapped with their neighbour (optimal string alignment); `limit` where it is that or more. */
const slips = (a: string, b: string, limit: number): number => {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    if (Math.min(...row) >= limit) return limit;
    [beforeLast, last] = [last, row];
  }
  return Math.min(last[b.length] ?? limit, limit);
};
