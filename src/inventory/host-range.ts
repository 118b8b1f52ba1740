import { err, ok, type Result } from "../util/result.ts";

/** More hosts than this from one entry is a slip of the finger (`[1:100000000]`), not a fleet. */
const mostHosts = 100_000;

/** The host names of an entry such as `web[01:50].example.com`; an entry without brackets is one name. */
export const expandHostRange = (entry: string): Result<readonly string[], string> => {
  let names: readonly string[] = [""];
  let at = 0;
  while (at < entry.length) {
    const open = entry.indexOf("[", at);
    const head = entry.slice(at, open === -1 ? undefined : open);
    names = names.map((name) => name + head);
    if (open === -1) break;
    const close = entry.indexOf("]", open);
    if (close === -1) return err(`the range "${entry.slice(open)}" has no closing "]"`);
    const items = rangeItems(entry.slice(open + 1, close));
    if (!items.ok) return items;
    if (names.length * items.value.length > mostHosts) return err(`more than ${mostHosts} hosts from one entry`);
    names = names.flatMap((name) => items.value.map((item) => name + item));
    at = close + 1;
  }
  return ok(names);
};

const rangeItems = (range: string): Result<readonly string[], string> => {
  const [begin = "", end, stepText = "1", ...more] = range.split(":");
  const whole = `the range "[${range}]"`;
  if (end === undefined || more.length > 0) return err(`${whole} is not [BEGIN:END] or [BEGIN:END:STEP]`);
  if (end === "") return err(`${whole} has no end`);
  const step = /^[1-9][0-9]*$/.test(stepText) ? Number(stepText) : 0;
  if (step === 0) return err(`${whole}: the step must be a whole number from 1`);
  if (/^[A-Za-z]$/.test(begin) && /^[A-Za-z]$/.test(end)) return letters(begin, end, step, whole);
  return numbers(begin === "" ? "0" : begin, end, step, whole);
};

/** Python's `string.ascii_letters`: small letters come before capital ones. */
const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

const letters = (begin: string, end: string, step: number, whole: string): Result<readonly string[], string> => {
  const [first, last] = [alphabet.indexOf(begin), alphabet.indexOf(end)];
  if (first > last) return err(`${whole} ends before it begins`);
  return ok(Array.from(alphabet.slice(first, last + 1)).filter((_, index) => index % step === 0));
};

const numbers = (begin: string, end: string, step: number, whole: string): Result<readonly string[], string> => {
  if (!/^[0-9]+$/.test(begin) || !/^[0-9]+$/.test(end)) {
    return err(`${whole} goes neither from number to number nor from letter to letter`);
  }
  // A leading zero asks for padding, and then both ends have to be written equally long.
  const width = begin.length > 1 && begin.startsWith("0") ? begin.length : 0;
  if (width > 0 && end.length !== width) return err(`${whole}: with a leading 0 both ends have the same length`);
  const [first, last] = [Number(begin), Number(end)];
  if (last < first) return err(`${whole} ends before it begins`);
  const count = Math.floor((last - first) / step) + 1;
  if (count > mostHosts) return err(`${whole} gives more than ${mostHosts} hosts`);
  return ok(Array.from({ length: count }, (_, index) => String(first + index * step).padStart(width, "0")));
};
