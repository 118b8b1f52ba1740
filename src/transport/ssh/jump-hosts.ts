import type { Failure } from "../../util/failure.ts";
import { err, ok, type Result } from "../../util/result.ts";
import { onAbort } from "../on-abort.ts";
import type { ConnectionTarget } from "../transport.ts";
import type { SshClient } from "./ssh-client.ts";

/** A jump host's connection with those that go through it. */
interface Slot {
  readonly opening: Promise<Result<SshClient, Failure>>;
  /** Ends the login once nobody waits for it any more. */
  readonly unwanted: AbortController;
  users: number;
  /** Whether it refused the login. */
  refused?: boolean;
}

/** A jump host that is held open; give it back once. */
export interface HeldJumpHost {
  readonly client: SshClient;
  readonly release: () => void;
}

const KEY_HINT =
  "As with ssh -J, a jump host's user and key come from ssh's configuration (User and IdentityFile in ~/.ssh/config) or the agent.";

/** Connections to jump hosts: one each, however many hosts are behind it, for as long as one of them needs it. */
export class JumpHosts {
  readonly #logIn: (host: ConnectionTarget, signal: AbortSignal) => Promise<Result<SshClient, Failure>>;
  readonly #slots = new Map<string, Slot>();

  constructor(logIn: (host: ConnectionTarget, signal: AbortSignal) => Promise<Result<SshClient, Failure>>) {
    this.#logIn = logIn;
  }

  /** Whoever is cancelled meanwhile goes alone: others may wait for the same connection. */
  async hold(host: ConnectionTarget, signal: AbortSignal): Promise<Result<HeldJumpHost, Failure>> {
    const key = keyOf(host);
    const slot = this.#slots.get(key) ?? this.#open(host, key);
    slot.users++;
    const opened = await settledOrAborted(slot.opening, signal);
    if (opened?.ok === true) return ok({ client: opened.value, release: () => this.#release(slot, key) });
    this.#release(slot, key);
    if (opened === undefined) return err({ kind: "cancelled", message: `Cancelled on the way to ${host.name}.` });
    const hint = opened.error.kind === "auth" ? { hint: KEY_HINT } : {};
    return err({ ...opened.error, ...hint, message: `The jump host: ${opened.error.message}` });
  }

  #open(host: ConnectionTarget, key: string): Slot {
    const unwanted = new AbortController();
    const slot: Slot = { opening: this.#logIn(host, unwanted.signal), unwanted, users: 0 };
    this.#slots.set(key, slot);
    void slot.opening.then((opened) => {
      // One that refused would refuse again, and shut out who insists; any other is tried anew by the next host.
      slot.refused = !opened.ok && opened.error.kind === "auth";
      if (!opened.ok && !slot.refused) this.#forget(slot, key);
      if (opened.ok) opened.value.onClose(() => this.#forget(slot, key));
    });
    return slot;
  }

  #release(slot: Slot, key: string): void {
    slot.users--;
    if (slot.users > 0) return;
    // A refusal is kept: nothing is under way any more, and who comes next is to hear it.
    if (slot.refused === true) return;
    this.#forget(slot, key);
    slot.unwanted.abort();
    void slot.opening.then((opened) => {
      if (opened.ok) void opened.value.end();
    });
  }

  #forget(slot: Slot, key: string): void {
    if (this.#slots.get(key) === slot) this.#slots.delete(key);
  }
}

/** All that decides whether this would be the same connection, made as carefully. */
const keyOf = (host: ConnectionTarget): string =>
  JSON.stringify({
    ...host,
    name: undefined,
    passphrase: undefined,
    password: undefined,
    via: host.via?.kind === "jump" ? keyOf(host.via.host) : host.via?.command,
  });

const settledOrAborted = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> =>
  new Promise((resolve) => {
    const stopListening = onAbort(signal, () => resolve(undefined));
    if (signal.aborted) resolve(undefined);
    void promise.then((value) => {
      stopListening();
      resolve(value);
    });
  });
