import { describe, expect, it } from "vitest";
import { destinationOf } from "./destination.ts";

describe("destinationOf", () => {
  it.each([
    ["out", false, "/etc/hosts", "out/web01/etc/hosts"],
    ["/srv/out/", false, "/etc/hosts", "/srv/out/web01/etc/hosts"],
    ["out", false, "notes.txt", "out/web01/notes.txt"],
    ["out", false, "/etc/../etc//./hosts", "out/web01/etc/hosts"],
    ["out", false, "/../../etc/hosts", "out/web01/etc/hosts"],
    ["out", false, "/a/..b", "out/web01/a/..b"],
    ["out/", true, "/etc/hosts", "out/hosts"],
    ["../out/hosts", true, "/etc/passwd", "../out/hosts"],
    ["../out/", true, "/etc/passwd", "../out/passwd"],
  ])("%s, flat %s: %s goes to %s", (dest, flat, source, path) => {
    expect(destinationOf({ dest, flat }, "web01", source)).toEqual({ ok: true, value: path });
  });

  it.each([
    ["out", false, "../../etc/passwd", "out/web01"],
    ["out", false, "a/../../b", "out/web01"],
    ["out", false, "..", "out/web01"],
    ["out", false, "", "out/web01"],
    ["out/", true, "/etc/..", "out/"],
    ["out/", true, "/", "out/"],
  ])("%s, flat %s: %j would lead out of %s", (dest, flat, source, folder) => {
    const error = `the path ${source} of the host would lead out of ${folder} on the controller`;
    expect(destinationOf({ dest, flat }, "web01", source)).toEqual({ ok: false, error });
  });

  it.each(["..", ".", "../x", "a/b"])("a host named %s has no folder of its own", (host) => {
    expect(destinationOf({ dest: "out", flat: false }, host, "/etc/hosts")).toMatchObject({ ok: false });
    expect(destinationOf({ dest: "out/", flat: true }, host, "/etc/hosts")).toMatchObject({ ok: true });
  });
});
