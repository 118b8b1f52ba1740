import { describe, expect, it } from "vitest";
import { judgeAccountName } from "./account-name.ts";

describe("judgeAccountName", () => {
  it.each(["support", "support-2", "_svc", "a_b"])("has nothing against %s", (name) => {
    expect(judgeAccountName(name)).toBeUndefined();
  });

  it.each(["root", "sshd", "nobody", "Support", "2nd", "-x", "a.b", "x".repeat(33), "", "a b"])(
    "refuses %j",
    (name) => {
      expect(judgeAccountName(name)).toMatchObject({ severity: "error" });
    },
  );
});
