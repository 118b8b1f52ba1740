import { err, ok, type Result } from "../../util/result.ts";

/** How a version is read: `loose` takes anything, the others what their rules allow. */
export type VersionScheme = "loose" | "strict" | "semver";

/** The order of two versions: negative, zero or positive; an error where one does not fit or they cannot be compared. */
export const compareVersions = (left: string, right: string, scheme: VersionScheme): Result<number, string> => {
  if (scheme === "loose") return compareParts(looseParts(left), looseParts(right));
  const read = scheme === "strict" ? strictParts : semverParts;
  const a = read(left);
  const b = read(right);
  if (a === undefined || b === undefined) {
    return err(`'${a === undefined ? left : right}' is not a ${scheme === "strict" ? "strict" : "semantic"} version`);
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
