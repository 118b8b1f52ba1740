import type { Client, ParsedKey } from "ssh2";

/**
 * Logs in with a signature at once, instead of asking first whether a key would do: a round trip less, and the server
 * looks the key up once (RFC 4252, 7: the question is optional). Only for keys at hand: one of an agent may have to be
 * confirmed by a person.
 *
 * This reaches into a part of ssh2 that its types do not show; where that is not as expected, nothing is changed.
 */
export const signAtOnce = (client: Client): void => {
  const { _protocol: protocol } = client as unknown as Internals;
  const ask = protocol?.authPK;
  if (protocol === undefined || typeof ask !== "function") return;
  protocol.authPK = function (user, key, algorithm, sign) {
    ask.call(this, user, key, algorithm, sign ?? (key.isPrivateKey() ? signer(key, algorithm) : undefined));
  };
};

const signer =
  (key: ParsedKey, algorithm: string | undefined): Sign =>
  (data, send) => {
    const signature: Buffer | Error = key.sign(data, HASHES.get(algorithm ?? ""));
    if (signature instanceof Error) throw signature;
    send(signature);
  };

const HASHES = new Map([
  ["rsa-sha2-256", "sha256"],
  ["rsa-sha2-512", "sha512"],
]);

type Sign = (data: Buffer, send: (signature: Buffer) => void) => void;

/** The part of ssh2 1.17 that is used here. */
interface Internals {
  readonly _protocol?: {
    authPK: (this: unknown, user: string, key: ParsedKey, algorithm?: string, sign?: Sign) => void;
  };
}
