import { existsSync, statSync } from "node:fs";
import type { Server } from "node:http";
import { type AddressInfo, isIP, isIPv6 } from "node:net";
import { join, resolve } from "node:path";
import { isErrno } from "../../access/errno.ts";
import { exitCodes } from "../../run/exit-code.ts";
import { escapeForTerminal } from "../../util/escape.ts";
import { err, ok, type Result } from "../../util/result.ts";
import { type AnsweredRequest, createFileServer, indexName } from "../file-server.ts";
import type { Io } from "../io.ts";
import type { GivenOptions } from "../options.ts";
import { usage } from "../usage.ts";

/** Where to listen. */
interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** How long answers that are under way have when the server ends. */
const endMs = 5_000;

/** `latchkey serve`: the files of a directory over HTTP, for trying customers' scripts out, until it is interrupted. */
export const serveCommand = async (given: GivenOptions, io: Io): Promise<number> => {
  const { dir, listen = "127.0.0.1:8080" } = given;
  if (typeof dir !== "string") return usage(io, "--dir DIR is missing: the directory that holds the scripts");
  const folder = resolve(io.cwd, dir);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return usage(io, `--dir ${escapeForTerminal(dir)}: there is no such directory`);
  }
  const address = parseListen(String(listen));
  if (!address.ok) return usage(io, `--listen ${escapeForTerminal(String(listen))}: ${address.error}`);
  const server = createFileServer(folder, (request) => void io.stdout.write(`${formatRequest(request)}\n`));
  const started = await start(server, address.value);
  if (!started.ok) return usage(io, `--listen ${escapeForTerminal(String(listen))}: ${started.error}`);
  const { host } = address.value;
  if (!isLoopback(host)) {
    io.stderr.write(
      `latchkey: warning: ${host} can be reached from other machines, and there is no TLS: whoever is on the way can change what they run as root. For trying out only; README.md has nginx for production\n`,
    );
  }
  if (!existsSync(join(folder, indexName))) {
    io.stderr.write(
      `latchkey: note: there is no ${indexName} in the directory, so that / is answered 404: copy a script there\n`,
    );
  }
  const url = `http://${isIPv6(host) ? `[${host}]` : host}:${started.value}/`;
  io.stdout.write(`serving ${escapeForTerminal(folder)} at ${url}\n`);
  await untilInterrupted(server, io);
  return exitCodes.ok;
};

/** `ADDRESS:PORT`, with brackets around an IPv6 address; without an address the loopback. */
const parseListen = (text: string): Result<ListenAddress, string> => {
  const form = "it is ADDRESS:PORT, such as 127.0.0.1:8080, [::1]:8080 or 0.0.0.0:8080";
  const parts = /^(?:\[(?<six>[^\]]*)\]|(?<host>[^:]*)):(?<port>\d{1,5})$/.exec(text)?.groups;
  if (parts === undefined) return err(form);
  const port = Number(parts["port"]);
  if (port > 65_535) return err(`${port} is no port: they end at 65535`);
  if (parts["six"] !== undefined) return isIPv6(parts["six"]) ? ok({ host: parts["six"], port }) : err(form);
  const host = parts["host"] || "127.0.0.1";
  if (host === "localhost" || isIP(host) === 4) return ok({ host, port });
  return err(`${escapeForTerminal(host)} is no address of this machine; ${form}`);
};

const isLoopback = (host: string): boolean => host === "localhost" || host === "::1" || host.startsWith("127.");

/** Gives the port, which the system chooses where 0 was asked for. */
const start = (server: Server, { host, port }: ListenAddress): Promise<Result<number, string>> =>
  new Promise((done) => {
    server.once("error", (error) => done(err(explainListen(error))));
    server.listen({ host, port }, () => done(ok((server.address() as AddressInfo).port)));
  });

const explainListen = (error: Error): string => {
  if (isErrno(error, "EADDRINUSE")) return "the port is in use by another program";
  if (isErrno(error, "EADDRNOTAVAIL")) return "this machine does not have that address";
  if (isErrno(error, "EACCES")) return "this account may not listen on that port: take one above 1023";
  return error.message;
};

/** The first interrupt lets answers end that are under way; the next one, or the end of the time, cuts them off. */
const untilInterrupted = (server: Server, io: Io): Promise<void> =>
  new Promise((done) => {
    let isEnding = false;
    let isClosed = false;
    let answers = 0;
    const settle = (): void => {
      // An answer that was cut off tells of it only after the server has closed.
      if (!isClosed || answers > 0) return;
      forget();
      done();
    };
    server.on("request", (_request, response) => {
      answers += 1;
      response.once("close", () => {
        answers -= 1;
        // A client that was answered may keep its connection for more.
        if (isEnding) server.closeIdleConnections();
        settle();
      });
    });
    const forget = io.onInterrupt(() => {
      if (isEnding) {
        server.closeAllConnections();
        return;
      }
      isEnding = true;
      const deadline = setTimeout(() => server.closeAllConnections(), endMs);
      server.close(() => {
        clearTimeout(deadline);
        isClosed = true;
        settle();
      });
    });
  });

const formatRequest = ({ from, method, target, status, bytes, note }: AnsweredRequest): string =>
  escapeForTerminal(
    `${new Date().toISOString()} ${from} ${method} ${target} ${status} ${bytes}${note === undefined ? "" : ` (${note})`}`,
  );
