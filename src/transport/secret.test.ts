import { inspect } from "node:util";
import { expect, it } from "vitest";
import { createSecret } from "./secret.ts";

it("shows a secret only when it is asked to", () => {
  const secret = createSecret("hunter2");
  const shown = [
    `${String(secret)}`,
    JSON.stringify({ secret }),
    inspect(secret),
    inspect({ secret }, { depth: 9 }),
    Object.keys(secret).join(),
  ];
  expect(shown.join(" ")).not.toContain("hunter2");
  expect([String(secret), JSON.stringify([secret])]).toEqual(["***", '["***"]']);
  expect(secret.reveal()).toBe("hunter2");
});
