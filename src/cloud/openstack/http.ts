import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps, type RequestOptions } from "node:https";
import { err, ok, type Result } from "../../util/result.ts";

/** One request to a service of the cloud. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  /** Certificate authorities in PEM, instead of the system's. */
  readonly ca?: string;
  readonly verify: boolean;
  readonly signal: AbortSignal;
}

/** What a service answered. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** Why there was no answer. */
export interface HttpFault {
  /** `refused`: nothing was sent. `lost`: the service may have done what was asked. `certificate`, `name`: it cannot work. */
  readonly kind: "refused" | "lost" | "certificate" | "name" | "cancelled";
  readonly message: string;
}

/** The network as the provider sees it. */
export type Http = (request: HttpRequest) => Promise<Result<HttpResponse, HttpFault>>;

/** No answer of a service is longer: whatever sends more is none. */
const mostBytes = 64 * 1024 * 1024;

/** The real network. Connections are kept, and few at a time: a cloud shuts out whoever opens many. */
export const createHttp = (): Http => {
  const agents = {
    http: new HttpAgent({ keepAlive: true, maxSockets: 8 }),
    https: new HttpsAgent({ keepAlive: true, maxSockets: 8 }),
  };
  return (request) => send(request, agents);
};

const send = (
  { method, url, headers, body, timeoutMs, ca, verify, signal }: HttpRequest,
  agents: { readonly http: HttpAgent; readonly https: HttpsAgent },
): Promise<Result<HttpResponse, HttpFault>> =>
  new Promise((resolve) => {
    const isTls = url.startsWith("https:");
    const limit = AbortSignal.timeout(timeoutMs);
    const fail = (error: Error): void => {
      if (signal.aborted) resolve(err({ kind: "cancelled", message: "interrupted" }));
      else if (limit.aborted) resolve(err({ kind: "lost", message: `no answer within ${timeoutMs / 1000} s` }));
      else resolve(err(faultOf(error)));
    };
    const options: RequestOptions = {
      method,
      headers: {
        ...headers,
        accept: "application/json",
        "user-agent": "latchkey",
        ...(body === undefined
          ? {}
          : { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) }),
      },
      agent: isTls ? agents.https : agents.http,
      signal: AbortSignal.any([signal, limit]),
      ...(isTls ? { rejectUnauthorized: verify, ...(ca === undefined ? {} : { ca }) } : {}),
    };
    try {
      const sent = (isTls ? requestHttps : requestHttp)(url, options, (response) => {
        read(response).then((text) => {
          if (text.ok)
            resolve(ok({ status: response.statusCode ?? 0, headers: headersOf(response), body: text.value }));
          else resolve(err({ kind: "lost", message: text.error }));
        }, fail);
      });
      sent.on("error", fail);
      sent.end(body);
    } catch (error) {
      // An address that is none, or a header that no request may have.
      resolve(err({ kind: "name", message: error instanceof Error ? error.message : String(error) }));
    }
  });

const read = async (response: IncomingMessage): Promise<Result<string, string>> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) {
      response.destroy();
      return err(`the answer is longer than ${mostBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return ok(Buffer.concat(chunks).toString());
};

const headersOf = (response: IncomingMessage): HttpResponse["headers"] =>
  Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
  );

const faultOf = (error: Error): HttpFault => {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const message = error.message === "" ? code : error.message;
  if (code === "ENOTFOUND" || code === "ERR_INVALID_URL") return { kind: "name", message };
  if (code === "ECONNREFUSED" || code === "EAI_AGAIN" || code === "EHOSTUNREACH" || code === "ENETUNREACH") {
    return { kind: "refused", message };
  }
  // OpenSSL's and Node's names for what is wrong with a certificate.
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO|HOSTNAME_MISMATCH/.test(code)) {
    return { kind: "certificate", message };
  }
  return { kind: "lost", message };
};
