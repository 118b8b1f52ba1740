import { describe, expect, it } from "vitest";
import { ok } from "../../util/result.ts";
import type { CloudOptions } from "../cloud.ts";
import { findEndpoint } from "./catalogue.ts";
import { readConfig } from "./config.ts";

const demo = { auth_url: "http://x", token: "t", project_id: "p" };

const clouds = `
clouds:
  one:
    auth: { auth_url: "https://one:5000", username: kim, project_name: demo, user_domain_name: People }
    region_name: Seoul
    cacert: ca.pem
  two:
    auth: { auth_url: "http://two:5000/v3/", application_credential_id: abc }
    interface: internal
    verify: false
    network_endpoint_override: http://proxy/net
`;
const secure = `
clouds:
  one: { auth: { password: "{{ not a template }}" } }
  two: { auth: { application_credential_secret: "123" } }
`;

const read = (
  options: Partial<CloudOptions>,
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
) =>
  readConfig(
    { provider: "openstack", ...options },
    { env, cwd: "/here", home: "/home/kim", readFile: (path) => ok(files[path]) },
  );

const files = {
  "/home/kim/.config/openstack/clouds.yaml": clouds,
  "/etc/openstack/secure.yaml": secure,
  "ca.pem": "PEM",
};
const variables = {
  OS_AUTH_URL: "http://env:5000",
  OS_USERNAME: "demo",
  OS_PASSWORD: "x",
  OS_PROJECT_NAME: "demo",
};

describe("readConfig", () => {
  it("reads clouds.yaml with secure.yaml over it, each from where it is first", () => {
    expect(read({ cloud: "one" }, files)).toEqual({
      ok: true,
      value: {
        name: "one",
        authUrl: "https://one:5000/v3",
        login: {
          body: {
            auth: {
              identity: {
                methods: ["password"],
                password: { user: { name: "kim", domain: { name: "People" }, password: "{{ not a template }}" } },
              },
              scope: { project: { name: "demo", domain: { id: "default" } } },
            },
          },
          secrets: ["{{ not a template }}"],
          described: "user kim of project demo",
        },
        region: "Seoul",
        interface: "public",
        endpoints: new Map(),
        ca: "PEM",
        verify: true,
        requestMs: 30_000,
      },
    });
  });

  it("reads an application credential, the interface, and addresses that are not to be looked up", () => {
    const config = read({ cloud: "two", region: "Busan", requestMs: 5 }, files);
    expect(config).toMatchObject({
      value: {
        authUrl: "http://two:5000/v3",
        login: {
          body: {
            auth: {
              identity: { methods: ["application_credential"], application_credential: { id: "abc", secret: "123" } },
            },
          },
        },
        region: "Busan",
        interface: "internal",
        verify: false,
        requestMs: 5,
      },
    });
    if (config.ok) expect(findEndpoint([], "network", config.value)).toEqual(ok("http://proxy/net/v2.0"));
  });

  it.each<[string, Partial<CloudOptions>, Readonly<Record<string, string>>, Readonly<Record<string, string>>, string]>([
    ["the name that is given", { cloud: "two" }, files, { ...variables, OS_CLOUD: "one" }, "two"],
    ["OS_CLOUD", {}, files, { ...variables, OS_CLOUD: "one" }, "one"],
    ["the OS_* variables", {}, files, variables, "envvars"],
    ["these by their name in a ledger", { cloud: "envvars" }, {}, variables, "envvars"],
    ["what the task says", { auth: { ...demo } }, files, { OS_CLOUD: "one" }, "task"],
    [
      "the only one",
      {},
      { "/here/clouds.yml": "clouds: {three: {auth: {auth_url: http://x, token: t, project_id: p}}}" },
      {},
      "three",
    ],
    [
      "the file of OS_CLIENT_CONFIG_FILE",
      {},
      { ...files, "/mine": "clouds: {four: {auth: {auth_url: http://x, token: t, project_id: p}}}" },
      { OS_CLIENT_CONFIG_FILE: "/mine", OS_CLOUD: "four" },
      "four",
    ],
  ])("takes %s", (_what, options, given, env, name) => {
    expect(read(options, given, env)).toMatchObject({ ok: true, value: { name } });
  });

  it.each<[string, Partial<CloudOptions>, Readonly<Record<string, string>>, Readonly<Record<string, string>>]>([
    ["which cloud is meant: there are one, two; set cloud, or OS_CLOUD", {}, files, {}],
    ['clouds.yaml has no cloud "three"; there are one, two', { cloud: "three" }, files, {}],
    ["no cloud is known: name one in a clouds.yaml (looked for /here/clouds.yaml", {}, {}, {}],
    ['cloud "one": password is missing', { cloud: "one" }, { "/here/clouds.yaml": clouds, "ca.pem": "" }, {}],
    ['cloud "one": cacert ca.pem: there is no such file', { cloud: "one" }, { ...files, "ca.pem": "" }, {}],
    ["the OS_* variables: project_name is missing", {}, {}, { ...variables, OS_PROJECT_NAME: "" }],
    ['auth_type "v3oidcpassword" is not supported', {}, {}, { ...variables, OS_AUTH_TYPE: "v3oidcpassword" }],
    ["auth_url is no http or https address", {}, {}, { ...variables, OS_AUTH_URL: "ftp://x" }],
    ["interface is public, internal or admin", { interface: "outer" }, {}, variables],
    ["/here/clouds.yaml:1: ", {}, { "/here/clouds.yaml": "clouds: {" }, {}],
    [
      'auth_url is missing, and profile "rackspace" is not read',
      {},
      { "/here/clouds.yaml": "clouds: {a: {profile: rackspace}}" },
      {},
    ],
  ])("says: %s", (message, options, given, env) => {
    const known = Object.fromEntries(Object.entries(given).filter(([path, text]) => path !== "ca.pem" || text !== ""));
    expect(read(options, known, env)).toEqual({ ok: false, error: expect.stringContaining(message) as string });
  });

  it("takes the one region of a list, and every spelling of no", () => {
    const config = (rest: string) =>
      read({}, { "/here/clouds.yaml": `clouds: {a: {auth: {auth_url: http://x, token: t, project_id: p}, ${rest}}}` });
    expect(config("regions: [{name: Seoul}]")).toMatchObject({ value: { region: "Seoul" } });
    expect(config("regions: [Seoul]")).toMatchObject({ value: { region: "Seoul" } });
    expect(config("regions: [Seoul, Busan]")).toMatchObject({ value: { region: undefined } });
    for (const rest of ["verify: no", 'verify: "False"', "insecure: true"]) {
      expect(config(rest)).toMatchObject({ value: { verify: false } });
    }
  });
});

