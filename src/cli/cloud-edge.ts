import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { CloudIo } from "../cloud/open-cloud.ts";
import { createHttp } from "../cloud/openstack/http.ts";
import { ok, err } from "../util/result.ts";
import type { Io } from "./io.ts";

export { openCloud } from "../cloud/open-cloud.ts";

/** What clouds may ask of this machine: configuration files, the network, the clock. */
export const createCloudIo = (io: Io, hide: (secret: string) => void, signal: AbortSignal): CloudIo => ({
  env: io.env,
  cwd: io.cwd,
  home: homedir(),
  readFile: (path) => {
    try {
      return ok(readFileSync(path, "utf8"));
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "ENOENT" || code === "ENOTDIR") return ok(undefined);
      return err(error instanceof Error ? error.message : String(error));
    }
  },
  http: createHttp(),
  wait: async (ms, during) => {
    await sleep(ms, undefined, { signal: during }).catch(() => undefined);
  },
  random: Math.random,
  clock: Date.now,
  hide,
  signal,
});
