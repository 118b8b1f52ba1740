import ssh2, {
  type BaseAgent,
  type IdentityCallback,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from "ssh2";

/** The keys that an agent holds; empty when there is none or it does not answer. Signing stays with the agent. */
export const agentKeys = (agent: BaseAgent): Promise<readonly ParsedKey[]> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve([]), AGENT_LIMIT_MS);
    agent.getIdentities((error, keys) => {
      clearTimeout(timer);
      resolve(error || keys === undefined ? [] : keys.flatMap(parsedKey));
    });
  });

const AGENT_LIMIT_MS = 3000;

const parsedKey = (key: unknown): ParsedKey[] => {
  const isParsed = typeof key === "object" && key !== null && "getPublicSSH" in key;
  // ssh2's agents give parsed keys; its type leaves open what others might give.
  return isParsed ? [key as ParsedKey] : [];
};

/** An agent that shows one key of another: one attempt is one key, so that a full agent does not use up the server's patience. */
export class SingleKeyAgent extends ssh2.BaseAgent {
  readonly #agent: BaseAgent;
  readonly #key: ParsedKey;

  constructor(agent: BaseAgent, key: ParsedKey) {
    super();
    this.#agent = agent;
    this.#key = key;
  }

  override getIdentities(callback: IdentityCallback): void {
    callback(undefined, [this.#key]);
  }

  override sign(
    key: AgentKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    if (typeof options === "function") this.#agent.sign(key, data, options);
    else this.#agent.sign(key, data, options, callback);
  }
}

type AgentKey = string | Buffer | ParsedKey;
