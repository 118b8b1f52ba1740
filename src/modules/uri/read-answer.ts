import type { FieldValue } from "../../shell/program.ts";
import { commonReturns } from "../common-returns.ts";

type Fields = Readonly<Record<string, FieldValue>>;

/** What a server answered in the end, after all redirects. */
export interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly url: string;
  readonly redirected: boolean;
  /** Each header by its name in lower case; of several with one name, all of them. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
}

/** Reads the headers of all answers to a request, as curl and wget write them; undefined where there was none. */
export const readAnswer = (text: string, asked: string): Answer | undefined => {
  let answer: Answer | undefined;
  for (const block of text.split(/^\s*(?=HTTP\/[0-9.]+ +[1-5][0-9][0-9])/m)) {
    const [first = "", ...lines] = block.split(/\r?\n/);
    const [, code, reason = ""] = /^HTTP\/[0-9.]+ +([0-9]{3}) *(.*)$/.exec(first) ?? [];
    if (code === undefined) continue;
    const before = answer?.headers.get("location")?.[0];
    const moved = answer !== undefined && answer.status >= 300 && answer.status < 400 && before !== undefined;
    answer = {
      status: Number(code),
      reason: reason.trim(),
      url: moved ? absolute(before, answer?.url ?? asked) : (answer?.url ?? asked),
      redirected: moved || answer?.redirected === true,
      headers: readHeaders(lines),
    };
  }
  return answer;
};

const readHeaders = (lines: readonly string[]): ReadonlyMap<string, readonly string[]> => {
  const headers = new Map<string, readonly string[]>();
  for (const line of lines) {
    const [, name = "", value = ""] = /^\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*(.*?)\s*$/.exec(line) ?? [];
    const key = name.toLowerCase();
    if (key !== "") headers.set(key, [...(headers.get(key) ?? []), value]);
  }
  return headers;
};

const absolute = (location: string, from: string): string => {
  try {
    return new URL(location, from).href;
  } catch {
    return location;
  }
};

/**
 * The answer in Ansible's keys. A header becomes a key with `_` for `-`; what any result may have is not the server's to
 * say.
 */
export const answerFields = (answer: Answer): Fields => {
  const names = [...answer.headers].map(([name, values]) => [name.replaceAll("-", "_"), values.join(", ")] as const);
  const fields = Object.fromEntries(names.filter(([name]) => !Object.hasOwn(commonReturns, name) && name !== "rc"));
  const location = answer.headers.get("location")?.[0];
  const cookies = (answer.headers.get("set-cookie") ?? []).flatMap((line) => {
    const [, name, value = ""] = /^\s*([^=;\s]+)\s*=\s*([^;]*)/.exec(line) ?? [];
    return name === undefined ? [] : [[name, value.trim()] as const];
  });
  return {
    ...fields,
    ...(location === undefined ? {} : { location: absolute(location, answer.url) }),
    cookies: Object.fromEntries(cookies),
    cookies_string: cookies.map(([name, value]) => `${name}=${value}`).join("; "),
    status: answer.status,
    url: answer.url,
    redirected: answer.redirected,
  };
};

/** What is said of it: a failure of HTTP, or how much came. */
export const answerMessage = ({ status, reason, headers }: Answer): string =>
  status >= 300 ? `HTTP Error ${status}: ${reason}` : `OK (${headers.get("content-length")?.[0] ?? "unknown"} bytes)`;

/** The text of an answer, by the encoding that its type names. */
export const contentText = (content: Uint8Array, { headers }: Answer): string => {
  const charset = /charset=["']?([^"';\s]+)/i.exec(headers.get("content-type")?.[0] ?? "")?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset, { ignoreBOM: true }).decode(content);
  } catch {
    return Buffer.from(content).toString("utf8");
  }
};
