import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { isKeyType } from "../modules/authorized_key/key-types.ts";
import { parsePublicKey, type PublicKey } from "../modules/authorized_key/public-key.ts";
import { judgeKeyOptions } from "./key-options.ts";

/** What is wrong with a line of authorized_keys; `text` is the stretch of it that is wrong where that is not all. */
export interface KeyLineProblem extends Pick<Diagnostic, "code" | "severity" | "message" | "hint"> {
  readonly text?: string;
}

/** A line that is to let somebody in, taken apart, and everything wrong with it. */
export const judgeKeyLine = (
  line: string,
): { readonly key: PublicKey | undefined; readonly problems: readonly KeyLineProblem[] } => {
  const parsed = parsePublicKey(line);
  if (!parsed.ok) return { key: undefined, problems: [wrong("error", `this is no public key: ${parsed.error}`)] };
  const key = parsed.value;
  const problems = [weakness(key), secondKey(key)].filter((problem) => problem !== undefined);
  return { key, problems: [...problems, ...judgeKeyOptions(key.options)] };
};

const stronger = "ask for one of type ssh-ed25519, which `ssh-keygen -t ed25519` makes";

const weakness = ({ type, bits, fingerprint }: PublicKey): KeyLineProblem | undefined => {
  if (type.startsWith("ssh-dss")) {
    return wrong("error", `the key ${fingerprint} is of type ssh-dss, which sshd has refused since 7.0`, stronger);
  }
  if (type !== "ssh-rsa" || bits >= 3072) return undefined;
  const message = `the key ${fingerprint} is RSA with ${bits} bits; expected 3072 or more`;
  return wrong(bits < 2048 ? "error" : "warning", message, stronger);
};

/** Behind a key everything is its comment, another key too. */
const secondKey = ({ comment }: PublicKey): KeyLineProblem | undefined => {
  const words = comment.split(" ");
  const at = words.findIndex((word, index) => isKeyType(word) && words[index + 1]?.startsWith("AAAA") === true);
  const type = words[at];
  if (type === undefined) return undefined;
  const message = `a second key, of type ${type}, stands on the line of another and would be taken for its comment`;
  return { ...wrong("error", message, "begin a line for each key"), text: words.slice(at).join(" ") };
};

const wrong = (severity: "error" | "warning", message: string, hint?: string): KeyLineProblem => ({
  code: "V50",
  severity,
  message,
  ...(hint === undefined ? {} : { hint }),
});
