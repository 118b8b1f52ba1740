import { describe, expect, it } from "vitest";
import type { PlainMap } from "../../vars/value.ts";
import { coerceArguments } from "../arguments.ts";
import { answerFields, contentText, readAnswer } from "./read-answer.ts";
import type { UriArguments } from "./uri.schema.ts";
import { uri } from "./uri.ts";

const coerce = (more: PlainMap) => coerceArguments(uri, { url: "https://h.example/a", ...more });

const configOf = (more: PlainMap): unknown => {
  const args = coerce(more);
  if (!args.ok) throw new Error(args.error);
  const params = uri.params(args.value as unknown as UriArguments, {} as never);
  if (!params.ok) throw new Error(params.error);
  return params.value["config"];
};

describe("uri", () => {
  it.each([
    [{ url: "ftp://h/a" }, /^url must be one of http or https/],
    [{ url: "https://h/a\nurl=file:///etc/shadow" }, /^url must be one of http or https/],
    [{ method: "GET\nX" }, /^method: "GET\\nX" is none$/],
    [{ method: "PUT", follow_redirects: "all" }, /^follow_redirects "all" is supported for GET, HEAD and POST/],
    [{ body: { a: 1 } }, /^body is no text: say in body_format/],
    [{ body: [1], body_format: "form-urlencoded" }, /^body must be a mapping, or a list of pairs/],
    [{ body: {}, body_format: "form-multipart" }, /^body_format "form-multipart" is not supported yet/],
    [{ body: "x", src: "y" }, /body\|src/],
    [{ client_key: "/k" }, /client_cert/],
    [{ ca_path: '/c"\ninsecure' }, /holds a control character$/],
    [{ headers: { "X-A": "b\r\nX-C: d" } }, /^headers: X-A must be one line$/],
    [{ ciphers: ["x"] }, /^option "ciphers" is not supported yet$/],
  ])("refuses %j", (more, message) => {
    expect(coerce(more as PlainMap)).toEqual({ ok: false, error: expect.stringMatching(message) as string });
  });

  it("keeps a value in its line of curl's configuration", () => {
    expect(configOf({ ca_path: '/c"\\d' })).toContain('cacert = "/c\\"\\\\d"\n');
  });

  it.each([
    [{}, "location\n", true],
    [{ method: "POST" }, "location\n", false],
    [{ method: "POST", follow_redirects: "all" }, "location\n", true],
    [{ follow_redirects: "none" }, "location\n", false],
    [{ method: "POST" }, "request = ", false],
    [{ method: "GET", body: "x" }, 'request = "GET"\n', true],
    [{ method: "HEAD" }, "\nhead\n", true],
    [{ body: "x", body_format: "json" }, 'header = "Content-Type: application/json"\n', true],
    [{ body: "x", body_format: "json", headers: { "content-type": "a/b" } }, "application/json", false],
  ])("%j gives curl %j: %s", (more, line, is) => {
    expect(String(configOf(more as PlainMap)).includes(line)).toBe(is);
  });
});

const text = (...lines: readonly string[]): string => `${lines.join("\r\n")}\r\n`;

describe("readAnswer", () => {
  it("takes the last answer, behind proxies and redirects", () => {
    const heads = text(
      "HTTP/1.1 200 Connection established",
      "",
      "HTTP/1.1 100 Continue",
      "",
      "HTTP/1.1 302 Found",
      "Location: ../b?c",
      "",
      "HTTP/2 204 ",
      "X-A: 1",
      "x-a: 2",
      "",
    );
    const answer = readAnswer(heads, "https://h/x/a");
    expect(answer).toMatchObject({ status: 204, reason: "", url: "https://h/b?c", redirected: true });
    expect(answer?.headers.get("x-a")).toEqual(["1", "2"]);
  });

  it("knows when there was none", () => {
    expect(readAnswer("", "https://h/")).toBeUndefined();
    expect(readAnswer("curl: (7) no\n", "https://h/")).toBeUndefined();
  });

  it("does not take a redirect that was not followed for one", () => {
    const answer = readAnswer(text("HTTP/1.1 301 Moved", "Location: /b"), "https://h/a");
    expect(answer).toMatchObject({ status: 301, url: "https://h/a", redirected: false });
    expect(answer === undefined ? {} : answerFields(answer)).toMatchObject({ location: "https://h/b" });
  });

  it("lets no header speak for the result", () => {
    const names = ["Changed", "failed", "msg", "Ansible-Facts", "results", "rc", "url", "status", "warnings"];
    const answer = readAnswer(text("HTTP/1.1 200 OK", ...names.map((name) => `${name}: evil`)), "https://h/a");
    expect(answer === undefined ? {} : answerFields(answer)).toEqual({
      cookies: {},
      cookies_string: "",
      redirected: false,
      status: 200,
      url: "https://h/a",
    });
  });

  it("reads a text by its encoding, and an unknown one as UTF-8", () => {
    const answer = (type: string) => readAnswer(text("HTTP/1.1 200 OK", `Content-Type: ${type}`), "https://h/a");
    const latin = answer("text/plain; charset=latin1");
    const unknown = answer('text/plain; charset="nope"');
    if (latin === undefined || unknown === undefined) throw new Error("no answer");
    expect(contentText(Buffer.from([0xe4]), latin)).toBe("ä");
    expect(contentText(Buffer.from("ä"), unknown)).toBe("ä");
  });
});
