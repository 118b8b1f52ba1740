import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware } from "ssh2";
import type { Secret } from "../transport.ts";
import type { Credential } from "./credentials.ts";

/** What was shown to a server, and what it would have liked. */
export interface AuthRecord {
  readonly tried: string[];
  /** The methods that the server still offered when the last credential was refused. */
  offered: readonly string[];
}

/** Shows the credentials one after the other, each at most once, and only by methods that the server offers. */
export const createAuthHandler = (
  user: string,
  credentials: readonly Credential[],
  record: AuthRecord,
): AuthHandlerMiddleware => {
  const left: Attempt[] = [...credentials];
  return (offered: readonly AuthenticationType[] | null, _partial, next) => {
    // Nothing is offered yet at the first call: asking first would cost a round trip.
    record.offered = offered ?? [];
    for (;;) {
      const credential = left.shift();
      if (credential === undefined) return giveUp(next);
      const method = methodFor(credential, user, offered);
      if (method === undefined) continue;
      record.tried.push(credential.label);
      if (credential.is === "password" && offered === null) left.unshift({ ...credential, is: "answers" });
      return next(method);
    }
  };
};

/** ssh2 takes `false` for "nothing more", which its types do not say. */
const giveUp = (next: (method: AnyAuthMethod) => void): void => next(false as never);

/** A credential; or a password that was sent before the server said what it offers, and that it may only ask for. */
type Attempt = Credential | { readonly is: "answers"; readonly label: string; readonly password: Secret };

const methodFor = (
  attempt: Attempt,
  username: string,
  offered: readonly AuthenticationType[] | null,
): AnyAuthMethod | undefined => {
  const takes = (type: AuthenticationType): boolean => offered === null || offered.includes(type);
  if (attempt.is === "key") return takes("publickey") ? attempt.method(username) : undefined;
  const { password } = attempt;
  if (takes("password")) {
    // It was refused already.
    if (attempt.is === "answers") return undefined;
    return { type: "password", username, password: password.reveal() };
  }
  return takes("keyboard-interactive") ? keyboardInteractive(username, password) : undefined;
};

/** Answers the hidden questions of one round; a second round means that the answer was wrong. */
const keyboardInteractive = (username: string, password: Secret): AnyAuthMethod => {
  let answered = false;
  return {
    type: "keyboard-interactive",
    username,
    prompt: (_name, _instructions, _language, prompts, finish) => {
      const answers = prompts.map((prompt) => (prompt.echo === true || answered ? "" : password.reveal()));
      if (prompts.length > 0) answered = true;
      finish(answers);
    },
  };
};
