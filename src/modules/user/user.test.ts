import { describe, expect, it } from "vitest";
import type { UserArguments } from "./user.schema.ts";
import { user } from "./user.ts";

const withDefaults = (given: Partial<UserArguments>): UserArguments => ({
  name: "support",
  state: "present",
  non_unique: false,
  append: false,
  create_home: true,
  move_home: false,
  system: false,
  force: false,
  remove: false,
  update_password: "always",
  local: false,
  generate_ssh_key: false,
  ssh_key_bits: 0,
  ssh_key_type: "rsa",
  ...given,
});

const context = {
  check: false,
  diff: false,
  readFile: () => ({ ok: false, error: "none" }) as const,
  renderTemplate: () => ({ ok: false, error: "none" }) as const,
};

describe("user", () => {
  it.each([
    [0, "1970-01-01", 0],
    [86_399, "1970-01-01", 0],
    [86_400, "1970-01-02", 1],
    [1_893_456_000.5, "2030-01-01", 21_915],
    [-1, "", -1],
  ])("counts the day of expiry %s in UTC", (expires, date, day) => {
    expect(user.params(withDefaults({ expires }), context)).toMatchObject({
      ok: true,
      value: { expires_date: date, expires_day: day },
    });
  });

  it("tells no groups from an empty list of them", () => {
    expect(user.params(withDefaults({}), context)).toMatchObject({ value: { groups: undefined } });
    expect(user.params(withDefaults({ groups: [""] }), context)).toMatchObject({
      value: { groups: [], groups_given: "" },
    });
  });

  it.each([
    [{ name: "" }, "it is empty"],
    [{ name: "a:b" }, "one of : , /"],
    [{ name: "../x" }, "one of : , /"],
    [{ name: ".." }, "name a directory"],
    [{ name: "a\nb" }, "control character"],
    [{ group: "a,b" }, "one of : , /"],
    [{ groups: ["a", "b\0"] }, "control character"],
    [{ password: "" }, "everybody could log in"],
    [{ password: "a:b" }, "shadow(5) cannot hold"],
    [{ password: "a\nroot:x" }, "shadow(5) cannot hold"],
    [{ umask: "0x7" }, "octal"],
    [{ expires: Number.NaN }, "no time"],
  ])("refuses %j", (given, message) => {
    const checked = user.normalize?.(withDefaults(given));
    expect(checked).toMatchObject({ ok: false, error: expect.stringContaining(message) as string });
  });
});
