import { spawnSync } from "node:child_process";
import { err, type Result } from "../util/result.ts";
import type { UrlRequest } from "../vars/template-context.ts";

/** What the process that is started for a request runs: it reads the request, and answers with a line of JSON. */
const program = `
const { url, headers, redirects, seconds } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const answer = (value) => process.stdout.write(JSON.stringify(value));
fetch(url, { headers, redirect: redirects ? "follow" : "manual", signal: AbortSignal.timeout(seconds * 1000) })
  .then(async (response) => {
    if (response.ok) answer({ ok: true, value: Buffer.from(await response.arrayBuffer()).toString("utf8") });
    else answer({ ok: false, error: "the server answers " + response.status + " " + response.statusText });
  })
  .catch((error) => answer({ ok: false, error: error.cause?.message || error.cause?.code || error.message }));
`;

/** The content behind a URL. Templates are evaluated without pause, so that a process of its own waits for it. */
export const fetchUrl = (request: UrlRequest, environment: NodeJS.ProcessEnv): Result<string, string> => {
  if (!/^https?:\/\//i.test(request.url)) return err("only http and https are known here");
  const env = {
    ...environment,
    ...(request.proxy ? { NODE_USE_ENV_PROXY: "1" } : {}),
    ...(request.validateCerts ? {} : { NODE_TLS_REJECT_UNAUTHORIZED: "0" }),
    ...(request.caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: request.caFile }),
    // Else it would tell people on the terminal that nothing is validated.
    NODE_NO_WARNINGS: "1",
  };
  const input = JSON.stringify(request);
  const done = spawnSync(process.execPath, ["-e", program], {
    env,
    input,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (done.error !== undefined) return err(done.error.message);
  try {
    return JSON.parse(done.stdout) as Result<string, string>;
  } catch {
    return err(`no answer came: ${done.stderr.trim()}`);
  }
};
