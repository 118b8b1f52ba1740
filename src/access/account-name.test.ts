import { describe, expect, it } from "vitest";
import { judgeAccountName } from "./account-name.ts";

describe("judgeAccountName", () => {
  it.each(["support", "support-2", "_svc", "a_b"])("D7: has nothing against %s", (name) => {
    expect(judgeAccountName(name)).toBeUndefined();
  });

  it.each(["root", "sshd", "nobody", "Support", "2nd", "-x", "a.b", "x".repeat(33), "", "a b"])(
    "D7: refuses %j",
    (name) => {
      expect(judgeAccountName(name)).toMatchObject({ severity: "error" });
    },
  );
});
