import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { capturedIo } from "../../../test/helpers/captured-io.ts";
import { runCli } from "../cli.ts";

interface Serving {
  readonly port: number;
  readonly said: { out: string; err: string };
  readonly interrupt: () => void;
  readonly code: Promise<number>;
}

const script = "#!/bin/sh\necho granted\n";
const base = mkdtempSync(join(tmpdir(), "latchkey-serve-"));
const folder = join(base, "scripts");

/** Starts `latchkey serve` on a port that the system chooses. */
const serve = async (dir = folder): Promise<Serving> => {
  const { io, said } = capturedIo(base);
  let interrupt = (): void => {};
  const onInterrupt = (listener: () => void) => ((interrupt = listener), () => {});
  const code = runCli(["serve", "--dir", dir, "--listen", "127.0.0.1:0"], { ...io, onInterrupt });
  await vi.waitFor(() => expect(said.out).toContain(" at http:"), 10_000);
  return { port: Number(/:(\d+)\/\n/.exec(said.out)?.[1]), said, interrupt: () => interrupt(), code };
};

/** Sends bytes as they are, and gives all that comes back until the server hangs up. */
const raw = (port: number, bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => void socket.write(bytes));
    let answer = "";
    socket.setEncoding("latin1").on("data", (text: string) => (answer += text));
    socket.on("close", () => resolve(answer)).on("error", reject);
  });

const request = (port: number, line: string, ...headers: readonly string[]): Promise<string> =>
  raw(port, [`${line} HTTP/1.1`, "Host: x", "Connection: close", ...headers, "", ""].join("\r\n"));

const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
const headerOf = (answer: string, name: string): string | undefined =>
  new RegExp(`^${name}: (.*)\r$`, "im").exec(answer)?.[1];
const bodyOf = (answer: string): string => answer.slice(answer.indexOf("\r\n\r\n") + 4);

beforeAll(() => {
  mkdirSync(join(folder, "below"), { recursive: true });
  mkdirSync(join(folder, ".hidden"));
  const secret = "secret\n";
  for (const path of ["secret", "scripts/.env", "scripts/below/inner.sh", "scripts/.hidden/x.sh"])
    writeFileSync(join(base, path), secret);
  for (const name of ["index.sh", "grant me.sh", "100%.sh"]) writeFileSync(join(folder, name), script);
  writeFileSync(join(folder, "grant.sh.sig"), "-----BEGIN SSH SIGNATURE-----\n");
  writeFileSync(join(folder, "grant.sh.sha256"), "00  grant.sh\n");
  writeFileSync(join(folder, "data"), Buffer.from([0x80, 0]));
  writeFileSync(join(folder, "huge.sh"), "");
  truncateSync(join(folder, "huge.sh"), 64 * 1024 * 1024);
  symlinkSync("index.sh", join(folder, "linked.sh"));
  symlinkSync("../secret", join(folder, "out.sh"));
  symlinkSync(".env", join(folder, "env.sh"));
  symlinkSync("below/inner.sh", join(folder, "deep.sh"));
  symlinkSync("loop.sh", join(folder, "loop.sh"));
});
afterAll(() => rmSync(base, { recursive: true }));

