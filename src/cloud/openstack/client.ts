import { err, ok, type Result } from "../../util/result.ts";
import type { PlainMap } from "../../vars/value.ts";
import type { CloudFailure as AnyCloudFailure } from "../cloud.ts";
import { type Catalogue, findEndpoint, readCatalogue } from "./catalogue.ts";
import type { OpenStackConfig } from "./config.ts";
import { explain, readBody } from "./explain.ts";
import type { Http, HttpFault, HttpResponse } from "./http.ts";
import { isMap, listOf } from "./json.ts";

/** What a client needs of the process. */
export interface ClientIo {
  readonly http: Http;
  /** Waits, or ends at once when the signal fires. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly clock: () => number;
  /** Is told every secret before it is used. */
  readonly hide: (secret: string) => void;
  readonly signal: AbortSignal;
}

/** A service of OpenStack, by its type in the catalogue. */
export type Service = "network" | "compute" | "image" | "identity";

/** A failure of OpenStack, with what decides how it goes on. */
export interface CloudFailure extends AnyCloudFailure {
  /** The HTTP status, where a service answered. */
  readonly status?: number;
  /** Neutron's name of the error, such as SecurityGroupRuleExists. */
  readonly type?: string;
}

/** Speaks to the services of one cloud as one user of one project. */
export interface OpenStackClient {
  readonly config: OpenStackConfig;
  /** The project that the login is for. */
  readonly project: () => Promise<Result<string, CloudFailure>>;
  /** Whether the cloud has this service in the region. */
  readonly has: (service: Service) => Promise<Result<boolean, CloudFailure>>;
  /** One object; the path begins behind the version, such as `/security-groups/ID`. */
  readonly get: (service: Service, path: string, headers?: Headers) => Promise<Result<PlainMap, CloudFailure>>;
  /** All entries of a collection, page by page; `key` is its name in the answer, such as `servers`. */
  readonly list: (
    service: Service,
    path: string,
    key: string,
    options?: { readonly query?: Query; readonly headers?: Headers },
  ) => Promise<Result<readonly PlainMap[], CloudFailure>>;
  /** Asked once, unless it is certain that nothing was done: see `unsure`. */
  readonly post: (service: Service, path: string, body: PlainMap) => Promise<Result<PlainMap, CloudFailure>>;
  readonly delete: (service: Service, path: string) => Promise<Result<undefined, CloudFailure>>;
}

type Headers = Readonly<Record<string, string>>;
/** A name may be there several times, as filters for one of several values are. */
export type Query = readonly (readonly [name: string, value: string])[];

/** How often something is tried in all. */
const mostAttempts = 5;
const longestPauseMs = 8000;
/** A service that asks for more patience than this is told of instead. */
const longestRetryAfterMs = 60_000;
/** More pages than any project has: what goes on for longer goes round in circles. */
const mostPages = 10_000;

interface Session {
  readonly token: string;
  readonly project: string;
  readonly catalogue: Catalogue;
}

interface Call {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: string;
  readonly headers?: Headers;
  readonly body?: PlainMap;
  /** What is asked, for messages, such as `network service`. */
  readonly of: string;
}

