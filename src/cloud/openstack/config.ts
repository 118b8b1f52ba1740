import { join } from "node:path";
import { parseYaml } from "../../source/parse-yaml.ts";
import type { Node } from "../../source/node.ts";
import { SourceFile } from "../../source/source-file.ts";
import { err, ok, type Result } from "../../util/result.ts";
import type { Plain, PlainMap } from "../../vars/value.ts";
import type { CloudOptions } from "../cloud.ts";
import { isMap, textOf } from "./json.ts";
import { type Login, readLogin } from "./login.ts";

/** All that is needed to speak to an OpenStack cloud. */
export interface OpenStackConfig {
  /** Its name in clouds.yaml; `envvars` where OS_* variables describe it, `task` where the task does. */
  readonly name: string;
  /** Of Keystone's API v3. */
  readonly authUrl: string;
  readonly login: Login;
  readonly region: string | undefined;
  readonly interface: "public" | "internal" | "admin";
  /** The addresses of services that are not to be taken from the catalogue, by type. */
  readonly endpoints: ReadonlyMap<string, string>;
  /** In PEM. */
  readonly ca: string | undefined;
  readonly verify: boolean;
  readonly requestMs: number;
}

/** What reading a configuration needs of the process. */
export interface ConfigIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  /** A file's text, undefined where there is no such file. */
  readonly readFile: (path: string) => Result<string | undefined, string>;
}

/** Finds the cloud that is meant, as openstacksdk does: by its name, OS_CLOUD, OS_* variables, or as the only one. */
export const readConfig = (options: CloudOptions, io: ConfigIo): Result<OpenStackConfig, string> => {
  const chosen = chooseCloud(options, io);
  if (!chosen.ok) return chosen;
  const { name, settings } = chosen.value;
  const where = name === "envvars" ? "the OS_* variables" : name === "task" ? "the task" : `cloud "${name}"`;
  const config = buildConfig(name, settings, options, io);
  return config.ok ? config : err(`${where}: ${config.error}`);
};

interface Chosen {
  readonly name: string;
  readonly settings: PlainMap;
}

const chooseCloud = (options: CloudOptions, io: ConfigIo): Result<Chosen, string> => {
  const named = options.cloud ?? (options.auth === undefined ? textOf(io.env["OS_CLOUD"]) : undefined);
  // What a task says whole is not mixed with whatever the environment has.
  if (named === undefined && options.auth !== undefined) return ok({ name: "task", settings: {} });
  if (named === undefined && io.env["OS_AUTH_URL"] !== undefined) return ok({ name: "envvars", settings: fromEnv(io) });
  const clouds = readClouds(io);
  if (!clouds.ok) return clouds;
  const { known, paths } = clouds.value;
  const names = Object.keys(known);
  if (named === "envvars" && known[named] === undefined) return ok({ name: named, settings: fromEnv(io) });
  const list = names.length === 0 ? "it names none" : `there are ${names.toSorted().join(", ")}`;
  const name = named ?? (names.length === 1 ? names[0] : undefined);
  if (name === undefined) {
    return err(names.length === 0 ? nothingKnown(paths) : `which cloud is meant: ${list}; set cloud, or OS_CLOUD`);
  }
  const settings = known[name];
  if (isMap(settings)) return ok({ name, settings });
  const file = clouds.value.path ?? `there is no clouds.yaml (looked for ${paths.join(", ")}), and so`;
  return err(`${file} has no cloud "${name}"; ${list}`);
};

/** Every cloud that is known, and each of its regions, as openstacksdk lists them. */
export const listClouds = (io: ConfigIo): Result<readonly CloudName[], string> => {
  const clouds = readClouds(io);
  if (!clouds.ok) return clouds;
  const { known, paths } = clouds.value;
  const fromFile = Object.entries(known).flatMap(([cloud, settings]): readonly CloudName[] => {
    const { region_name: only, regions } = isMap(settings) ? settings : {};
    const names = Array.isArray(regions) ? regions.map((region: Plain) => regionName(region)) : [];
    return textOf(only) !== undefined || names.length === 0
      ? [{ cloud }]
      : names.map((region) => ({ cloud, ...region }));
  });
  const all = textOf(io.env["OS_AUTH_URL"]) === undefined ? fromFile : [{ cloud: "envvars" }, ...fromFile];
  return all.length > 0 ? ok(all) : err(nothingKnown(paths));
};

