import { isDeepStrictEqual } from "node:util";
import {
  type ConnectionDefaults,
  type ConnectionKeywords,
  connectionSettings,
  type ConnectionSettings,
} from "../inventory/connection.ts";
import { secretVariables } from "./known-secrets.ts";
import { expandHome } from "../inventory/ssh-way.ts";
import { connectionVariables } from "../inventory/connection-variables.ts";
import type { EventBody } from "../events/event.ts";
import type { Redactor } from "../events/redact.ts";
import type { Program } from "../shell/program.ts";
import { createSecret } from "../transport/secret.ts";
import type { LoginToTry, RanThere, TriedLogin } from "../modules/module.ts";
import type { Connection, ConnectionTarget, Identity, Session, Transport } from "../transport/transport.ts";
import type { Failure } from "../util/failure.ts";
import { err, ok, type Result } from "../util/result.ts";
import { Omit } from "../vars/omit.ts";
import { render, type TemplateContext } from "../vars/template.ts";
import type { Plain } from "../vars/value.ts";

interface LastSettings {
  /** What they were made of: variables and keywords. */
  readonly given: unknown;
  readonly settings: Result<ConnectionSettings, string>;
}

/** Opens connections and keeps them: one for each host and login, shared by all steps. */
export class Connections {
  readonly #transport: Transport;
  readonly #defaults: ConnectionDefaults;
  readonly #redact: Redactor;
  readonly #emit: (body: EventBody) => void;
  readonly #clock: () => number;
  readonly #open = new Map<string, Promise<Result<Connection, Failure>>>();
  /** The settings of each host's last step: most steps have the same. */
  readonly #last = new Map<string, LastSettings>();

  constructor(parts: {
    readonly transport: Transport;
    readonly defaults: ConnectionDefaults;
    readonly redact: Redactor;
    readonly emit: (body: EventBody) => void;
    readonly clock: () => number;
  }) {
    this.#transport = parts.transport;
    this.#defaults = parts.defaults;
    this.#redact = parts.redact;
    this.#emit = parts.emit;
    this.#clock = parts.clock;
  }

  /** What the variables, keywords and the command line say about reaching a host. */
  settings(host: string, context: TemplateContext, keywords: ConnectionKeywords): Result<ConnectionSettings, string> {
    const values: Record<string, Plain> = {};
    for (const name of connectionVariables) {
      const value = context.variable(name);
      if (value === undefined) continue;
      const rendered = render(value, context);
      if (!rendered.ok) return err(`${name}: ${rendered.error.message}`);
      if (!(rendered.value instanceof Omit)) values[name] = rendered.value;
    }
    const given = { values, keywords };
    const last = this.#last.get(host);
    if (last !== undefined && isDeepStrictEqual(last.given, given)) return last.settings;
    // Also those that this step has no use for: a template's value is known from now on.
    for (const name of secretVariables) {
      const value = values[name];
      if (typeof value === "string" || typeof value === "number") this.#redact.add(String(value));
    }
    const settings = connectionSettings(host, values, keywords, this.#defaults);
    this.#last.set(host, { given, settings });
    return settings;
  }

  /** The session of a step: connects where there is no connection yet. */
  async session(settings: ConnectionSettings, signal: AbortSignal): Promise<Result<Session, Failure>> {
    const connection = await this.#connection(settings, signal);
    if (connection.ok) return connection.value.session(identityOf(settings), signal);
    // This failure was told: whoever comes next tries anew. One that was only prepared waits for its step.
    this.#open.delete(connectionKey(settings));
    // Out of time while connecting is out of reach: the other limits of time are those of steps.
    const { error } = connection;
    return err(error.kind === "timeout" ? { ...error, kind: "unreachable" } : error);
  }

  /** Begins to connect, so that it is done when the first step needs it; that step is told of a failure. */
  prepare(settings: ConnectionSettings, signal: AbortSignal): void {
    void this.#connection(settings, signal);
  }

  /** Tries a login beside the connection of these settings, once and with one key, and ends it again. */
  async tryLogin(
    settings: ConnectionSettings,
    { user, keyFile, runs, sudo }: LoginToTry,
    signal: AbortSignal,
  ): Promise<Result<TriedLogin, Failure>> {
    const { password: _, passphrase: _its, privateKeyFile: _own, ...target } = settings.target;
    const key = keyFile === undefined ? {} : { privateKeyFile: expandHome(keyFile) };
    const trial = await this.#transport.tryLogin({ ...target, user, ...key }, signal);
    if (trial.is === "unproven") return err(trial.failure);
    if (trial.is === "refused") return ok({ is: "refused", reason: trial.failure.message });
    const limits = { timeoutMs: target.connectTimeoutMs, signal };
    const command = runs ? await runThere(trial.connection, loginProgram(sudo), limits) : undefined;
    await trial.connection.close();
    return ok({ is: "let-in", ...(command === undefined ? {} : { command }) });
  }

  /** Ends the connection of these settings, if there is one; the next session connects anew. */
  async reset(settings: ConnectionSettings): Promise<void> {
    const key = connectionKey(settings);
    const opened = await this.#open.get(key);
    this.#open.delete(key);
    if (opened?.ok === true) await opened.value.close();
  }

  /** Ends every connection to a host. */
  async closeHost(host: string): Promise<void> {
    await this.#close([...this.#open.keys()].filter((key) => key.startsWith(`${host}\n`)));
  }

  async closeAll(): Promise<void> {
    await this.#close([...this.#open.keys()]);
  }

  async #close(keys: readonly string[]): Promise<void> {
    await Promise.all(
      keys.map(async (key) => {
        const opened = await this.#open.get(key);
        this.#open.delete(key);
        if (opened?.ok === true) await opened.value.close();
      }),
    );
  }

