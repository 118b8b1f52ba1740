import { join } from "node:path";
import ssh2, { type AnyAuthMethod, type BaseAgent, type ParsedKey } from "ssh2";
import type { Failure } from "../../util/failure.ts";
import type { Result } from "../../util/result.ts";
import { err, ok } from "../../util/result.ts";
import type { ConnectionTarget, Secret } from "../transport.ts";
import { agentKeys, SingleKeyAgent } from "./agent-keys.ts";
import { fingerprint } from "./known-hosts-line.ts";
import { loadPrivateKey, needsPassphrase, type PrivateKeyFile } from "./private-key.ts";

/** One thing to show to a server: one attempt. */
export type Credential =
  | { readonly is: "key"; readonly label: string; readonly method: (user: string) => AnyAuthMethod }
  | { readonly is: "password"; readonly label: string; readonly password: Secret };

/** Where credentials are looked for besides what a target names. */
export interface CredentialSources {
  readonly homeDirectory: string;
  /** The socket of an agent (SSH_AUTH_SOCK). */
  readonly agentSocket?: string;
}

/** How many credentials a server is shown: OpenSSH counts six refused ones as an attack (MaxAuthTries). */
const MOST_ATTEMPTS = 5;

/** Finds credentials. Files are read and opened once a run: a key that is opened by a passphrase costs a tenth of a second. */
export class CredentialFinder {
  readonly #sources: CredentialSources;
  readonly #files = new Map<string, Promise<Result<PrivateKeyFile, Failure>>>();
  #agent: Promise<readonly Credential[]> | undefined;
  readonly #agentBlobs = new Map<string, Credential>();

  constructor(sources: CredentialSources) {
    this.#sources = sources;
  }

  /** What to show for a target, in this order: its key file, or the agent's keys and the usual files; then the password. */
  async find(target: ConnectionTarget): Promise<Result<readonly Credential[], Failure>> {
    const keys = await (target.privateKeyFile === undefined
      ? this.#usualKeys(target)
      : this.#namedKey(target.privateKeyFile, target.passphrase));
    if (!keys.ok) return keys;
    const passwords: Credential[] =
      target.password === undefined ? [] : [{ is: "password", label: "password", password: target.password }];
    const all = [...keys.value.slice(0, MOST_ATTEMPTS - passwords.length), ...passwords];
    return all.length === 0 ? err(nothingToShow(target, this.#sources)) : ok(all);
  }

  /** One key: of the target's key file, or the first of the agent. */
  async findOne(target: ConnectionTarget): Promise<Result<Credential, Failure>> {
    if (target.privateKeyFile === undefined) {
      const [first] = await this.#agentCredentials();
      return first === undefined ? err(noAgentKey(target, this.#sources)) : ok(first);
    }
    const keys = await this.#namedKey(target.privateKeyFile, target.passphrase);
    if (!keys.ok) return keys;
    const [key] = keys.value;
    return key === undefined ? err(needsPassphrase(target.privateKeyFile)) : ok(key);
  }

  async #namedKey(path: string, passphrase: Secret | undefined): Promise<Result<readonly Credential[], Failure>> {
    const file = await this.#load(path, passphrase);
    if (!file.ok) return file;
    if (file.value.is === "open") return ok([fileCredential(file.value.path, file.value.key)]);
    await this.#agentCredentials();
    const { publicKey } = file.value;
    const held = publicKey && this.#agentBlobs.get(publicKey.toString("base64"));
    return held === undefined ? err(needsPassphrase(path)) : ok([held]);
  }

  async #usualKeys(target: ConnectionTarget): Promise<Result<readonly Credential[], Failure>> {
    const { identityFiles = [], identitiesOnly = false } = target;
    const fromAgent = await this.#agentCredentials();
    const usual = identityFiles.length > 0 ? [] : ["id_ed25519", "id_ecdsa", "id_rsa"];
    const paths = usual.map((name) => join(this.#sources.homeDirectory, ".ssh", name));
    const [named, found] = await Promise.all([this.#keysIn(identityFiles, target), this.#keysIn(paths, target)]);
    return ok([...new Set([...named, ...(identitiesOnly ? [] : fromAgent), ...found])]);
  }

  /** The keys of those files that are there and can be used: opened here, or held by the agent. */
  async #keysIn(paths: readonly string[], { passphrase }: ConnectionTarget): Promise<readonly Credential[]> {
    const files = await Promise.all(paths.map((path) => this.#load(path, passphrase)));
    return files.flatMap((file) => {
      if (!file.ok) return [];
      const blob = file.value.is === "open" ? file.value.key.getPublicSSH() : file.value.publicKey;
      const held = blob && this.#agentBlobs.get(blob.toString("base64"));
      if (held !== undefined) return [held];
      return file.value.is === "open" ? [fileCredential(file.value.path, file.value.key)] : [];
    });
  }

  #load(path: string, passphrase: Secret | undefined): Promise<Result<PrivateKeyFile, Failure>> {
    const key = JSON.stringify([path, passphrase?.reveal()]);
    const loading = this.#files.get(key) ?? loadPrivateKey(path, passphrase);
    this.#files.set(key, loading);
    return loading;
  }

  #agentCredentials(): Promise<readonly Credential[]> {
    this.#agent ??= this.#askAgent();
    return this.#agent;
  }

  async #askAgent(): Promise<readonly Credential[]> {
    if (this.#sources.agentSocket === undefined) return [];
    const agent = ssh2.createAgent(this.#sources.agentSocket);
    const keys = await agentKeys(agent);
    return keys.map((key) => {
      const credential = agentCredential(agent, key);
      this.#agentBlobs.set(key.getPublicSSH().toString("base64"), credential);
      return credential;
    });
  }
}

const fileCredential = (path: string, key: ParsedKey): Credential => ({
  is: "key",
  label: `key ${path} (${key.type} ${fingerprint(key.getPublicSSH())})`,
  method: (username) => ({ type: "publickey", username, key }),
});

const agentCredential = (agent: BaseAgent, key: ParsedKey): Credential => ({
  is: "key",
  label: `key of the agent (${key.type} ${fingerprint(key.getPublicSSH())})`,
  method: (username) => ({ type: "agent", username, agent: new SingleKeyAgent(agent, key) }),
});

const noAgentKey = (target: ConnectionTarget, { agentSocket }: CredentialSources): Failure => ({
  kind: "auth",
  message: `There is nothing to try ${target.user}@${target.name} with: ${noAgent(agentSocket)}.`,
  hint: "Give key_file, or start ssh-agent and ssh-add a key.",
});

const noAgent = (socket: string | undefined): string => (socket === undefined ? "no agent" : "no key in the agent");

const nothingToShow = (target: ConnectionTarget, { homeDirectory, agentSocket }: CredentialSources): Failure => ({
  kind: "auth",
  message:
    `There is nothing to log in to ${target.name} with as ${target.user}: ` +
    `${noAgent(agentSocket)}, no usable key in ${join(homeDirectory, ".ssh")}, no password.`,
  hint: "Give --private-key, start ssh-agent and ssh-add a key, or ask for the password with -k.",
});
