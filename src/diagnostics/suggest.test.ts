import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { didYouMean, suggest } from "./suggest.ts";

describe("suggest", () => {
  const options = ["name", "state", "uid", "group", "groups", "append", "create_home", "password_lock"];

  it.each([
    ["nme", "name"],
    ["anme", "name"],
    ["naem", "name"],
    ["stat", "state"],
    ["create-home", "create_home"],
    ["CREATE_HOME", "create_home"],
    ["pasword_lok", "password_lock"],
    ["grup", "group"],
    ["password", "password_lock"],
  ])("takes %s for %s", (written, meant) => {
    expect(suggest(written, options)).toBe(meant);
  });

  it.each(["xyzzy", "u", "gid_number", ""])("has nothing for %s", (written) => {
    expect(suggest(written, options)).toBeUndefined();
  });

  it("prefers the nearer of two", () => {
    expect(suggest("groupx", ["group", "groupxy_z", "gruopx"])).toBe("group");
    expect(suggest("rol", ["role", "roles"])).toBe("role");
  });

  it("finds every name itself", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 })), fc.string({ minLength: 1 }), (others, name) => {
        const found = suggest(name, [...others, name]);
        expect(found?.toLowerCase().replaceAll("-", "_")).toBe(name.toLowerCase().replaceAll("-", "_"));
      }),
    );
  });

  it("makes a hint", () => {
    expect(didYouMean("nme", options)).toBe('did you mean "name"?');
    expect(didYouMean("xyzzy", options)).toBeUndefined();
  });
});
