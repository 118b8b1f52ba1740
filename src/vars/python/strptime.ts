import { PythonDate } from "./datetime.ts";

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** What each directive matches, and which field it sets. */
const directives: Readonly<Record<string, string>> = {
  Y: "(?<Y>\\d{4})",
  y: "(?<y>\\d{2})",
  m: "(?<m>1[0-2]|0?[1-9])",
  d: "(?<d>3[01]|[12]\\d|0?[1-9]| [1-9])",
  H: "(?<H>2[0-3]|[01]\\d|\\d)",
  I: "(?<I>1[0-2]|0?[1-9])",
  M: "(?<M>[0-5]\\d|\\d)",
  S: "(?<S>6[01]|[0-5]\\d|\\d)",
  f: "(?<f>\\d{1,6})",
  j: "(?<j>36[0-6]|3[0-5]\\d|[12]\\d\\d|0?[1-9]\\d|0?0?[1-9])",
  p: "(?<p>am|pm)",
  b: "(?<b>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
  B: "(?<b>january|february|march|april|may|june|july|august|september|october|november|december)",
  a: "(?:mon|tue|wed|thu|fri|sat|sun)",
  A: "(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)",
  z: "(?<z>[-+]\\d\\d:?\\d\\d|Z)",
  Z: "(?:utc|gmt|[a-z]{3,5})",
  "%": "%",
};

/** Reads a date as Python's `datetime.strptime` does; undefined where the text does not match. A zone is dropped. */
export const parseDate = (value: string, format: string): PythonDate | undefined => {
  const pattern = format.replace(
    /%([a-zA-Z%])|\s+|[\\^$.*+?()[\]{}|]/g,
    (whole: string, letter: string | undefined) => {
      if (letter !== undefined) return directives[letter] ?? "(?!)";
      return whole.trim() === "" ? "\\s+" : `\\${whole}`;
    },
  );
  let match: RegExpExecArray | null;
  try {
    match = new RegExp(`^${pattern}$`, "i").exec(value);
  } catch {
    // A directive twice, which Python refuses too.
    return undefined;
  }
  return match === null ? undefined : dateFrom(match.groups ?? {});
};

const dateFrom = (fields: { readonly [name: string]: string | undefined }): PythonDate | undefined => {
  const number = (name: string, fallback: number): number =>
    fields[name] === undefined ? fallback : Number(fields[name]);
  const short = number("y", 0);
  const year = fields["y"] === undefined ? number("Y", 1900) : short + (short < 69 ? 2000 : 1900);
  const named = fields["b"]?.slice(0, 3).toLowerCase();
  const month = named === undefined ? number("m", 1) : months.indexOf(named) + 1;
  const day = fields["j"] === undefined ? number("d", 1) : number("j", 1);
  const hour =
    fields["I"] === undefined ? number("H", 0) : (number("I", 0) % 12) + (/pm/i.test(fields["p"] ?? "") ? 12 : 0);
  const monthIndex = fields["j"] === undefined ? month - 1 : 0;
  const at = Date.UTC(year, monthIndex, day, hour, number("M", 0), number("S", 0));
  const check = new Date(at);
  // 31 April is no date.
  if (fields["j"] === undefined && (check.getUTCDate() !== day || check.getUTCMonth() !== monthIndex)) return undefined;
  return new PythonDate(at, Number((fields["f"] ?? "").padEnd(6, "0")));
};
