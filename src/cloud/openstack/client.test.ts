import { describe, expect, it } from "vitest";
import { type Answer, demoAuth, fakeOpenStack } from "../../../test/helpers/fake-openstack.ts";
import { readConfig } from "./config.ts";
import { createClient, type OpenStackClient } from "./client.ts";
import type { HttpRequest } from "./http.ts";

const groups = "/network/v2.0/security-groups";
const login = "POST /id/v3/auth/tokens";

const clientWith = (answer: (request: HttpRequest, path: string) => Answer | undefined) => {
  const fake = fakeOpenStack(answer);
  const config = readConfig({ provider: "openstack", auth: demoAuth }, fake.io);
  if (!config.ok) throw new Error(config.error);
  const client: OpenStackClient = createClient(config.value, fake.io);
  return { ...fake, client };
};

/** Answers in their order, the last one for ever. */
const inOrder = (path: string, ...answers: readonly Answer[]) => {
  let count = 0;
  return (_request: HttpRequest, asked: string): Answer | undefined =>
    asked.startsWith(path) ? answers[Math.min(count++, answers.length - 1)] : undefined;
};

const list = (client: OpenStackClient) => client.list("network", "/security-groups", "security_groups");

describe("the client of OpenStack", () => {
  it("logs in once, with the project as scope, and keeps its secrets out of events", async () => {
    const bodies: unknown[] = [];
    const { client, asked, hidden } = clientWith((request, path) => {
      if (request.body !== undefined) bodies.push(JSON.parse(request.body));
      return path === groups ? { json: { security_groups: [{ id: "g1" }] } } : undefined;
    });
    expect(await Promise.all([list(client), list(client)])).toEqual([
      { ok: true, value: [{ id: "g1" }] },
      { ok: true, value: [{ id: "g1" }] },
    ]);
    expect(asked).toEqual([login, `GET ${groups}`, `GET ${groups}`]);
    expect(bodies).toEqual([
      {
        auth: {
          identity: {
            methods: ["password"],
            password: { user: { name: "demo", domain: { id: "default" }, password: "correct horse" } },
          },
          scope: { project: { name: "demo", domain: { id: "default" } } },
        },
      },
    ]);
    expect(hidden).toEqual(["correct horse", "token-1"]);
  });

  it("follows the pages by their question alone, and never sends the token elsewhere", async () => {
    const { client, asked } = clientWith((_request, path) => {
      if (!path.startsWith(groups)) return undefined;
      const isLast = path.includes("marker=g1");
      const links = [{ rel: "next", href: "http://inside:9696/v2.0/security-groups?marker=g1&limit=1" }];
      return {
        json: isLast
          ? { security_groups: [{ id: "g2" }] }
          : { security_groups: [{ id: "g1" }], security_groups_links: links },
      };
    });
    expect(await list(client)).toEqual({ ok: true, value: [{ id: "g1" }, { id: "g2" }] });
    expect(asked.slice(1)).toEqual([`GET ${groups}`, `GET ${groups}?marker=g1&limit=1`]);
  });

  it("tells of pages that go round in circles", async () => {
    const links = [{ rel: "next", href: "?marker=g1" }];
    const { client } = clientWith(inOrder(groups, { json: { security_groups: [], security_groups_links: links } }));
    expect(await list(client)).toMatchObject({ error: { message: expect.stringContaining("circles") as string } });
  });

  it("takes another token once where the service does not know it any more", async () => {
    const tokens: (string | undefined)[] = [];
    const { client, asked } = clientWith((request, path) => {
      if (!path.startsWith(groups)) return undefined;
      const token = request.headers["x-auth-token"];
      tokens.push(token);
      return token === "token-1" ? { status: 401 } : { json: { security_groups: [] } };
    });
    expect(await Promise.all([list(client), list(client)])).toMatchObject([{ ok: true }, { ok: true }]);
    expect(asked.filter((line) => line === login)).toHaveLength(2);
    expect(tokens.filter((token) => token === "token-1")).toHaveLength(2);
    expect(tokens.filter((token) => token === "token-2")).toHaveLength(2);

    const refusing = clientWith(inOrder(groups, { status: 401 }));
    expect(await list(refusing.client)).toMatchObject({ ok: false, error: { status: 401 } });
    expect(refusing.asked.filter((line) => line === login)).toHaveLength(2);
  });

  it("tries again after 429 and 5xx, ever later, and no sooner than it was asked to", async () => {
    const busy = [{ status: 429, headers: { "retry-after": "7" } }, { status: 503 }, { fault: "lost" as const }];
    const { client, pauses } = clientWith(inOrder(groups, ...busy, { json: { security_groups: [] } }));
    expect(await list(client)).toMatchObject({ ok: true });
    expect(pauses).toEqual([7500, 1000, 2000]);

    const dated = inOrder(
      groups,
      { status: 503, headers: { "retry-after": "Mon, 23 Nov 2026 10:15:09 GMT" } },
      {
        json: { security_groups: [] },
      },
    );
    const later = clientWith(dated);
    await list(later.client);
    expect(later.pauses).toEqual([9500]);
  });

  it("gives up after five attempts, and at once where it would have to wait for long", async () => {
    const { client, asked } = clientWith(inOrder(groups, { status: 500 }));
    expect(await list(client)).toMatchObject({ ok: false, error: { status: 500 } });
    expect(asked.slice(1)).toHaveLength(5);
    const patient = clientWith(inOrder(groups, { status: 429, headers: { "retry-after": "3600" } }));
    expect(await list(patient.client)).toMatchObject({ ok: false, error: { status: 429 } });
    expect(patient.pauses).toEqual([]);
  });

  it("asks once for what makes something, unless nothing was done for sure", async () => {
    const make = (client: OpenStackClient) => client.post("network", "/security-group-rules", {});
    const rules = "/network/v2.0/security-group-rules";
    for (const answer of [{ status: 502 }, { fault: "lost" as const }]) {
      const { client, pauses } = clientWith(inOrder(rules, answer));
      expect(await make(client)).toMatchObject({ ok: false, error: { unsure: true } });
      expect(pauses).toEqual([]);
    }
    const { client } = clientWith(
      inOrder(rules, { status: 429 }, { fault: "refused" }, { status: 201, json: { a: 1 } }),
    );
    expect(await make(client)).toEqual({ ok: true, value: { a: 1 } });
  });

  it("does not try a login again that was refused, but one that got no answer", async () => {
    const refused = clientWith(inOrder("/id", { status: 401 }));
    expect(await list(refused.client)).toMatchObject({
      error: { message: `Keystone of cloud "task" at http://cloud/id/v3 refused user demo of project demo` },
    });
    await list(refused.client);
    expect(refused.asked).toEqual([login]);
    const absent = clientWith(inOrder("/id", { fault: "name" }));
    await list(absent.client);
    await list(absent.client);
    expect(absent.asked).toEqual([login, login]);
  });

  it("says what there is instead of an address that there is not", async () => {
    const { client } = clientWith(() => undefined);
    expect(await client.list("image", "/images", "images")).toMatchObject({
      error: { message: 'cloud "task" has no image service for this project' },
    });
  });
});
