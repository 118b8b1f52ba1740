import type { Failure } from "../../util/failure.ts";
import type { ConnectionTarget } from "../transport.ts";
import type { AuthRecord } from "./auth-plan.ts";

/** How far a login had come. */
export type ConnectStage = "tcp" | "handshake" | "authentication";

/** What is known of a login that did not succeed. */
export interface ConnectTrouble {
  readonly target: ConnectionTarget;
  readonly stage: ConnectStage;
  /** What ssh2 said; undefined when the other side just closed the connection. */
  readonly error: Error | undefined;
  readonly auth: AuthRecord;
  /** The first line that the server said. */
  readonly greeting: string;
  /** The last banner of the login: sshd tells there why PAM lets nobody in. */
  readonly banner: string;
}

/** Says why there is no connection: as whom, where to, what was tried, and what to do. */
export const explainConnect = (trouble: ConnectTrouble): Failure => {
  const { target, stage, error } = trouble;
  const level = detail(error, "level");
  if (level === "client-timeout") return tooSlow(trouble);
  if (level === "client-authentication") return refusedAuth(trouble);
  if (level === "agent") return agentFailed(trouble);
  const socket = SOCKET_ERRORS.get(String(detail(error, "code")));
  if (socket !== undefined && stage === "tcp") return unreachable(target, socket.reason, socket.hint);
  if (stage === "authentication") return refusedAuth(trouble);
  if (level === "handshake") return noCommonLanguage(target, error);
  return unreachable(target, `${closedEarly(error)} before a login was possible.`, CLOSED_EARLY_HINT);
};

/**
 * Whether the server was shown a credential and refused it, rather than that the connection was lost meanwhile: it says so,
 * or hangs up after a word to the person, as sshd does where PAM lets nobody in.
 */
export const isRefusal = ({ stage, error, auth, banner }: ConnectTrouble): boolean => {
  if (auth.tried.length === 0 || stage !== "authentication") return false;
  if (detail(error, "level") === "client-authentication") return true;
  return error === undefined ? banner !== "" : typeof detail(error, "code") === "number";
};

/** Whether another attempt may do better: the server took the connection and let it fall before any login. */
export const mayBeBusy = ({ stage, error }: ConnectTrouble): boolean => {
  const level = detail(error, "level");
  return stage === "handshake" && level !== "client-timeout" && level !== "handshake";
};

const SOCKET_ERRORS = new Map([
  [
    "ECONNREFUSED",
    { reason: "nothing listens there (connection refused).", hint: "Check the port, and that sshd runs." },
  ],
  [
    "EHOSTUNREACH",
    { reason: "there is no route to the host.", hint: "Check the address, the network and a firewall." },
  ],
  ["ENETUNREACH", { reason: "there is no route to the network.", hint: "Check the address and your own network." }],
  ["ETIMEDOUT", { reason: "no answer.", hint: "Check the address, and that a firewall lets this machine in." }],
  ["ECONNRESET", { reason: "the connection was reset.", hint: "Check that it is sshd that listens there." }],
  ["ENOTFOUND", { reason: "there is no such name.", hint: "Check the name, or give ansible_host an address." }],
  [
    "EAI_AGAIN",
    { reason: "the name server does not answer.", hint: "Check your DNS, or give ansible_host an address." },
  ],
  ["EACCES", { reason: "this machine does not allow the connection.", hint: "Check a firewall on this machine." }],
]);

const CLOSED_EARLY_HINT =
  "Often a busy server (MaxStartups), a penalty for failed logins (PerSourcePenalties) or a ban (fail2ban): wait, or lower --forks.";

/** The login and where it goes, for messages. */
export const placeOf = ({ user, name, address, port }: ConnectionTarget): string =>
  `${user}@${name}${name === address && port === 22 ? "" : ` (${address.includes(":") ? `[${address}]` : address}:${port})`}`;

const unreachable = (target: ConnectionTarget, reason: string, hint: string): Failure => ({
  kind: "unreachable",
  message: `No connection to ${placeOf(target)}: ${reason}`,
  hint,
});

const tooSlow = ({ target, stage, greeting }: ConnectTrouble): Failure => {
  const isSsh = stage === "authentication" || greeting.startsWith("SSH-");
  const reason = stage === "tcp" || isSsh ? STAGES[stage] : `something took the connection, and ${saying(greeting)}`;
  return {
    kind: "timeout",
    message: `No connection to ${placeOf(target)} within the connect time-out of ${target.connectTimeoutMs / 1000} s: ${reason}.`,
    hint:
      stage === "tcp"
        ? "Check the address, and that a firewall lets this machine in; or give it longer with --timeout."
        : isSsh
          ? "The server answers slowly: give it longer with --timeout, or lower --forks."
          : NOT_SSH_HINT,
  };
};

const saying = (greeting: string): string =>
  greeting === "" ? "it has said nothing" : `it said "${greeting.slice(0, 80)}"`;

const NOT_SSH_HINT =
  "Check the port, and that it is sshd that listens there; a server that hangs may answer after a restart.";

const STAGES = {
  tcp: "nothing answered",
  handshake: "the handshake was not finished",
  authentication: "the login was not finished",
} as const;

const refusedAuth = ({ target, error, auth, banner }: ConnectTrouble): Failure => {
  const tried = auth.tried.length === 0 ? "nothing that it takes" : auth.tried.join(", ");
  const offers = auth.offered.length === 0 ? "" : ` The server takes: ${auth.offered.join(", ")}.`;
  const said = refusalText(error, banner);
  return {
    kind: "auth",
    message: `${placeOf(target)} refused the login. Shown: ${tried}.${offers}${said}`,
    hint: `Check the user name, and that the public half is in ~${target.user}/.ssh/authorized_keys there.`,
  };
};

/** What the server said of its refusal. One that hangs up has told the reason before, if at all. */
const refusalText = (error: Error | undefined, banner: string): string => {
  if (detail(error, "level") === "client-authentication") return "";
  const isClosed = error === undefined || detail(error, "code") === "ECONNRESET";
  const lines = (isClosed ? banner : error.message).split("\n").map((line) => line.trim());
  const said = lines.filter((line) => line !== "").slice(-2);
  return said.length === 0 ? "" : ` It said: ${said.join(" / ").replace(/\.$/, "")}.`;
};

const agentFailed = ({ target, error }: ConnectTrouble): Failure => ({
  kind: "auth",
  message: `The agent did not sign for ${placeOf(target)}: ${error?.message ?? "no reason given"}.`,
  hint: "Unlock the agent or confirm the use of the key, or give --private-key.",
});

const noCommonLanguage = (target: ConnectionTarget, error: Error | undefined): Failure => ({
  kind: "protocol",
  message: `No connection to ${placeOf(target)}: ${error?.message ?? "the handshake failed"}.`,
  hint: "The server may be very old, or not be an SSH server at all.",
});

const closedEarly = (error: Error | undefined): string => {
  const code = detail(error, "code");
  if (error === undefined || code === "ECONNRESET" || code === "EPIPE") return "the server closed the connection";
  if (typeof code === "number") return `the server said "${error.message}" and closed the connection`;
  return /before handshake/.test(error.message) ? "the server closed the connection" : `${error.message},`;
};

const detail = (error: Error | undefined, name: "level" | "code"): unknown =>
  error !== undefined && name in error ? (error as Error & Record<typeof name, unknown>)[name] : undefined;
