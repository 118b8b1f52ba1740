import { err, ok, type Result } from "../../util/result.ts";

/** How a version is read: `loose` takes anything, the others what their rules allow. */
export type VersionScheme = "loose" | "strict" | "semver" | "pep440";

const schemes = { strict: "strict", semver: "semantic", pep440: "PEP 440" } as const;

/** The order of two versions: negative, zero or positive; an error where one does not fit or they cannot be compared. */
export const compareVersions = (left: string, right: string, scheme: VersionScheme): Result<number, string> => {
  if (scheme === "loose") return compareParts(looseParts(left), looseParts(right));
  const read = { strict: strictParts, semver: semverParts, pep440: pep440Parts }[scheme];
  const a = read(left);
  const b = read(right);
  if (a === undefined || b === undefined) {
    return err(`'${a === undefined ? left : right}' is not a ${schemes[scheme]} version`);
  }
  return compareParts(a, b);
};

type Part = number | string;

/** Runs of digits, runs of small letters, and whatever stands between, dots dropped (distutils' LooseVersion). */
const looseParts = (version: string): readonly Part[] =>
  version
    .split(/(\d+|[a-z]+|\.)/)
    .filter((part) => part !== "" && part !== ".")
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));

const strictParts = (version: string): readonly Part[] | undefined => {
  const match = /^(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?$/.exec(version);
  if (match === null) return undefined;
  const [, major, minor, patch = "0", stage, number = "0"] = match;
  // A version without a, b comes after those with.
  return [Number(major), Number(minor), Number(patch), stage ?? "final", Number(number)];
};

const semverParts = (version: string): readonly Part[] | undefined => {
  const match =
    /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*))?(?:\+[\dA-Za-z.-]+)?$/.exec(
      version,
    );
  if (match === null) return undefined;
  const [, major, minor, patch, pre] = match;
  const core = [Number(major), Number(minor), Number(patch)];
  if (pre === undefined) return [...core, 1];
  // Numbers come before words in a pre-release; the leading digit of each pair says which it is.
  const parts = pre.split(".").flatMap((part): Part[] => (/^\d+$/.test(part) ? [0, Number(part)] : [1, part]));
  return [...core, 0, ...parts];
};

const pep440 =
  /^v?(?:(?<epoch>\d+)!)?(?<release>\d+(?:\.\d+)*)(?:[-_.]?(?<stage>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?<stageNumber>\d*))?(?<post>-\d+|[-_.]?(?:post|rev|r)[-_.]?\d*)?(?<dev>[-_.]?dev[-_.]?\d*)?(?:\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/i;

/** Spellings of the stages before a release, in their order. */
const stages: Readonly<Record<string, number>> = { a: 0, alpha: 0, b: 1, beta: 1, c: 2, rc: 2, pre: 2, preview: 2 };

/** Python packages' order: an epoch, the release, what comes before and after it, and what somebody added locally. */
const pep440Parts = (version: string): readonly Part[] | undefined => {
  const groups = pep440.exec(version.trim())?.groups;
  if (groups === undefined) return undefined;
  const { epoch = "0", release = "", stage, stageNumber, post, dev, local } = groups;
  const numberIn = (text: string): number => Number(/\d+$/.exec(text)?.[0] ?? 0);
  const numbers = release
    .replace(/(?:\.0+)*$/, "")
    .split(".")
    .map(Number);
  // A development version of the release itself comes before all of its stages.
  const isEarliest = stage === undefined && post === undefined && dev !== undefined;
  const order = stage === undefined ? (isEarliest ? -1 : 3) : (stages[stage.toLowerCase()] ?? 0);
  return [
    Number(epoch),
    // -1 ends the release: a shorter one comes first, whatever follows.
    ...numbers,
    -1,
    order,
    Number(stageNumber ?? 0),
    post === undefined ? -1 : numberIn(post),
    dev === undefined ? Number.POSITIVE_INFINITY : numberIn(dev),
    // Of local parts, words come before numbers.
    ...(local === undefined ? [] : local.toLowerCase().split(/[-_.]/).flatMap(localPart)),
  ];
};

const localPart = (part: string): readonly Part[] => (/^\d+$/.test(part) ? [1, Number(part)] : [0, part]);

const compareParts = (left: readonly Part[], right: readonly Part[]): Result<number, string> => {
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const a = left[index] ?? 0;
    const b = right[index] ?? 0;
    if (a === b) continue;
    if (typeof a === "number" && typeof b === "number") return ok(a - b);
    if (typeof a === "string" && typeof b === "string") return ok(a < b ? -1 : 1);
    const [first, second] = [typeof a === "number" ? "int" : "str", typeof b === "number" ? "int" : "str"];
    return err(`'<' not supported between instances of '${first}' and '${second}'`);
  }
  return ok(left.length - right.length);
};