describe("latchkey serve", () => {
  let serving: Serving;
  beforeAll(async () => (serving = await serve()));
  afterAll(async () => {
    serving.interrupt();
    await serving.code;
  });

  it("serves index.sh as /, and files by their names", async () => {
    const answer = await request(serving.port, "GET /");
    expect(statusOf(answer)).toBe(200);
    expect(bodyOf(answer)).toBe(script);
    expect(headerOf(answer, "Content-Length")).toBe(String(script.length));
    expect(headerOf(answer, "Content-Type")).toBe("text/x-shellscript; charset=utf-8");
    expect(headerOf(answer, "X-Content-Type-Options")).toBe("nosniff");
    expect(headerOf(answer, "Cache-Control")).toBe("no-cache");
    expect(headerOf(answer, "Last-Modified")).toMatch(/ GMT$/);
    for (const path of ["/index.sh", "/linked.sh", "/grant%20me.sh", "/100%25.sh", "/index.sh?x=../../y", "http://x/"])
      expect(bodyOf(await request(serving.port, `GET ${path}`)), path).toBe(script);
    expect(serving.said.out).toMatch(/^\S+Z 127\.0\.0\.1 GET \/ 200 23$/m);
  });

  it("names the types of what lies beside scripts", async () => {
    const typeOf = async (path: string) => headerOf(await request(serving.port, `GET ${path}`), "Content-Type");
    expect(await typeOf("/grant.sh.sig")).toBe("text/plain; charset=utf-8");
    expect(await typeOf("/grant.sh.sha256")).toBe("text/plain; charset=utf-8");
    expect(await typeOf("/data")).toBe("application/octet-stream");
  });

  it("answers HEAD with the headers of GET and nothing behind them", async () => {
    const [head, get] = [await request(serving.port, "HEAD /"), await request(serving.port, "GET /")];
    expect(bodyOf(head)).toBe("");
    for (const name of ["Content-Length", "Content-Type", "ETag"])
      expect(headerOf(head, name)).toBe(headerOf(get, name));
  });

  it("says that nothing changed by the content alone", async () => {
    const path = join(folder, "tagged.sh");
    writeFileSync(path, "one");
    const tag = headerOf(await request(serving.port, "GET /tagged.sh"), "ETag") ?? "";
    expect(tag).toMatch(/^"[\w-]{43}"$/);
    const ask = (header: string) => request(serving.port, "GET /tagged.sh", `If-None-Match: ${header}`);
    for (const header of [tag, `"x", W/${tag}`, "*"]) {
      const answer = await ask(header);
      expect([statusOf(answer), bodyOf(answer), headerOf(answer, "ETag")]).toEqual([304, "", tag]);
    }
    writeFileSync(path, "two");
    expect(bodyOf(await ask(tag))).toBe("two");
  });

  it("refuses all other methods, and waits for nothing that they send", async () => {
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND"]) {
      const answer = await raw(serving.port, `${method} /new.sh HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\nx`);
      expect([statusOf(answer), headerOf(answer, "Allow")], method).toEqual([405, "GET, HEAD"]);
    }
    expect(statusOf(await request(serving.port, "GET /new.sh"))).toBe(404);
  });

  it.each([
    "/../secret",
    "/%2e%2e/secret",
    "/..%2fsecret",
    "/%2e%2e%2fsecret",
    "/%252e%252e%252fsecret",
    "/..%5csecret",
    "/..\\secret",
    "/%c0%ae%c0%ae/secret",
    "/below/../../secret",
    "//secret",
    "/./index.sh",
    "/..",
    "/.",
    "/.env",
    "/%2eenv",
    "/.hidden/x.sh",
    "/below",
    "/below/",
    "/below/inner.sh",
    "/below%2finner.sh",
    "/out.sh",
    "/env.sh",
    "/deep.sh",
    "/loop.sh",
    "/index.sh/",
    "/index.sh%00.txt",
    "/absent.sh",
    `/${"a".repeat(1000)}`,
    "/%",
    "/%zz",
    "*",
    "secret",
    "http://x/../secret",
    "file:///etc/passwd",
  ])("serves nothing for %s", async (target) => {
    const answer = await request(serving.port, `GET ${target}`);
    expect([400, 404]).toContain(statusOf(answer));
    expect(bodyOf(answer)).toMatch(/^(40[04] [\w ]+\n)?$/);
  });

  it("does not hold what is far too large for a script", async () => {
    expect(statusOf(await request(serving.port, "GET /huge.sh"))).toBe(500);
    expect(serving.said.out).toContain("/huge.sh 500 0 (larger than 8388608 bytes)");
  });

  it("says which requests it got, and none of them can steer the terminal", async () => {
    await request(serving.port, "GET /.env");
    for (const target of ["/\u001b[31m", "/\u009b31m"]) {
      expect(statusOf(await request(serving.port, `GET ${target}`))).toBe(400);
    }
    expect(serving.said.out).toContain(" GET /.env 404 0 (dot files are not served)\n");
    // oxlint-disable-next-line no-control-regex -- they are what this is about
    expect(serving.said.out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

describe("the end of latchkey serve", () => {
  /** A client that has asked for much, and reads nothing of it yet. */
  const reader = (port: number): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => socket.write("GET /large.sh HTTP/1.1\r\nHost: x\r\n\r\n"));
      socket.on("error", reject).once("readable", () => resolve(socket));
    });
  /** More than the buffers of both ends hold. */
  const large = "x".repeat(8 * 1024 * 1024);
  beforeAll(() => writeFileSync(join(folder, "large.sh"), large));

  it("lets an answer end that is under way, and takes no new request", async () => {
    const { port, interrupt, code } = await serve();
    const socket = await reader(port);
    interrupt();
    await expect(raw(port, "")).rejects.toThrow("ECONNREFUSED");
    let got = "";
    socket.setEncoding("latin1").on("data", (text: string) => (got += text));
    await expect.poll(() => bodyOf(got).length, { timeout: 10_000 }).toBe(large.length);
    expect(await code).toBe(0);
  });

  it("cuts it off at the second interrupt, and says so", async () => {
    const { port, said, interrupt, code } = await serve();
    const socket = await reader(port);
    interrupt();
    interrupt();
    expect(await code).toBe(0);
    expect(said.out).toContain("(the client did not wait for all of it)");
    socket.destroy();
  });
});

describe("what latchkey serve refuses", () => {
  const refused = async (...args: readonly string[]): Promise<string> => {
    const { io, said } = capturedIo(base);
    expect(await runCli(["serve", ...args], io)).toBe(5);
    expect(said.out).toBe("");
    return said.err;
  };

  it("wants a directory that is there", async () => {
    expect(await refused()).toBe("latchkey: --dir DIR is missing: the directory that holds the scripts\n");
    expect(await refused("--dir", "absent")).toBe("latchkey: --dir absent: there is no such directory\n");
    expect(await refused("--dir", "secret")).toContain("no such directory");
  });

  it.each(["8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:99999", "::1:80", "[::1]", "[x]:80", "x:80"])(
    "wants --listen %s as an address and a port",
    async (listen) => {
      expect(await refused("--dir", folder, "--listen", listen)).toMatch(/^latchkey: --listen .*(ADDRESS:PORT|65535)/);
    },
  );

  it("says that the port is taken, or the address another machine's", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await expect.poll(() => other.listening).toBe(true);
    const { port } = other.address() as AddressInfo;
    expect(await refused("--dir", folder, "--listen", `127.0.0.1:${port}`)).toContain("in use by another program");
    other.close();
    expect(await refused("--dir", folder, "--listen", "192.0.2.1:0")).toContain("does not have that address");
  });
});

describe("what latchkey serve warns of", () => {
  const warned = async (dir: string, listen: string): Promise<string> => {
    const { io, said } = capturedIo(base);
    let interrupt = (): void => {};
    const onInterrupt = (listener: () => void) => ((interrupt = listener), () => {});
    const code = runCli(["serve", "--dir", dir, "--listen", listen], { ...io, onInterrupt });
    await vi.waitFor(() => expect(said.out).toContain("serving"), 10_000);
    interrupt();
    expect(await code).toBe(0);
    return said.err;
  };

  it("says that there is no TLS where other machines reach it", async () => {
    expect(await warned(folder, "0.0.0.0:0")).toContain("warning: 0.0.0.0 can be reached from other machines");
    for (const listen of ["127.0.0.1:0", ":0", "localhost:0"]) expect(await warned(folder, listen), listen).toBe("");
  });

  it("says that / is not there without index.sh", async () => {
    expect(await warned(join(folder, "below"), "127.0.0.1:0")).toContain("there is no index.sh");
  });
});