/** Creates a client; it logs in when it is first asked for something. */
export const createClient = (config: OpenStackConfig, io: ClientIo): OpenStackClient => {
  for (const secret of config.login.secrets) io.hide(secret);
  let session: Promise<Result<Session, CloudFailure>> | undefined;
  const logIn = async (): Promise<Result<Session, CloudFailure>> => {
    const current = (session ??= authenticate(config, io));
    const result = await current;
    // A login that was refused is not tried again: accounts are locked for less. One that got no answer is.
    if (!result.ok && result.error.status === undefined && session === current) session = undefined;
    return result;
  };

  /** With the token; once more with another one where the service does not know it any more. */
  const send = async (call: Call): Promise<Result<HttpResponse, CloudFailure>> => {
    const first = await logIn();
    if (!first.ok) return first;
    const used = session;
    const answer = await attempt(config, io, call, first.value.token);
    if (!answer.ok || answer.value.status !== 401) return answer;
    // Of several requests that are refused at once, the first brings the new token.
    if (session === used) session = undefined;
    const second = await logIn();
    return second.ok ? attempt(config, io, call, second.value.token) : second;
  };
  const locate = async (service: Service, path: string): Promise<Result<string, CloudFailure>> => {
    const current = await logIn();
    if (!current.ok) return current;
    const endpoint = findEndpoint(current.value.catalogue, service, config);
    return endpoint.ok ? ok(`${endpoint.value}${path}`) : err({ kind: "module", message: endpoint.error });
  };
  const ask = async (
    call: Omit<Call, "url" | "of"> & { readonly service: Service; readonly path: string },
  ): Promise<Result<HttpResponse, CloudFailure>> => {
    const { service, path, ...rest } = call;
    const url = await locate(service, path);
    if (!url.ok) return url;
    const of = `the ${service} service of cloud "${config.name}"`;
    const answer = await send({ ...rest, url: url.value, of });
    if (!answer.ok) return answer;
    const { status } = answer.value;
    return status >= 200 && status < 300 ? answer : err(explain(answer.value, of, config));
  };
  const readMap = (answer: Result<HttpResponse, CloudFailure>, service: Service): Result<PlainMap, CloudFailure> => {
    if (!answer.ok) return answer;
    const body = readBody(answer.value);
    const message = `the ${service} service of cloud "${config.name}" answered something that is no JSON object`;
    return body === undefined ? err({ kind: "protocol", message, unsure: true }) : ok(body);
  };

  return {
    config,
    project: async () => {
      const current = await logIn();
      return current.ok ? ok(current.value.project) : current;
    },
    has: async (service) => {
      const current = await logIn();
      return current.ok ? ok(findEndpoint(current.value.catalogue, service, config).ok) : current;
    },
    get: async (service, path, headers = {}) => readMap(await ask({ method: "GET", service, path, headers }), service),
    list: async (service, path, key, { query = [], headers = {} } = {}) => {
      const entries: PlainMap[] = [];
      const seen = new Set<string>();
      let search = new URLSearchParams(query.map(([name, value]): [string, string] => [name, value])).toString();
      for (let page = 0; page < mostPages; page++) {
        seen.add(search);
        const asked = search === "" ? path : `${path}?${search}`;
        const body = readMap(await ask({ method: "GET", service, path: asked, headers }), service);
        if (!body.ok) return body;
        const found = body.value[key];
        const of = `the ${service} service of cloud "${config.name}"`;
        if (!Array.isArray(found)) return err({ kind: "protocol", message: `${of} answered without ${key}` });
        entries.push(...found.filter(isMap));
        const next = nextPage(body.value, key);
        if (next === undefined) return ok(entries);
        // Only its question counts: its host is often one that is known inside the cloud alone, and gets no token of ours.
        search = next;
        if (seen.has(search)) return err({ kind: "protocol", message: `the pages of ${of} go round in circles` });
      }
      return err({ kind: "protocol", message: `${key} has more than ${mostPages} pages` });
    },
    post: async (service, path, body) => readMap(await ask({ method: "POST", service, path, body }), service),
    delete: async (service, path) => {
      const answer = await ask({ method: "DELETE", service, path });
      return answer.ok ? ok(undefined) : answer;
    },
  };
};

/** The question of the next page: in `<key>_links` (Neutron, Nova), `links` (Keystone), or `next` (Glance). */
const nextPage = (body: PlainMap, key: string): string | undefined => {
  const named = listOf(body[`${key}_links`])
    .filter(isMap)
    .find(({ rel }) => rel === "next")?.["href"];
  const { links: own, next } = body;
  const href = named ?? (isMap(own) ? own["next"] : next);
  return typeof href === "string" ? new URL(href, "http://cloud/").search.slice(1) : undefined;
};

