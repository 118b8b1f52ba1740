/** Whether a text fits a pattern with `*` and `?` (ssh_config(5), PATTERNS). */
export const matchesGlob = (text: string, pattern: string): boolean => {
  const source = pattern.replaceAll(/[\\^$.+()[\]{}|*?]/g, (char) => globs.get(char) ?? `\\${char}`);
  return new RegExp(`^${source}$`, "s").test(text);
};

const globs = new Map([
  ["*", ".*"],
  ["?", "."],
]);

/** Whether a list of patterns, with commas between, lets a text through: one that fits behind a `!` decides. */
export const matchesList = (list: string, fits: (pattern: string) => boolean): boolean => {
  const patterns = list.split(",");
  const isRefused = patterns.some((pattern) => pattern.startsWith("!") && fits(pattern.slice(1)));
  return !isRefused && patterns.some((pattern) => !pattern.startsWith("!") && fits(pattern));
};
