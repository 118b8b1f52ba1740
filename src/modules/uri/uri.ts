import { filesLibrary, pathsLibrary, writeLibrary } from "../../shell/libraries.ts";
import type { FieldValue, ProgramResult, ShellParams } from "../../shell/program.ts";
import { shellBody, shellLibrary } from "../../shell/shell-function.ts";
import { err, ok, type Result } from "../../util/result.ts";
import { fileOptionAliases, fileParams, normalizeFileArguments } from "../file-options.ts";
import { quoted, requestLines } from "../get_url/curl-config.ts";
import type { HostModule, ModuleContext } from "../module.ts";
import { answerFields, answerMessage, contentText, readAnswer } from "./read-answer.ts";
import { requestBody } from "./request-body.ts";
import { type UriArguments, uriReturns, uriSchema } from "./uri.schema.ts";

/** Asks a web service, from the host itself. */
export const uri: HostModule<UriArguments> = {
  runs: "host",
  name: "ansible.builtin.uri",
  summary: "Asks a web service from the host, with its curl or wget.",
  schema: uriSchema,
  optionAliases: { ...fileOptionAliases, user: "url_username", password: "url_password" },
  rules: { exclusive: [["body", "src"]], requiredBy: { url_password: ["url_username"], client_key: ["client_cert"] } },
  normalize: (args) => normalizeUri(args),
  functions: [
    pathsLibrary,
    filesLibrary,
    writeLibrary,
    shellLibrary("run_command", new URL("../command/run-command.sh", import.meta.url)),
    shellBody("m_uri", new URL("uri.sh", import.meta.url)),
  ],
  params: (args, context) => uriParams(args, context),
  result: (result, args) => resultOf(result, args),
  failure: (result, args) => resultOf(result, args),
  checkMode: "skips",
  returns: uriReturns,
  anyReturns: true,
  examples: `
- name: The service answers
  ansible.builtin.uri:
    url: http://127.0.0.1:8080/health
    status_code: [200, 204]
- name: And it is told who works here now
  ansible.builtin.uri:
    url: https://cmdb.example.com/hosts/{{ inventory_hostname }}
    method: PATCH
    body_format: json
    body: { support: true }
    url_username: support
    url_password: "{{ cmdb_password }}"
    force_basic_auth: true
`,
};

const unsupported = ["ciphers", "unredirected_headers"] as const;

const normalizeUri = (args: UriArguments): Result<UriArguments, string> => {
  for (const name of unsupported) if (args[name] !== undefined) return err(`option "${name}" is not supported yet`);
  if (args.use_gssapi) return err('option "use_gssapi" is not supported yet');
  // eslint-disable-next-line no-control-regex
  if (!/^https?:\/\/[^\u0000- \u007f]+$/i.test(args.url)) {
    return err("url must be one of http or https, without spaces (write %20)");
  }
  if (!/^[A-Z]+$/.test(args.method.toUpperCase())) return err(`method: ${JSON.stringify(args.method)} is none`);
  const known = { ...args, method: args.method.toUpperCase() };
  if (redirectsOf(known) === undefined) {
    return err(
      `follow_redirects "${args.follow_redirects}" is supported for GET, HEAD and POST, not for ${known.method}`,
    );
  }
  const files = [args.ca_path, args.client_cert, args.client_key, args.unix_socket, args.dest, args.src];
  // oxlint-disable-next-line no-control-regex -- no line of curl's configuration may hold another
  if (files.some((path) => path !== undefined && (path === "" || /[\u0000-\u001f\u007f]/.test(path)))) {
    return err("the path of a file is empty, or holds a control character");
  }
  const config = configOf(known);
  return config.ok ? normalizeFileArguments(known) : config;
};

/** Whether redirects are followed; undefined where that cannot be had. */
const redirectsOf = ({ follow_redirects: follow, method }: UriArguments): boolean | undefined => {
  const isSafe = method === "GET" || method === "HEAD";
  if (follow === "none") return false;
  if (follow === "safe" || follow === "no") return isSafe;
  return isSafe || method === "POST" ? true : undefined;
};

