/** One line of a comparison: kept, only in the old text, or only in the new one. */
interface Edit {
  readonly mark: " " | "-" | "+";
  readonly line: string;
}

const contextLines = 3;
/** Beyond this many differing lines the middle is shown as replaced whole: the search costs their square. */
const maxDistance = 500;
const noNewline = "\\ No newline at end of file";

/**
 * The difference of two texts as unified hunks with three lines of context, without headers; empty where they are
 * equal. Lines are as in the texts: the caller escapes them.
 */
export const unifiedDiff = (before: string, after: string): readonly string[] => {
  if (before === after) return [];
  return hunks(compare(toLines(before), toLines(after)));
};

/** A last line that has no newline differs from the same line with one, and says so as diff(1) does. */
const toLines = (text: string): readonly string[] => {
  if (text === "") return [];
  const lines = text.split("\n");
  if (lines.at(-1) === "") return lines.slice(0, -1);
  return [...lines.slice(0, -1), `${lines.at(-1)}\n${noNewline}`];
};

const compare = (before: readonly string[], after: readonly string[]): readonly Edit[] => {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const keep = (line: string): Edit => ({ mark: " ", line });
  return [
    ...before.slice(0, start).map(keep),
    ...shortestEdit(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(keep),
  ];
};

/** Myers' greedy algorithm: the furthest point on each diagonal for 0, 1, 2 … edits, then the way back. */
const shortestEdit = (before: readonly string[], after: readonly string[]): readonly Edit[] => {
  const size = Math.min(before.length + after.length, maxDistance);
  const trace: Map<number, number>[] = [];
  let furthest = new Map<number, number>([[1, 0]]);
  for (let distance = 0; distance <= size; distance += 1) {
    trace.push(new Map(furthest));
    for (let k = -distance; k <= distance; k += 2) {
      const down = k === -distance || (k !== distance && at(furthest, k - 1) < at(furthest, k + 1));
      let x = down ? at(furthest, k + 1) : at(furthest, k - 1) + 1;
      while (x < before.length && x - k < after.length && before[x] === after[x - k]) x += 1;
      furthest.set(k, x);
      if (x >= before.length && x - k >= after.length) return wayBack(trace, before, after);
    }
    furthest = new Map(furthest);
  }
  return [...before.map((line): Edit => ({ mark: "-", line })), ...after.map((line): Edit => ({ mark: "+", line }))];
};

const at = (furthest: ReadonlyMap<number, number>, k: number): number => furthest.get(k) ?? -1;

const wayBack = (
  trace: readonly ReadonlyMap<number, number>[],
  before: readonly string[],
  after: readonly string[],
): readonly Edit[] => {
  const edits: Edit[] = [];
  let x = before.length;
  let y = after.length;
  for (let distance = trace.length - 1; distance >= 0; distance -= 1) {
    const furthest = trace[distance] ?? new Map<number, number>();
    const k = x - y;
    const down = k === -distance || (k !== distance && at(furthest, k - 1) < at(furthest, k + 1));
    const fromX = distance === 0 ? 0 : at(furthest, down ? k + 1 : k - 1);
    const fromY = distance === 0 ? 0 : fromX - (down ? k + 1 : k - 1);
    while (x > fromX && y > fromY) edits.push({ mark: " ", line: before[((y -= 1), (x -= 1))] ?? "" });
    if (distance > 0) {
      if (down) edits.push({ mark: "+", line: after[(y -= 1)] ?? "" });
      else edits.push({ mark: "-", line: before[(x -= 1)] ?? "" });
    }
  }
  return edits.toReversed();
};

const hunks = (edits: readonly Edit[]): readonly string[] => {
  const out: string[] = [];
  let index = 0;
  while (index < edits.length) {
    const first = edits.findIndex((edit, at) => at >= index && edit.mark !== " ");
    if (first === -1) break;
    const end = hunkEnd(edits, first);
    const start = Math.max(index, first - contextLines);
    out.push(hunkHeader(edits, start, end), ...edits.slice(start, end).map((edit) => edit.mark + edit.line));
    index = end;
  }
  return out;
};

/** Changes that are at most two contexts apart share a hunk. */
const hunkEnd = (edits: readonly Edit[], first: number): number => {
  let last = first;
  for (let at = first; at < edits.length && at - last <= contextLines * 2; at += 1) {
    if (edits[at]?.mark !== " ") last = at;
  }
  return Math.min(edits.length, last + contextLines + 1);
};

const hunkHeader = (edits: readonly Edit[], start: number, end: number): string => {
  const range = (other: "-" | "+"): string => {
    const count = (part: readonly Edit[]): number => part.filter((edit) => edit.mark !== other).length;
    const length = count(edits.slice(start, end));
    const before = count(edits.slice(0, start));
    // An empty range names the line before it; a range of one line leaves its length out.
    return length === 1 ? `${before + 1}` : `${length === 0 ? before : before + 1},${length}`;
  };
  return `@@ -${range("+")} +${range("-")} @@`;
};
