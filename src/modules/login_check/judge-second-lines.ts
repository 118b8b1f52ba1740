import type { FieldValue } from "../../shell/program.ts";
import { listOptions } from "../authorized_key/key-options.ts";
import { parsePublicKey, type PublicKey } from "../authorized_key/public-key.ts";

/** What keeps a key from more than it was given for. sshd goes on to the next line where one of them does not hold. */
const limits = ["from", "expiry-time", "restrict", "command", "cert-authority", "principals"] as const;

/**
 * Which lines of a host let one of the keys in without what limits it in the line that it was given; each a sentence.
 * `found` is what the host says: taken for nothing but texts.
 */
export const judgeSecondLines = (found: FieldValue | undefined, given: readonly PublicKey[]): readonly string[] =>
  Object.values(typeof found === "object" && found !== null ? found : {}).flatMap((each: FieldValue) => {
    if (typeof each !== "object" || each === null || Array.isArray(each)) return [];
    const { file, line, text } = each as Readonly<Record<string, FieldValue>>;
    if (typeof file !== "string" || typeof line !== "number" || typeof text !== "string") return [];
    const written = text.replace(/\r$/, "");
    // What sshd takes for no key lets nobody in.
    const parsed = written.trimStart().startsWith("#") ? undefined : parsePublicKey(written);
    if (parsed?.ok !== true) return [];
    const wanted = given.find(({ blob }) => blob === parsed.value.blob);
    const missing = wanted === undefined ? [] : missingLimits(wanted.options, parsed.value.options);
    if (missing.length === 0) return [];
    const what = missing.length === 1 ? missing[0] : `${missing.slice(0, -1).join(", ")} and ${missing.at(-1)}`;
    return [
      `${file}:${line} lets in the key ${parsed.value.fingerprint} without the ${what} that it was given with: ` +
        "take that line out, or use another key",
    ];
  });

const missingLimits = (wanted: string, found: string): readonly string[] => {
  const [want, have] = [listOptions(wanted), listOptions(found)];
  const isAuthority = want.has("cert-authority");
  // A trust line for others lets in nobody who comes with a certificate for this one.
  if (isAuthority && have.has("cert-authority") && have.has("principals")) {
    const theirs = namesOf(have);
    if (!namesOf(want).some((name) => theirs.includes(name))) return [];
  }
  const missing = limits.filter((name) => want.has(name) && want.get(name) !== have.get(name));
  // The key itself would be enough, or whomever it certifies.
  return isAuthority === have.has("cert-authority") ? missing : [...new Set([...missing, "cert-authority"])];
};

const namesOf = (options: ReadonlyMap<string, string>): readonly string[] =>
  (options.get("principals") ?? "").replaceAll('"', "").split(",");
