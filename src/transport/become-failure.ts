import type { Failure } from "../util/failure.ts";
import type { PromptEnd } from "./answer-prompt.ts";
import type { Become } from "./become-command.ts";
import { type ChannelEnd, describeEnd } from "./channel.ts";

/** Says why a become method gave no shell, from how it ended and what it wrote. */
export const explainBecomeEnd = (become: Become, who: string, end: ChannelEnd, output: string): Failure => {
  if (end.lost !== undefined) return end.lost;
  const { method, user } = become;
  const because = (reason: string, hint: string): Failure => ({
    kind: "sudo",
    message: `${method} to ${user} for ${who}: ${reason}`,
    hint,
  });
  // sudo and doas run no login shell of the other user: it is the one of the login that says so.
  if (method !== "su" && NO_LOGIN.test(output))
    return because("the login shell of the login user runs nothing.", LOGIN);
  const known = KNOWN_ENDS.find(({ pattern }) => pattern.test(output));
  if (known !== undefined) return because(known.reason, known.hint);
  if (end.exitStatus === 127) return because(`${method} is not there.`, NOT_THERE);
  return because(`no shell, ${describeEnd(end)}${output === "" ? "." : `; it said: ${output}`}`, GENERAL);
};

/** Says why a become method that may ask for a password gave no shell. */
export const explainPromptEnd = (become: Become, who: string, reason: PromptEnd): Failure => {
  const label = `${become.method} to ${become.user} for ${who}`;
  switch (reason.is) {
    case "asked-again":
      return { kind: "sudo", message: `${label}: the become password is wrong.`, hint: RIGHT_PASSWORD };
    case "password-needed":
      return { kind: "sudo", message: `${label}: a password is needed, and none was given.`, hint: GIVE_PASSWORD };
    case "too-slow": {
      const said = reason.output === "" ? "" : ` It said: ${reason.output}`;
      return { kind: "sudo", message: `${label}: no shell within the connect time-out.${said}`, hint: GENERAL };
    }
    case "cancelled":
      return { kind: "cancelled", message: `${label}: cancelled.` };
    case "closed":
      return explainBecomeEnd(become, who, reason.end, reason.output);
  }
};

const NOT_THERE = "Install it, choose another become_method, or log in as the user itself.";
const RIGHT_PASSWORD = "Give the right one with -K, --become-password-file or ansible_become_password.";
const GIVE_PASSWORD = "Give it with -K, --become-password-file or ansible_become_password.";
const GENERAL = "Try the same command by hand in a login of that user; a start-up file such as .bashrc may end it.";
const LOGIN = "Log in as another user, or give that account a shell that runs commands.";
const NO_LOGIN = /account (?:is )?(?:currently )?not available/i;

/** What sudo (also sudo-rs), su and doas say, in English; other languages get the general message with their text. */
const KNOWN_ENDS: readonly { readonly pattern: RegExp; readonly reason: string; readonly hint: string }[] = [
  {
    pattern: /password is required|authentication required|interactive authentication is required/i,
    reason: "a password is needed, and none was given.",
    hint: "Give it with -K, --become-password-file or ansible_become_password, or allow NOPASSWD on the host.",
  },
  {
    pattern: /incorrect password|authentication fail|sorry, try again|(?:su|sudo|doas): permission denied/i,
    reason: "refused: the become password is missing or wrong.",
    hint: RIGHT_PASSWORD,
  },
  {
    pattern: /not in the sudoers file|not allowed to (?:execute|run)|may not run sudo|operation not permitted/i,
    reason: "the login user is not allowed to do that.",
    hint: "Let the host's administrator allow it in sudoers (doas.conf), or log in as another user.",
  },
  {
    pattern: /must have a tty|terminal is required|must be run from a terminal|tty is required/i,
    reason: "it wants a terminal, and a session has none.",
    hint: "For sudo, remove `requiretty` for this user in sudoers.",
  },
  {
    pattern: /unknown user|user \S+ does not exist|no passwd entry|unknown login/i,
    reason: "there is no such user on the host.",
    hint: "Check become_user.",
  },
  { pattern: /command not found|unknown command|: not found/i, reason: "the command is not there.", hint: NOT_THERE },
  {
    pattern: /account (?:is )?currently not available|account has expired|account is disabled/i,
    reason: "that account allows no shell.",
    hint: "Check become_user; for su, become_flags `-s /bin/sh` chooses another shell where root does it.",
  },
];
