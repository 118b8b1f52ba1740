import { err, ok, type Result } from "../../util/result.ts";
import type { Plain, PlainMap } from "../../vars/value.ts";
import { textOf } from "./json.ts";

/** A login to Keystone v3: what is sent, what of it is secret, and how to name it to a person. */
export interface Login {
  readonly body: PlainMap;
  readonly secrets: readonly string[];
  /** Such as `user demo of project demo`. */
  readonly described: string;
}

/** Makes a login of what `auth` says; the error is what is missing or not supported. */
export const readLogin = (type: string | undefined, auth: PlainMap): Result<Login, string> => {
  const get = (name: string): string | undefined => textOf(auth[name]);
  switch (type ?? guessType(get)) {
    case "password":
    case "v3password":
      return passwordLogin(get);
    case "token":
    case "v3token":
      return tokenLogin(get);
    case "v3applicationcredential":
      return credentialLogin(get);
    default:
      return err(`auth_type "${type}" is not supported: there are password, token and v3applicationcredential`);
  }
};

type Get = (name: string) => string | undefined;

const guessType = (get: Get): string => {
  if (get("application_credential_secret") !== undefined) return "v3applicationcredential";
  return get("token") !== undefined && get("password") === undefined ? "v3token" : "password";
};

const passwordLogin = (get: Get): Result<Login, string> => {
  const password = get("password");
  const user = userOf(get);
  if (user === undefined) return err("username is missing");
  if (password === undefined) return err("password is missing");
  const scope = scopeOf(get);
  if (!scope.ok) return scope;
  const name = get("username") ?? get("user_id") ?? "";
  return ok({
    body: { auth: { identity: { methods: ["password"], password: { user: { ...user, password } } }, ...scope.value } },
    secrets: [password],
    described: `user ${name} of project ${projectName(get)}`,
  });
};

const tokenLogin = (get: Get): Result<Login, string> => {
  const token = get("token");
  if (token === undefined) return err("token is missing");
  const scope = scopeOf(get);
  if (!scope.ok) return scope;
  return ok({
    body: { auth: { identity: { methods: ["token"], token: { id: token } }, ...scope.value } },
    secrets: [token],
    described: `a token for project ${projectName(get)}`,
  });
};

const credentialLogin = (get: Get): Result<Login, string> => {
  const [id, name, secret] = ["id", "name", "secret"].map((part) => get(`application_credential_${part}`));
  if (secret === undefined) return err("application_credential_secret is missing");
  const user = userOf(get);
  if (id === undefined && (name === undefined || user === undefined)) {
    return err("application_credential_id is missing (or application_credential_name with username)");
  }
  // It belongs to one project, and a scope beside it is refused.
  const credential: PlainMap = id === undefined ? { name: name ?? "", secret, user: user ?? {} } : { id, secret };
  return ok({
    body: { auth: { identity: { methods: ["application_credential"], application_credential: credential } } },
    secrets: [secret],
    described: `application credential ${name ?? id ?? ""}`,
  });
};

const userOf = (get: Get): PlainMap | undefined => {
  const [id, name] = [get("user_id"), get("username")];
  if (id !== undefined) return { id };
  return name === undefined ? undefined : { name, domain: domainOf(get, "user") };
};

/** Where no domain is said it is the one that every Keystone begins with, as in the openstack client. */
const domainOf = (get: Get, of: "user" | "project"): PlainMap => {
  const [id, name] = [get(`${of}_domain_id`), get(`${of}_domain_name`)];
  if (id !== undefined) return { id };
  if (name !== undefined) return { name };
  const byDefault = get("default_domain_name");
  return byDefault === undefined
    ? { id: get("default_domain_id") ?? get("default_domain") ?? "default" }
    : { name: byDefault };
};

const projectName = (get: Get): string =>
  get("project_name") ?? get("tenant_name") ?? get("project_id") ?? get("tenant_id") ?? "";

const scopeOf = (get: Get): Result<{ readonly scope: Plain }, string> => {
  for (const name of ["system_scope", "trust_id"]) {
    if (get(name) !== undefined) return err(`${name} is not supported: name a project`);
  }
  const [id, name] = [get("project_id") ?? get("tenant_id"), get("project_name") ?? get("tenant_name")];
  if (id !== undefined) return ok({ scope: { project: { id } } });
  if (name === undefined) return err("project_name is missing: security groups and servers belong to a project");
  return ok({ scope: { project: { name, domain: domainOf(get, "project") } } });
};