/** What curl reads on its standard input, but for the body. */
const configOf = (args: UriArguments): Result<string, string> => {
  const body = requestBody(args);
  if (!body.ok) return body;
  const own = args.headers ?? {};
  const names = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  const type = body.value.type === undefined || names.has("content-type") ? {} : { "Content-Type": body.value.type };
  const lines = requestLines({ ...args, headers: { ...type, ...own } });
  if (!lines.ok) return lines;
  const sends =
    body.value.text !== undefined || args.src !== undefined || ["POST", "PUT", "PATCH"].includes(args.method);
  const file = (name: string, path: string | undefined): readonly string[] =>
    path === undefined ? [] : [`${name} = ${quoted(path)}`];
  const method =
    args.method === "HEAD"
      ? ["head"]
      : // Named, a method would stay through every redirect.
        args.method === (sends ? "POST" : "GET")
        ? []
        : [`request = ${quoted(args.method)}`];
  const more = [
    'proto = "=http,https"',
    ...(redirectsOf(args) === true ? ["location", 'proto-redir = "=http,https"', "max-redirs = 10"] : []),
    ...method,
    ...file("cacert", args.ca_path),
    ...file("cert", args.client_cert),
    ...file("key", args.client_key),
    ...file("unix-socket", args.unix_socket),
    // No server is asked whether it would take what is sent.
    ...(names.has("expect") ? [] : ['header = "Expect:"']),
  ];
  return ok(`${[...lines.value, ...more].join("\n")}\n`);
};

const uriParams = (args: UriArguments, context: ModuleContext): Result<ShellParams, string> => {
  const config = configOf(args);
  if (!config.ok) return config;
  const body = requestBody(args);
  if (!body.ok) return body;
  const file = args.src === undefined || args.remote_src ? undefined : context.readFile(args.src, "files");
  if (file?.ok === false) return file;
  const content = file === undefined ? body.value.text : file.value.content;
  const path = args.url.replace(/^[a-z]+:\/\/[^/?#]*/i, "").replace(/[?#].*$/, "");
  const name = path.slice(path.lastIndexOf("/") + 1);
  return ok({
    ...fileParams(args),
    url: args.url,
    method: args.method,
    statuses: args.status_code.map(String),
    config: config.value,
    content: Buffer.from(content ?? ""),
    // What a request of this method is never without, so that the server knows where it ends.
    sends: content !== undefined || ["POST", "PUT", "PATCH"].includes(args.method),
    src: args.remote_src ? args.src : undefined,
    type: body.value.type,
    return_content: args.return_content,
    dest: args.dest,
    name: ["", ".", ".."].includes(name) ? "index.html" : name,
    creates: args.creates,
    removes: args.removes,
    redirects: redirectsOf(args) === true,
    agent: args.http_agent,
    timeout: args.timeout,
    use_proxy: args.use_proxy,
    validate_certs: args.validate_certs,
    is_https: /^https:/i.test(args.url),
    only_curl: onlyCurl(args),
  });
};

/** What must not be seen in the arguments of a process, which is all that wget knows, or what it cannot do. */
const onlyCurl = (args: UriArguments): string => {
  if (args.url_username !== undefined) return "url_username";
  if (Object.keys(args.headers ?? {}).length > 0) return "headers";
  for (const name of ["ca_path", "client_cert", "unix_socket"] as const) if (args[name] !== undefined) return name;
  return /^[a-z]+:\/\/[^/?#]*@/i.test(args.url) ? "a password in the url" : "";
};

const resultOf = ({ outcome, fields }: ProgramResult, args: UriArguments): Readonly<Record<string, FieldValue>> => {
  const { heads, content, hex, problem, refused, ...others } = fields;
  if (typeof refused === "string") return { stdout: refused };
  if (typeof heads !== "string") return others;
  const answer = readAnswer(heads, args.url);
  const wanted = `[${args.status_code.join(", ")}]`;
  if (answer === undefined || typeof problem === "string") {
    const msg = `Status code was -1 and not ${wanted}: Request failed: ${typeof problem === "string" ? problem : ""}`;
    return { ...others, status: -1, url: args.url, redirected: false, msg };
  }
  const body = contentOf(content, hex);
  const text = body === undefined ? undefined : contentText(body, answer);
  const msg = answerMessage(answer);
  const isWanted = args.status_code.includes(answer.status);
  return {
    ...answerFields(answer),
    ...(text === undefined || !isJson(answer.headers.get("content-type")?.[0] ?? "") ? {} : parsed(text)),
    ...(args.return_content && text !== undefined ? { content: text } : {}),
    ...others,
    ...(outcome === "failed" && isWanted
      ? {}
      : { msg: isWanted ? msg : `Status code was ${answer.status} and not ${wanted}: ${msg}` }),
  };
};

const contentOf = (content: FieldValue | undefined, hex: FieldValue | undefined): Buffer | undefined => {
  if (typeof hex === "string") return Buffer.from(hex.replaceAll(/\s/g, ""), "hex");
  return typeof content === "string" ? Buffer.from(content, "base64") : undefined;
};

const isJson = (type: string): boolean => /^[a-z0-9.-]+\/(?:[^;]*\+)?(?:json|javascript)\s*(?:;|$)/i.test(type.trim());

const parsed = (text: string): { readonly json?: FieldValue } => {
  try {
    return { json: JSON.parse(text) as FieldValue };
  } catch {
    return {};
  }
};