  #connection(settings: ConnectionSettings, signal: AbortSignal): Promise<Result<Connection, Failure>> {
    const key = connectionKey(settings);
    const known = this.#open.get(key);
    if (known !== undefined) return known;
    const opening = this.#connect(settings, signal);
    this.#open.set(key, opening);
    return opening;
  }

  async #connect(settings: ConnectionSettings, signal: AbortSignal): Promise<Result<Connection, Failure>> {
    const { target } = settings;
    const { name: host, address, port, user } = target;
    const started = this.#clock();
    if (target.kind === "ssh") this.#emit({ type: "host.connect", host, address, port, user });
    let connection = await this.#transport.connect(targetOf(settings), signal);
    for (let left = settings.retries; left > 0 && isWorthRetry(connection, signal); left--) {
      connection = await this.#transport.connect(targetOf(settings), signal);
    }
    if (connection.ok && target.kind === "ssh") {
      this.#emit({ type: "host.ready", host, ms: this.#clock() - started });
    }
    return connection;
  }
}

/** Runs a command after a login that was tried: it is good for something only where one runs. */
const runThere = async (
  connection: Connection,
  program: Program,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Result<RanThere, string>> => {
  const session = await connection.session({}, signal);
  if (!session.ok) return err(session.error.message);
  const result = await session.value.exec(program, { timeoutMs, signal });
  if (!result.ok) return err(result.error.message);
  const { name, sudo } = result.value.fields;
  if (typeof name !== "string" || name === "") return err("id -un said nothing");
  return ok({ name, ...(typeof sudo === "string" ? { sudoProblem: sudo } : {}) });
};

const loginProgram = (sudo: LoginToTry["sudo"]): Program => ({
  functions: [],
  text: `lk_s name "$(id -un 2>/dev/null)"\n${askSudo[sudo]}lk_ok\n`,
});

const sudoProgram = (words: string): string =>
  `lk_e=$(sudo -n ${words} 2>&1 </dev/null) || lk_s sudo "sudo -n ${words}: \${lk_e##*"$lk_nl"}"\n`;

/** Where it allows certain commands only, none of them is run for a try. */
const askSudo = { none: "", listed: sudoProgram("-l"), all: sudoProgram("true") } as const;

const isWorthRetry = (connection: Result<Connection, Failure>, signal: AbortSignal): boolean =>
  !connection.ok && connection.error.kind === "unreachable" && !signal.aborted;

/** What tells one connection from another: the host, and how it is reached. */
export const connectionKey = ({ target }: ConnectionSettings): string =>
  [
    target.name,
    target.kind,
    target.address,
    target.port,
    target.user,
    target.privateKeyFile,
    target.via === undefined ? "" : JSON.stringify(target.via),
  ].join("\n");

const targetOf = ({ target }: ConnectionSettings): ConnectionTarget => {
  const { password, passphrase, ...rest } = target;
  return {
    ...rest,
    ...(password === undefined ? {} : { password: createSecret(password) }),
    ...(passphrase === undefined ? {} : { passphrase: createSecret(passphrase) }),
  };
};

const identityOf = ({ become }: ConnectionSettings): Identity => {
  if (become === undefined) return {};
  const { password, ...rest } = become;
  return { become: { ...rest, ...(password === undefined ? {} : { password: createSecret(password) }) } };
};