/** What `CloudOptions` calls a cloud by. */
export interface CloudName {
  readonly cloud: string;
  readonly region?: string;
}

const nothingKnown = (paths: readonly string[]): string =>
  `no cloud is known: name one in a clouds.yaml (looked for ${paths.join(", ")}), or set the OS_* variables`;

const regionName = (region: Plain): { readonly region?: string } => {
  const name = isMap(region) ? textOf(region["name"]) : textOf(region);
  return name === undefined ? {} : { region: name };
};

interface Clouds {
  readonly known: PlainMap;
  readonly path: string | undefined;
  /** Where the file was looked for. */
  readonly paths: readonly string[];
}

const readClouds = (io: ConfigIo): Result<Clouds, string> => {
  const given = textOf(io.env["OS_CLIENT_CONFIG_FILE"]);
  const paths = [...(given === undefined ? [] : [given]), ...searched("clouds", io)];
  const file = readFirst(paths, io);
  if (!file.ok) return file;
  const secureFile = textOf(io.env["OS_CLIENT_SECURE_FILE"]);
  const secure = readFirst([...(secureFile === undefined ? [] : [secureFile]), ...searched("secure", io)], io);
  if (!secure.ok) return secure;
  const merged = mergeMaps(file.value?.content ?? {}, secure.value?.content ?? {});
  const known = merged["clouds"] ?? {};
  if (!isMap(known)) return err(`${file.value?.path}: clouds is a mapping of names to clouds`);
  return ok({ known, path: file.value?.path, paths });
};

const searched = (name: string, { cwd, home, env }: ConfigIo): readonly string[] => {
  const xdg = textOf(env["XDG_CONFIG_HOME"]) ?? join(home, ".config");
  return [cwd, join(xdg, "openstack"), "/etc/openstack"].flatMap((folder) =>
    ["yaml", "yml", "json"].map((ending) => join(folder, `${name}.${ending}`)),
  );
};

const readFirst = (
  paths: readonly string[],
  io: ConfigIo,
): Result<{ readonly path: string; readonly content: PlainMap } | undefined, string> => {
  for (const path of paths) {
    const text = io.readFile(path);
    if (!text.ok) return err(`${path}: ${text.error}`);
    if (text.value === undefined) continue;
    const file = new SourceFile(path, text.value);
    const { root, problems } = parseYaml(file);
    const [problem] = problems;
    if (problem !== undefined) return err(`${path}:${file.position(problem.span.start).line}: ${problem.message}`);
    const content = root === undefined ? {} : plainOf(root);
    return isMap(content) ? ok({ path, content }) : err(`${path}: it is no mapping`);
  }
  return ok(undefined);
};

/** No text of these files is a template. */
const plainOf = (node: Node): Plain => {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "seq":
      return node.items.map(plainOf);
    case "map":
      return Object.fromEntries(node.entries.map(({ key, value }) => [String(key.value), plainOf(value)]));
  }
};

const mergeMaps = (below: PlainMap, above: PlainMap): PlainMap =>
  Object.fromEntries(
    [...new Set([...Object.keys(below), ...Object.keys(above)])].map((key) => {
      const [a, b] = [below[key] ?? null, above[key]];
      return [key, b === undefined ? a : isMap(a) && isMap(b) ? mergeMaps(a, b) : b];
    }),
  );

/** The settings of these names may stand beside `auth` as well as in it. */
const authNames = [
  "auth_url",
  "username",
  "user_id",
  "user_domain_name",
  "user_domain_id",
  "password",
  "token",
  "application_credential_id",
  "application_credential_name",
  "application_credential_secret",
  "project_name",
  "project_id",
  "tenant_name",
  "tenant_id",
  "project_domain_name",
  "project_domain_id",
  "domain_name",
  "domain_id",
  "default_domain",
  "default_domain_id",
  "default_domain_name",
  "system_scope",
  "trust_id",
] as const;

