import { createCloudIo as createIo } from "../cloud/cloud-io.ts";
import type { CloudIo } from "../cloud/open-cloud.ts";
import type { Io } from "./io.ts";

export { openCloud } from "../cloud/open-cloud.ts";

/** What clouds may ask of this machine: configuration files, the network, the clock. */
export const createCloudIo = ({ env, cwd }: Io, hide: (secret: string) => void, signal: AbortSignal): CloudIo =>
  createIo({ env, cwd, hide, signal });
