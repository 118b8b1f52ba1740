import { describe, expect, it } from "vitest";
import type { PlainMap } from "../../vars/value.ts";
import { coerceArguments } from "../arguments.ts";
import { curlConfig } from "./curl-config.ts";
import type { GetUrlArguments } from "./get_url.schema.ts";
import { getUrl } from "./get_url.ts";

const coerce = (more: PlainMap) => coerceArguments(getUrl, { url: "https://h.example/a", dest: "/a", ...more });

const paramsOf = (more: PlainMap) => {
  const args = coerce(more);
  if (!args.ok) throw new Error(args.error);
  const params = getUrl.params(args.value as unknown as GetUrlArguments, {} as never);
  if (!params.ok) throw new Error(params.error);
  return params.value;
};

describe("get_url", () => {
  it.each([
    [{ url: "gopher://h/a" }, /^url must be one of/],
    [{ url: "https://h/a b" }, /^url must be one of/],
    [{ url: "https://h/a\nurl=file:///etc/shadow" }, /^url must be one of/],
    [{ dest: "" }, /^dest must not be empty$/],
    [{ checksum: "d98291ac" }, /^The checksum parameter has to be in format <algorithm>:<checksum>$/],
    [{ checksum: "sha256:https://h/sums" }, /^a URL as checksum is not supported yet/],
    [{ checksum: "crc32:00" }, /^checksum: there is no algorithm "crc32"/],
    [{ checksum: "toString:00" }, /^checksum: there is no algorithm "tostring"/],
    [{ checksum: "sha1:00" }, /^checksum: sha1 has 40 hexadecimal digits$/],
    [{ headers: { "@/etc/shadow": "x" } }, /is no header's name$/],
    [{ headers: { "X-A": "b\r\nX-C: d" } }, /^headers: X-A must be one line$/],
    [{ url_username: "a:b" }, /^url_username must not contain a colon/],
    [{ url_username: "a", url_password: "b\nc" }, /^url_password and http_agent must not contain line breaks$/],
    [{ url_password: "b" }, /url_username/],
    [{ client_cert: "/c" }, /^option "client_cert" is not supported yet$/],
    [{ use_gssapi: true }, /^option "use_gssapi" is not supported yet$/],
  ])("refuses %j", (more, message) => {
    expect(coerce(more as PlainMap)).toEqual({ ok: false, error: expect.stringMatching(message) as string });
  });

  it.each([
    ["https://h.example/a/b.tar.gz?x=/y#/z", "b.tar.gz"],
    ["https://h.example", "index.html"],
    ["https://h.example/a/", "index.html"],
    ["https://h.example/a/..", "index.html"],
  ])("calls %s %s in a directory", (url, name) => {
    expect(paramsOf({ url })["name"]).toBe(name);
  });

  it.each([
    [{ url_username: "a", url_password: "b" }, "url_username"],
    [{ headers: { Authorization: "Bearer x" } }, "headers"],
    [{ url: "https://a:b@h.example/c" }, "a password in the url"],
    [{ url: "https://h.example/a@b" }, ""],
  ])("keeps %j from wget", (more, what) => {
    expect(paramsOf(more as PlainMap)["only_curl"]).toBe(what);
  });

  it("quotes what curl reads", () => {
    const args = coerce({
      headers: { "X-A": 'b"c\\d\te' },
      username: "alice",
      password: 'p"\\',
      force_basic_auth: true,
    });
    if (!args.ok) throw new Error(args.error);
    const config = curlConfig(args.value as unknown as GetUrlArguments);
    expect(config.ok && config.value.split("\n")).toEqual(
      expect.arrayContaining(['header = "X-A: b\\"c\\\\d\\te"', 'user = "alice:p\\"\\\\"', "basic"]),
    );
  });
});