const authenticate = async (config: OpenStackConfig, io: ClientIo): Promise<Result<Session, CloudFailure>> => {
  const of = `Keystone of cloud "${config.name}"`;
  const call: Call = { method: "POST", url: `${config.authUrl}/auth/tokens`, body: config.login.body, of };
  // A login changes nothing, so that it may be asked for again.
  const answer = await attempt(config, io, call, undefined);
  if (!answer.ok) return answer;
  const { status, headers } = answer.value;
  const { described } = config.login;
  if (status === 401) {
    const hint = "Check the secret, the names and their domains, and whether it has expired.";
    return err({ kind: "module", message: `${of} at ${config.authUrl} refused ${described}`, hint, status });
  }
  if (status === 404) {
    const message = `there is no Keystone v3 at ${config.authUrl}`;
    return err({
      kind: "module",
      message,
      hint: "auth_url is the address that `openstack catalog show identity` shows.",
    });
  }
  if (status !== 200 && status !== 201) return err(explain(answer.value, of, config));
  const token = headers["x-subject-token"];
  const read = readCatalogue(readBody(answer.value) ?? {});
  if (token === undefined || read === undefined) {
    const message = `${of} at ${config.authUrl} let in ${described} without a project's catalogue`;
    return err({ kind: "module", message, hint: "Name the project with project_name, and its domain." });
  }
  io.hide(token);
  return ok({ token, ...read });
};

/** Sends a request until there is an answer to go by. */
const attempt = async (
  config: OpenStackConfig,
  io: ClientIo,
  call: Call,
  token: string | undefined,
): Promise<Result<HttpResponse, CloudFailure>> => {
  const { method, url, body, of } = call;
  // What makes something may be done twice; a login makes nothing.
  const repeats = method !== "POST" || token === undefined;
  for (let count = 1; ; count++) {
    const answer = await io.http({
      method,
      url,
      headers: { ...call.headers, ...(token === undefined ? {} : { "x-auth-token": token }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      timeoutMs: config.requestMs,
      verify: config.verify,
      ...(config.ca === undefined ? {} : { ca: config.ca }),
      signal: io.signal,
    });
    const pause = count < mostAttempts ? pauseBefore(answer, { count, repeats, io }) : undefined;
    if (pause === undefined) return answer.ok ? answer : err(describeFault(answer.error, { url, of, repeats }));
    await io.wait(pause, io.signal);
  }
};

/** How long to wait before the next attempt; undefined where there is none. */
const pauseBefore = (
  answer: Result<HttpResponse, HttpFault>,
  { count, repeats, io }: { readonly count: number; readonly repeats: boolean; readonly io: ClientIo },
): number | undefined => {
  // All clients of a cloud that was away come back at different times.
  const pause = Math.min(longestPauseMs, 500 * 2 ** (count - 1)) * (0.5 + io.random() / 2);
  if (!answer.ok) {
    const { kind } = answer.error;
    return kind === "refused" || (kind === "lost" && repeats) ? pause : undefined;
  }
  const { status, headers } = answer.value;
  const isBusy = status === 429 || (repeats && [500, 502, 503, 504].includes(status));
  if (!isBusy) return undefined;
  const asked = retryAfter(headers["retry-after"], io.clock());
  if (asked === undefined) return pause;
  return asked > longestRetryAfterMs ? undefined : asked + pause;
};

/** Seconds, or a date. */
const retryAfter = (text: string | undefined, now: number): number | undefined => {
  if (text === undefined) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
};

const describeFault = (
  { kind, message }: HttpFault,
  { url, of, repeats }: { readonly url: string; readonly of: string; readonly repeats: boolean },
): CloudFailure => {
  if (kind === "cancelled") return { kind: "cancelled", message: "interrupted", ...(repeats ? {} : { unsure: true }) };
  // A query may be long, and says nothing about where it went.
  const where = url.split("?")[0] ?? url;
  const failure = { kind: "module" as const, message: `${of} cannot be reached at ${where}: ${message}` };
  switch (kind) {
    case "certificate":
      return { ...failure, hint: "Give the authority that signed the certificate: cacert, or OS_CACERT." };
    case "name":
      return { ...failure, hint: "Check auth_url, and the endpoint in the service catalogue." };
    case "refused":
      return failure;
    case "lost":
      return repeats ? failure : { ...failure, unsure: true };
  }
};
