import type { Failure } from "../util/failure.ts";
import { err, ok, type Result } from "../util/result.ts";
import type { Cloud, CloudOptions, ProviderName } from "./cloud.ts";
import type { ClientIo } from "./openstack/client.ts";
import { type ConfigIo, readConfig } from "./openstack/config.ts";
import { createOpenStack } from "./openstack/openstack.ts";

/** What the providers need of the process. */
export type CloudIo = ClientIo & ConfigIo;

type Provider = (options: CloudOptions, io: CloudIo) => Result<Cloud, string>;

/** A provider is this one function, and a name in `ProviderName`. */
const providers: Readonly<Record<ProviderName, Provider>> = {
  openstack: (options, io) => {
    const config = readConfig(options, io);
    return config.ok ? ok(createOpenStack(config.value, io)) : config;
  },
};

/** The cloud that is meant; it is not contacted yet. */
export const openCloud = (options: CloudOptions, io: CloudIo): Result<Cloud, Failure> => {
  // A ledger may name one of a later version.
  if (!Object.hasOwn(providers, options.provider)) {
    return err({ kind: "module", message: `there is no provider "${options.provider}" for clouds` });
  }
  const cloud = providers[options.provider](options, io);
  return cloud.ok ? cloud : err({ kind: "module", message: cloud.error });
};
