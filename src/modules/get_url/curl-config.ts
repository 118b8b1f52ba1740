import { text } from "../../vars/python/text.ts";
import type { Plain } from "../../vars/value.ts";
import { err, ok, type Result } from "../../util/result.ts";
import type { GetUrlArguments } from "./get_url.schema.ts";

/** What curl reads on its standard input for a download. */
export const curlConfig = (args: GetUrlArguments): Result<string, string> => {
  const lines = requestLines(args);
  if (!lines.ok) return lines;
  const more = ['proto = "=http,https,ftp,file"', "location", 'proto-redir = "=http,https,ftp"', "max-redirs = 10"];
  return ok(`${[...lines.value, ...more].join("\n")}\n`);
};

/** What a request says, whatever it is for. */
type RequestArguments = Pick<
  GetUrlArguments,
  | "url"
  | "timeout"
  | "http_agent"
  | "validate_certs"
  | "url_username"
  | "url_password"
  | "force_basic_auth"
  | "use_netrc"
> & { readonly headers?: Readonly<Record<string, unknown>> | undefined };

/** Lines of curl's configuration, which it reads on its standard input: nothing of it is in the arguments of a process. */
export const requestLines = (args: RequestArguments): Result<readonly string[], string> => {
  const headers = headerLines(args.headers ?? {});
  if (!headers.ok) return headers;
  const { url_username: user, url_password: password = "" } = args;
  if (user !== undefined && /[:\0\r\n]/.test(user)) return err("url_username must not contain a colon or line breaks");
  if (/[\0\r\n]/.test(`${password}${args.http_agent}`)) {
    return err("url_password and http_agent must not contain line breaks");
  }
  return ok([
    `url = ${quoted(args.url)}`,
    // Brackets and braces in a URL mean themselves.
    "globoff",
    // The time is for each silence, not for the whole.
    `connect-timeout = ${args.timeout}`,
    `speed-time = ${args.timeout}`,
    "speed-limit = 1",
    `user-agent = ${quoted(args.http_agent)}`,
    ...headers.value.map((line) => `header = ${quoted(line)}`),
    ...(args.validate_certs ? [] : ["insecure"]),
    ...(user === undefined
      ? args.use_netrc
        ? ["netrc-optional"]
        : []
      : [`user = ${quoted(`${user}:${password}`)}`, args.force_basic_auth ? "basic" : "anyauth"]),
  ]);
};

/** A word of curl's configuration. */
export const quoted = (value: string): string =>
  `"${value.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll("\t", String.raw`\t`)}"`;

const headerLines = (headers: Readonly<Record<string, unknown>>): Result<readonly string[], string> => {
  const lines: string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    // The schema lets nothing else through than what a text can be made of.
    const content = text(value as Plain);
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) return err(`headers: ${JSON.stringify(name)} is no header's name`);
    if (/[\0\r\n]/.test(content)) return err(`headers: ${name} must be one line`);
    // With nothing behind the colon curl would leave the header out.
    lines.push(content === "" ? `${name};` : `${name}: ${content}`);
  }
  return ok(lines);
};
