import type { CloudIo } from "../../src/cloud/open-cloud.ts";
import type { HttpFault, HttpRequest, HttpResponse } from "../../src/cloud/openstack/http.ts";
import { err, ok } from "../../src/util/result.ts";

/** What a scripted service answers: a status and JSON, or why nothing came. */
export type Answer = Partial<HttpResponse> & { readonly json?: unknown; readonly fault?: HttpFault["kind"] };

/** A network without services: what is asked goes to `answer`, and is kept; time passes when somebody waits. */
export const fakeOpenStack = (
  answer: (request: HttpRequest, path: string) => Answer | undefined,
  own: Partial<CloudIo> = {},
) => {
  const asked: string[] = [];
  const pauses: number[] = [];
  const hidden: string[] = [];
  let tokens = 0;
  const io: CloudIo = {
    env: {},
    cwd: "/work",
    home: "/home/kim",
    readFile: () => ok(undefined),
    http: async (request) => {
      const path = request.url.replace("http://cloud", "");
      asked.push(`${request.method} ${path}`);
      const given = answer(request, path) ?? (path === "/id/v3/auth/tokens" ? login(++tokens) : { status: 404 });
      if (given.fault !== undefined) return err({ kind: given.fault, message: given.fault });
      const body = given.body ?? JSON.stringify(given.json ?? {});
      return ok({ status: given.status ?? 200, headers: given.headers ?? {}, body });
    },
    wait: async (ms) => void pauses.push(ms),
    random: () => 1,
    clock: () => Date.parse("2026-11-23T10:15:00Z"),
    hide: (secret) => void hidden.push(secret),
    signal: new AbortController().signal,
    ...own,
  };
  return { io, asked, pauses, hidden };
};

/** Keystone's answer, with a token that tells how many there were. */
const login = (count: number): Answer => ({
  status: 201,
  headers: { "x-subject-token": `token-${count}` },
  json: {
    token: {
      project: { id: "p1", name: "demo" },
      catalog: ["network", "compute"].map((type) => ({
        type,
        endpoints: [
          { interface: "public", region_id: "RegionOne", url: `http://cloud/${type}` },
          { interface: "internal", region_id: "RegionOne", url: `http://inside/${type}` },
        ],
      })),
    },
  },
});

/** What a task may say of such a cloud. */
export const demoAuth = {
  auth_url: "http://cloud/id",
  username: "demo",
  password: "correct horse",
  project_name: "demo",
};