const fromEnv = ({ env }: ConfigIo): PlainMap =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      name.startsWith("OS_") && value !== undefined && value !== "" ? [[name.slice(3).toLowerCase(), value]] : [],
    ),
  );

const buildConfig = (
  name: string,
  settings: PlainMap,
  options: CloudOptions,
  io: ConfigIo,
): Result<OpenStackConfig, string> => {
  const beside = Object.fromEntries(
    authNames.flatMap((key) => (settings[key] === undefined ? [] : [[key, settings[key]]])),
  );
  const own = settings["auth"];
  const auth: PlainMap = { ...beside, ...(isMap(own) ? own : {}), ...options.auth };
  const authUrl = textOf(auth["auth_url"]);
  if (authUrl === undefined) {
    const profile = textOf(settings["profile"]);
    return err(
      profile === undefined ? "auth_url is missing" : `auth_url is missing, and profile "${profile}" is not read`,
    );
  }
  const base = versioned(authUrl, "v3");
  if (base === undefined) return err(`auth_url is no http or https address: ${JSON.stringify(authUrl)}`);
  const login = readLogin(options.authType ?? textOf(settings["auth_type"]), auth);
  if (!login.ok) return login;
  for (const key of ["cert", "key"]) {
    if (textOf(settings[key]) !== undefined) return err(`${key}: a certificate of the client is not supported`);
  }
  const wanted = options.interface ?? textOf(settings["interface"]) ?? textOf(settings["endpoint_type"]) ?? "public";
  const face = interfaceOf(wanted);
  if (face === undefined) return err(`interface is public, internal or admin, and not ${JSON.stringify(wanted)}`);
  const caFile = options.caFile ?? textOf(settings["cacert"]);
  const ca = caFile === undefined ? ok(undefined) : io.readFile(expanded(caFile, io.home));
  if (!ca.ok || (caFile !== undefined && ca.value === undefined)) {
    return err(`cacert ${caFile}: ${ca.ok ? "there is no such file" : ca.error}`);
  }
  const seconds = Number(textOf(settings["api_timeout"]) ?? "30");
  if (!(seconds > 0)) return err("api_timeout is a number of seconds");
  return ok({
    name,
    authUrl: base,
    login: login.value,
    region: options.region ?? textOf(settings["region_name"]) ?? onlyRegion(settings["regions"]),
    interface: face,
    endpoints: overrides(settings),
    ca: ca.value,
    verify: options.verify ?? verifies(settings),
    requestMs: options.requestMs ?? seconds * 1000,
  });
};

const interfaceOf = (text: string): OpenStackConfig["interface"] | undefined => {
  const known = text.replace(/URL$/, "");
  return known === "public" || known === "internal" || known === "admin" ? known : undefined;
};

const expanded = (path: string, home: string): string => (path.startsWith("~/") ? join(home, path.slice(2)) : path);

const onlyRegion = (regions: Plain | undefined): string | undefined =>
  Array.isArray(regions) && regions.length === 1 ? regionName(regions[0] ?? null).region : undefined;

const verifies = (settings: PlainMap): boolean => {
  const said = (name: string): string => (textOf(settings[name]) ?? "").toLowerCase();
  return !/^(?:false|no|off|0)$/.test(said("verify")) && !/^(?:true|yes|on|1)$/.test(said("insecure"));
};

const overrides = (settings: PlainMap): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(settings).flatMap(([key, value]) => {
      const service = /^(.+)_endpoint_override$/.exec(key)?.[1];
      const url = textOf(value);
      return service === undefined || url === undefined ? [] : [[service, url] as const];
    }),
  );

/** An address with this version at the end of its path; undefined where it is none. */
export const versioned = (address: string, version: string): string | undefined => {
  try {
    const url = new URL(address);
    if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
    const path = url.pathname.replace(/\/+$/, "").replace(/\/v\d+(?:\.\d+)?$/, "");
    return `${url.origin}${path}/${version}`;
  } catch {
    return undefined;
  }
};
