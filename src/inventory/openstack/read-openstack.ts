import { resolve } from "node:path";
import { createCloudIo } from "../../cloud/cloud-io.ts";
import type { CloudServer } from "../../cloud/cloud.ts";
import type { CloudIo } from "../../cloud/open-cloud.ts";
import type { OpenStackClient } from "../../cloud/openstack/client.ts";
import { type CloudName, listClouds, type OpenStackConfig, readConfig } from "../../cloud/openstack/config.ts";
import { createOpenStack } from "../../cloud/openstack/openstack.ts";
import type { MapNode } from "../../source/node.ts";
import type { Span } from "../../source/source-file.ts";
import type { Failure } from "../../util/failure.ts";
import { err, ok, type Result } from "../../util/result.ts";
import type { InventoryBuilder } from "../inventory-builder.ts";
import { addServers, type FoundServer } from "./add-servers.ts";
import { findImages } from "./find-images.ts";
import { type OpenStackSource, readSourceOptions, usualSource } from "./source-options.ts";

/** What an inventory plugin needs of the process. */
export interface PluginIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** No inventory takes longer than this, whatever its clouds do. */
const limitMs = 120_000;
const imagesLimitMs = 10_000;

/** Reads a file with `plugin: openstack.cloud.openstack`: the servers of clouds become hosts. */
export const readOpenStackFile = async (root: MapNode, builder: InventoryBuilder, io: PluginIo): Promise<void> => {
  const { span } = root.entries[0]?.key ?? root;
  if (!/(?:openstack|clouds)\.ya?ml$/.test(span.file.path)) {
    const hint = `as for Ansible's plugin; rename it: mv ${span.file.path} openstack.yml`;
    return builder.error("the name of this file must end in openstack.yml or openstack.yaml", span, hint);
  }
  const source = readSourceOptions(root, builder);
  if (source === undefined) return undefined;
  const cloudIo = ioOf(source, io);
  const clouds = source.onlyClouds.length > 0 ? ok(namedClouds(source.onlyClouds, cloudIo)) : listClouds(cloudIo);
  if (!clouds.ok) return builder.error(clouds.error, span);
  const found = await Promise.all(clouds.value.map((name) => serversOf(name, source, cloudIo)));
  const failures = found.flatMap((result) => (result.ok ? [] : [result.error]));
  // Where no cloud answers there is nothing that the inventory could be of.
  const isFatal = source.failOnErrors || failures.length === found.length;
  for (const failure of failures) tell(failure, isFatal, span, builder);
  if (!isFatal || failures.length === 0) {
    addServers(
      found.flatMap((result) => (result.ok ? result.value : [])),
      source,
      builder,
    );
  }
  return undefined;
};

/** The servers of one cloud without a file: the one of this name, of OS_CLOUD, of the OS_* variables, or the only one. */
export const readOpenStackCloud = async (
  cloud: string | undefined,
  builder: InventoryBuilder,
  io: PluginIo,
): Promise<void> => {
  const name = cloud === undefined ? {} : { cloud };
  const servers = await serversOf(name, usualSource, ioOf(usualSource, io));
  if (servers.ok) addServers(servers.value, usualSource, builder);
  else tell(servers.error, true, undefined, builder);
};

const tell = (
  { message, hint }: Failure,
  isFatal: boolean,
  span: Span | undefined,
  builder: InventoryBuilder,
): void => {
  if (isFatal) builder.error(message, span, hint);
  else builder.warn(`${message}; its servers are missing`, span, hint);
};

const ioOf = ({ cloudsFiles }: OpenStackSource, { env, cwd }: PluginIo): CloudIo => {
  const io = createCloudIo({
    env,
    cwd,
    // What goes wrong is told without what was sent.
    hide: () => {},
    signal: AbortSignal.timeout(limitMs),
  });
  const first = cloudsFiles
    .map((path) => resolve(cwd, path))
    .find((path) => {
      const text = io.readFile(path);
      return !text.ok || text.value !== undefined;
    });
  return first === undefined ? io : { ...io, env: { ...env, OS_CLIENT_CONFIG_FILE: first } };
};

/** Each in all of its regions. One that is not known stays, so that it is told with what there is. */
const namedClouds = (names: readonly string[], io: CloudIo): readonly CloudName[] => {
  const known = listClouds(io);
  return names.flatMap((name) => {
    const found = known.ok ? known.value.filter(({ cloud }) => cloud === name) : [];
    return found.length > 0 ? found : [{ cloud: name }];
  });
};

const serversOf = async (
  name: Partial<CloudName>,
  source: OpenStackSource,
  io: CloudIo,
): Promise<Result<readonly FoundServer[], Failure>> => {
  const config = readConfig({ provider: "openstack", ...name }, io);
  if (!config.ok) return err({ kind: "module", message: config.error });
  const servers = await createOpenStack(config.value, io).listServers({ allProjects: source.allProjects });
  if (!servers.ok) return err(timedOut(servers.error, config.value.name));
  const images = source.defaultUsers
    ? await findImages(createImageClient(config.value, io), servers.value)
    : new Map<CloudServer, never>();
  const place = { cloud: config.value.name, region: config.value.region };
  return ok(servers.value.map((server) => ({ server, ...place, image: images.get(server) })));
};

/** Nothing but the time interrupts the reading of an inventory. */
const timedOut = (failure: Failure, cloud: string): Failure =>
  failure.kind === "cancelled"
    ? { ...failure, message: `cloud "${cloud}" did not list its servers within ${limitMs / 1000} s` }
    : failure;

/** With little patience: what the image service knows is welcome, and not needed. */
const createImageClient = (config: OpenStackConfig, io: CloudIo): OpenStackClient => {
  const signal = AbortSignal.any([io.signal, AbortSignal.timeout(imagesLimitMs)]);
  return createOpenStack(config, { ...io, signal, wait: async () => {} }).client;
};
