import type { Failure } from "../util/failure.ts";
import type { Result } from "../util/result.ts";
import type { Plain, PlainMap } from "../vars/value.ts";

/** Which cloud, and how to come in: what a task or an inventory file says, the rest is the provider's own configuration. */
export interface CloudOptions {
  readonly provider: ProviderName;
  /** The name of a cloud in the provider's configuration. */
  readonly cloud?: string;
  /** What the login needs, in the provider's own names, where it is not to be taken from its configuration. */
  readonly auth?: Readonly<Record<string, Plain>>;
  readonly authType?: string;
  readonly region?: string;
  /** Which of a service's addresses is used, where there are several: public, internal or admin. */
  readonly interface?: string;
  /** A file of certificate authorities. */
  readonly caFile?: string;
  /** Whether certificates are checked. */
  readonly verify?: boolean;
  /** The limit of one request. */
  readonly requestMs?: number;
}

/** The clouds that there is a provider for. */
export type ProviderName = "openstack";

/**
 * A cloud, as far as support needs one. Everything is looked up in one project (account, subscription) and one region.
 * No method rejects for what a network or a cloud can do: the failure is one sentence, with what to do about it.
 */
export interface Cloud {
  /** Where its rules are, without any secret, so that a rule can be found again. */
  readonly place: () => Promise<Result<CloudPlace, Failure>>;
  /** The security group of this name or id; a failure where there is none, or several. */
  readonly findGroup: (nameOrId: string, project?: string) => Promise<Result<SecurityGroup, Failure>>;
  /** The security groups of the server of this name or id. */
  readonly groupsOfServer: (nameOrId: string) => Promise<Result<readonly SecurityGroup[], Failure>>;
  /** Makes sure that there is such a rule; with `check` it only looks. */
  readonly openRule: (
    wanted: WantedRule,
    options: { readonly check: boolean },
  ) => Promise<Result<OpenedRule, CloudFailure>>;
  /** Takes a rule away; one that is gone already is fine. */
  readonly closeRule: (id: string) => Promise<Result<"closed" | "gone", Failure>>;
  /** The rules that fit; an equal one is what `openRule` would leave as it is. */
  readonly findRules: (filter: RuleFilter) => Promise<Result<readonly CloudRule[], Failure>>;
  /** Those of the project; with `allProjects` of every one, which administrators alone may ask for. */
  readonly listServers: (options?: {
    readonly allProjects: boolean;
  }) => Promise<Result<readonly CloudServer[], Failure>>;
}

/** Why a cloud did not do what was asked. */
export interface CloudFailure extends Failure {
  /** It may have done so all the same: its answer was lost. */
  readonly unsure?: true;
}

/** Where a rule is. */
export interface CloudPlace {
  readonly provider: ProviderName;
  /** The cloud's name in the configuration that was used. */
  readonly cloud: string;
  /** The address of the cloud's identity service, by which it is known. */
  readonly url: string;
  readonly project: string;
  readonly region?: string;
}

/** A set of firewall rules that servers share. */
export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  /** The id of the project that has it. */
  readonly project?: string;
}

/** A rule that there is to be. */
export interface WantedRule {
  /** The id of its security group. */
  readonly group: string;
  readonly direction: "ingress" | "egress";
  readonly family: "IPv4" | "IPv6";
  /** Absent for every one. */
  readonly protocol?: string;
  /** Absent for every one. */
  readonly ports?: { readonly min: number; readonly max: number };
  /** The other side's network; absent for every one. */
  readonly remotePrefix?: string;
  /** The other side's security group, by id. */
  readonly remoteGroup?: string;
  readonly description?: string;
  /** The id of the project that is to have it, where that is another one. */
  readonly project?: string;
}

/** A rule as the cloud has it. */
export interface CloudRule extends WantedRule {
  readonly id: string;
  readonly description: string;
  /** Everything that the cloud says of it, in the cloud's own names. */
  readonly details: PlainMap;
}

/** What came of making sure of a rule. */
export interface OpenedRule {
  /** Whether it was not there before; in a dry run, whether it would have to be made. */
  readonly isNew: boolean;
  /** Absent where a dry run would have made it. */
  readonly rule?: CloudRule;
}

/** Which rules are meant. */
export interface RuleFilter {
  readonly id?: string;
  /** The id of the security group. */
  readonly group?: string;
  /** Exactly this rule, whatever its description. */
  readonly equal?: WantedRule;
}

/** A virtual machine. */
export interface CloudServer {
  readonly id: string;
  readonly name: string;
  /** In the cloud's own words, such as ACTIVE. */
  readonly status: string;
  readonly addresses: readonly ServerAddress[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Everything that the cloud says of it, in the cloud's own names. */
  readonly details: PlainMap;
}

/** An address of a server. */
export interface ServerAddress {
  readonly network: string;
  readonly address: string;
  readonly family: "IPv4" | "IPv6";
  /** Whether it can be moved to another server, as those that are reached from outside mostly can. */
  readonly floating: boolean;
}
