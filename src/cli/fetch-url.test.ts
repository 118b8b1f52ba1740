import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fetchUrl } from "./fetch-url.ts";

/** In a thread of its own, since the one that asks does nothing else meanwhile. */
const server = `
const { parentPort } = require("node:worker_threads");
require("node:http")
  .createServer(({ url, headers }, answer) => {
    if (url === "/away") return answer.writeHead(302, { location: "/here" }).end();
    if (url === "/slow") return;
    answer.statusCode = url === "/here" ? 200 : 404;
    answer.end("hello " + headers["x-name"] + "\\n");
  })
  .listen(0, "127.0.0.1", function () { parentPort.postMessage(this.address().port); });
`;

describe("fetchUrl", () => {
  let worker: Worker;
  let base = "";
  beforeAll(async () => {
    worker = new Worker(server, { eval: true });
    base = `http://127.0.0.1:${await new Promise<number>((listening) => worker.once("message", listening))}`;
  });
  afterAll(() => worker.terminate());
  const usual = { headers: { "x-name": "there" }, seconds: 10, redirects: true, proxy: true, validateCerts: true };
  const ask = (path: string, options: Partial<typeof usual> = {}): unknown =>
    fetchUrl({ ...usual, ...options, url: base + path }, process.env);

  it("gives the content, with what was asked for in the headers, and goes where it is sent", () => {
    expect(ask("/here")).toEqual({ ok: true, value: "hello there\n" });
    expect(ask("/away")).toEqual({ ok: true, value: "hello there\n" });
  });

  it("says why there is none", () => {
    expect(ask("/nope")).toEqual({ ok: false, error: "the server answers 404 Not Found" });
    expect(ask("/away", { redirects: false })).toEqual({ ok: false, error: "the server answers 302 Found" });
    expect(ask("/slow", { seconds: 0.05 })).toMatchObject({
      ok: false,
      error: expect.stringContaining("timeout") as unknown,
    });
    expect(fetchUrl({ ...usual, url: "ftp://x" }, process.env)).toEqual({
      ok: false,
      error: "only http and https are known here",
    });
  });
});
