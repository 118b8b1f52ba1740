import { filesLibrary, pathsLibrary, writeLibrary } from "../../shell/libraries.ts";
import type { ShellParams } from "../../shell/program.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { err, ok, type Result } from "../../util/result.ts";
import { fileOptionAliases, fileParams, normalizeFileArguments } from "../file-options.ts";
import type { HostModule } from "../module.ts";
import { curlConfig } from "./curl-config.ts";
import { type GetUrlArguments, getUrlSchema, getUrlReturns } from "./get_url.schema.ts";

/** Downloads a file, from the host itself. */
export const getUrl: HostModule<GetUrlArguments> = {
  runs: "host",
  name: "ansible.builtin.get_url",
  summary: "Downloads a file to the host, with its curl or wget.",
  schema: getUrlSchema,
  optionAliases: { ...fileOptionAliases, username: "url_username", password: "url_password" },
  rules: {
    requiredBy: { url_password: ["url_username"] },
    ignored: [{ options: ["force_basic_auth"], without: ["url_username"] }],
  },
  normalize: (args) => normalizeGetUrl(args),
  functions: [pathsLibrary, filesLibrary, writeLibrary, shellBody("m_get_url", new URL("get_url.sh", import.meta.url))],
  params: (args) => getUrlParams(args),
  checkMode: "full",
  returns: getUrlReturns,
  examples: `
- name: The agent of the vendor, and no other
  ansible.builtin.get_url:
    url: https://downloads.example.com/agent-1.2.tar.gz
    dest: /opt/agent.tar.gz
    checksum: sha256:1d996e033d612d9af2b44b70061ee0e868bfd14c2dd90b129e1edeb7953e7985
    mode: "0640"
`,
};

/** Hexadecimal digits of each digest. */
const digests: Readonly<Record<string, number>> = {
  md5: 32,
  sha1: 40,
  sha224: 56,
  sha256: 64,
  sha384: 96,
  sha512: 128,
};

const unsupported = ["ciphers", "client_cert", "client_key", "unredirected_headers"] as const;

const normalizeGetUrl = (args: GetUrlArguments): Result<GetUrlArguments, string> => {
  for (const name of unsupported) if (args[name] !== undefined) return err(`option "${name}" is not supported yet`);
  if (args.use_gssapi) return err('option "use_gssapi" is not supported yet');
  // eslint-disable-next-line no-control-regex
  if (!/^(?:https?|ftp|file):\/\/[^\u0000- \u007f]+$/i.test(args.url)) {
    return err("url must be one of http, https, ftp or file, without spaces (write %20)");
  }
  if (args.dest === "") return err("dest must not be empty");
  const checksum = normalizeChecksum(args.checksum);
  if (!checksum.ok) return checksum;
  const config = curlConfig(args);
  if (!config.ok) return config;
  return normalizeFileArguments({ ...args, checksum: checksum.value });
};

const normalizeChecksum = (checksum: string): Result<string, string> => {
  if (checksum.trim() === "") return ok("");
  const colon = checksum.indexOf(":");
  if (colon === -1) return err("The checksum parameter has to be in format <algorithm>:<checksum>");
  const algorithm = checksum.slice(0, colon).trim().toLowerCase();
  const digest = checksum
    .slice(colon + 1)
    .trim()
    .toLowerCase();
  if (/^(?:https?|ftp|file):\/\//.test(digest)) {
    return err("a URL as checksum is not supported yet: give the digest itself, as <algorithm>:<checksum>");
  }
  const length = Object.hasOwn(digests, algorithm) ? digests[algorithm] : undefined;
  if (length === undefined) {
    return err(`checksum: there is no algorithm "${algorithm}"; there are ${Object.keys(digests).join(", ")}`);
  }
  if (digest.length !== length || !/^[0-9a-f]+$/.test(digest)) {
    return err(`checksum: ${algorithm} has ${length} hexadecimal digits`);
  }
  return ok(`${algorithm}:${digest}`);
};

const getUrlParams = (args: GetUrlArguments): Result<ShellParams, string> => {
  const config = curlConfig(args);
  if (!config.ok) return config;
  const [algorithm = "", digest = ""] = args.checksum.split(":");
  const [scheme = ""] = args.url.split(":");
  const rest = args.url.slice(scheme.length + 3).replace(/[?#].*$/, "");
  const slash = rest.indexOf("/");
  const host = slash === -1 ? rest : rest.slice(0, slash);
  const name = slash === -1 ? "" : rest.slice(rest.lastIndexOf("/") + 1);
  return ok({
    ...fileParams(args),
    url: args.url,
    scheme: scheme.toLowerCase(),
    name: ["", ".", ".."].includes(name) ? "index.html" : name,
    dest: args.dest,
    force: args.force,
    backup: args.backup,
    algorithm,
    digest,
    agent: args.http_agent,
    timeout: args.timeout,
    use_proxy: args.use_proxy,
    validate_certs: args.validate_certs,
    tmp_dest: args.tmp_dest,
    config: config.value,
    // What must not be seen in the arguments of a process, which is all that wget knows.
    only_curl: onlyCurl(args, host),
  });
};

const onlyCurl = (args: GetUrlArguments, host: string): string => {
  if (args.url_username !== undefined) return "url_username";
  if (Object.keys(args.headers ?? {}).length > 0) return "headers";
  return host.includes("@") ? "a password in the url" : "";
};