describe("findEndpoint", () => {
  const at = (url: string, region = "R1", face = "public") => ({ type: "network", region, interface: face, url });
  const config = { name: "c", region: undefined, interface: "public" as const, endpoints: new Map<string, string>() };
  it.each([
    ["http://net:9696", "http://net:9696/v2.0"],
    ["http://net/networking/", "http://net/networking/v2.0"],
    ["http://net/v2.0/", "http://net/v2.0"],
  ])("gives %s its version: %s", (url, address) => {
    expect(findEndpoint([at(url)], "network", config)).toEqual(ok(address));
  });

  it("keeps what stands behind a version", () => {
    const entry = { ...at("http://nova/v2.1/p1"), type: "compute" };
    expect(findEndpoint([entry], "compute", config)).toEqual(ok("http://nova/v2.1/p1"));
  });

  it("says which regions and interfaces there are", () => {
    const all = [at("http://a", "R1"), at("http://b", "R2"), at("http://c", "R1", "internal")];
    expect(findEndpoint(all, "network", config)).toMatchObject({ error: expect.stringContaining("R1, R2") as string });
    expect(findEndpoint(all, "network", { ...config, region: "R2" })).toEqual(ok("http://b/v2.0"));
    expect(findEndpoint(all, "network", { ...config, region: "R3" })).toMatchObject({
      error: expect.stringContaining('not in region "R3", only in R1, R2') as string,
    });
    expect(findEndpoint(all, "network", { ...config, interface: "admin" })).toMatchObject({
      error: expect.stringContaining("only internal, public") as string,
    });
  });
});
