import { err, ok, type Result } from "../../util/result.ts";

/**
 * The options at the beginning of a line of authorized_keys: all up to the first blank outside of quotes. Inside quotes
 * a backslash keeps a quote from ending them (sshd(8)).
 */
export const splitOptions = (line: string): Result<string, string> => {
  const found = /^(?:[^"\s]|"(?:\\"|[^"])*")*/.exec(line)?.[0] ?? "";
  const next = line.charAt(found.length);
  return next === '"' ? err("a quote in its options is not closed") : ok(found);
};

/** Checks options that are to stand before a key; the error says what is wrong with them. */
export const checkOptions = (options: string): Result<string, string> => {
  // oxlint-disable-next-line no-control-regex -- a line break would begin another key
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(options)) return err("key_options holds a control character");
  const found = splitOptions(options);
  if (!found.ok) return err("a quote in key_options is not closed");
  if (found.value !== options) return err("key_options holds a blank outside of quotes, which would end the options");
  return ok(options);
};

/** Options one by one, split at commas outside of quotes; inside, a backslash keeps a quote from ending them. */
export const splitAtCommas = (options: string): readonly string[] => {
  const parts = [""];
  for (const [piece] of options.matchAll(/"(?:\\"|[^"])*"?|,|[^",]+/g)) {
    if (piece === ",") parts.push("");
    else parts.push(`${parts.pop() ?? ""}${piece}`);
  }
  return parts;
};

/** Options by their names, which are the same in capitals; a flag has no value. */
export const listOptions = (options: string): ReadonlyMap<string, string> =>
  new Map(
    splitAtCommas(options).map((option) => {
      const [name = "", ...value] = option.split("=");
      return [name.toLowerCase(), value.join("=")];
    }),
  );
