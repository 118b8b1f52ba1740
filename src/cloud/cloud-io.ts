import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { err, ok } from "../util/result.ts";
import type { CloudIo } from "./open-cloud.ts";
import { createHttp } from "./openstack/http.ts";

/** The process as the providers see it. */
export const createCloudIo = (given: Pick<CloudIo, "env" | "cwd" | "hide" | "signal">): CloudIo => ({
  ...given,
  home: given.env["HOME"] ?? homedir(),
  http: createHttp(),
  wait: async (ms, signal) => {
    await sleep(ms, undefined, { signal }).catch(() => {});
  },
  random: Math.random,
  clock: Date.now,
  readFile: (path) => {
    try {
      return ok(readFileSync(path, "utf8"));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return code === "ENOENT" || code === "ENOTDIR" ? ok(undefined) : err(message);
    }
  },
});
