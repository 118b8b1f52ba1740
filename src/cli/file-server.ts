import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from "node:http";
import { basename, dirname, join } from "node:path";
import { isErrno } from "../access/errno.ts";
import { err, ok, type Result } from "../util/result.ts";

/** What `/` serves, so that the customer's line needs no more than the vendor's name. */
export const indexName = "index.sh";

/** One request that was answered, for the log. */
export interface AnsweredRequest {
  readonly from: string;
  readonly method: string;
  /** As the client wrote it. */
  readonly target: string;
  readonly status: number;
  readonly bytes: number;
  /** Why nothing was served, or that the client did not wait for all of it. */
  readonly note?: string;
}

/** What a file is answered with. */
interface ServedFile {
  readonly bytes: Buffer;
  readonly modified: Date;
  readonly type: string;
}

/** Why a request is not served: the client sees the status alone, the log the reason. */
interface Refusal {
  readonly status: number;
  readonly reason: string;
}

/** A whole file is held for each client that reads it: scripts are far smaller than this. */
const largestFile = 8 * 1024 * 1024;
const mostClients = 32;
/** However slowly a client reads, it is done with by then. */
const responseMs = 120_000;

/** A server of the files that lie in one folder itself: no folders below it, no dot files, nothing that a link finds elsewhere. */
export const createFileServer = (folder: string, log: (request: AnsweredRequest) => void): Server => {
  const limits = { headersTimeout: 10_000, requestTimeout: 20_000, connectionsCheckingInterval: 5_000 };
  const server = createServer({ ...limits, keepAliveTimeout: 5_000 }, (request, response) => {
    void answer(folder, request, response, log);
  });
  server.maxConnections = mostClients;
  server.setTimeout(30_000);
  return server;
};

const answer = async (
  folder: string,
  request: IncomingMessage,
  response: ServerResponse,
  log: (request: AnsweredRequest) => void,
): Promise<void> => {
  const { method = "", url = "" } = request;
  const from = request.socket.remoteAddress ?? "-";
  let reason: string | undefined;
  let bytes = 0;
  const deadline = setTimeout(() => response.destroy(), responseMs).unref();
  response.once("close", () => {
    clearTimeout(deadline);
    const note = response.writableFinished ? reason : "the client did not wait for all of it";
    log({ from, method, target: url, status: response.statusCode, bytes, ...(note === undefined ? {} : { note }) });
  });
  const file = isReading(method) ? await findFile(folder, url) : err({ status: 405, reason: "only GET and HEAD" });
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Cache-Control", "no-cache");
  if (!file.ok) {
    reason = file.error.reason;
    response.statusCode = file.error.status;
    if (file.error.status === 405) {
      response.setHeader("Allow", "GET, HEAD");
      // Whatever the client still wants to send is not waited for.
      response.setHeader("Connection", "close");
    }
    response.setHeader("Content-Type", "text/plain; charset=utf-8");
    const text = `${response.statusCode} ${STATUS_CODES[response.statusCode]}\n`;
    response.setHeader("Content-Length", text.length);
    response.end(method === "HEAD" ? undefined : text);
    return;
  }
  const tag = `"${createHash("sha256").update(file.value.bytes).digest("base64url")}"`;
  response.setHeader("ETag", tag);
  response.setHeader("Last-Modified", file.value.modified.toUTCString());
  if (hasTag(request.headers["if-none-match"], tag)) {
    response.statusCode = 304;
    response.end();
    return;
  }
  response.setHeader("Content-Type", file.value.type);
  response.setHeader("Content-Length", file.value.bytes.length);
  if (method === "HEAD") {
    response.end();
    return;
  }
  bytes = file.value.bytes.length;
  // Ended only when all of it has left: server.close() would cut off a response that is ended and still being sent.
  response.write(file.value.bytes, () => {
    if (!request.socket.destroyed) response.end();
  });
};

const isReading = (method: string): boolean => method === "GET" || method === "HEAD";

/** If-None-Match compares weakly: `W/"x"` is `"x"`. */
const hasTag = (header: string | undefined, tag: string): boolean =>
  header !== undefined &&
  header.split(",").some((each) => each.trim() === "*" || each.trim().replace(/^W\//, "") === tag);

const findFile = async (folder: string, target: string): Promise<Result<ServedFile, Refusal>> => {
  const name = nameOf(target);
  if (!name.ok) return name;
  try {
    return await readFile(await realpath(folder), name.value);
  } catch (error) {
    if (!isErrno(error)) throw error;
    const isAbsent = ["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG", "ENXIO"].includes(error.code ?? "");
    return err({ status: isAbsent ? 404 : 500, reason: isAbsent ? "there is no such file" : error.message });
  }
};

/** The file's name that a request's target stands for: one name and no path, whatever it is written as. */
const nameOf = (target: string): Result<string, Refusal> => {
  const [path = ""] = target.replace(/^https?:\/\/[^/?#]*/i, "").split(/[?#]/);
  if (!path.startsWith("/")) return err({ status: 400, reason: "no path" });
  let name: string;
  try {
    name = decodeURIComponent(path.slice(1));
  } catch {
    return err({ status: 400, reason: "a percent sign that encodes nothing" });
  }
  if (name === "") return ok(indexName);
  if (/[/\\\0]/.test(name)) return err({ status: 404, reason: "folders are not served" });
  return name.startsWith(".") ? err(dotFile) : ok(name);
};

const dotFile: Refusal = { status: 404, reason: "dot files are not served" };

const readFile = async (folder: string, name: string): Promise<Result<ServedFile, Refusal>> => {
  const path = await realpath(join(folder, name));
  if (dirname(path) !== folder) return err({ status: 404, reason: "a link out of the directory" });
  if (basename(path).startsWith(".")) return err(dotFile);
  // A link that came in between is not followed, and a pipe is not waited for.
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) return err({ status: 404, reason: "no file" });
    if (stats.size > largestFile) return err({ status: 500, reason: `larger than ${largestFile} bytes` });
    const bytes = await handle.readFile();
    return ok({ bytes, modified: stats.mtime, type: typeOf(name, bytes) });
  } finally {
    await handle.close();
  }
};

const typeOf = (name: string, bytes: Buffer): string => {
  if (name.endsWith(".sh")) return "text/x-shellscript; charset=utf-8";
  return isText(bytes) ? "text/plain; charset=utf-8" : "application/octet-stream";
};

const isText = (bytes: Buffer): boolean => {
  try {
    return !new TextDecoder("utf-8", { fatal: true }).decode(bytes).includes("\0");
  } catch {
    return false;
  }
};
