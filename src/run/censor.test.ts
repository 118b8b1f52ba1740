import { describe, expect, it } from "vitest";
import { hiddenFailure } from "./censor.ts";

describe("hiddenFailure", () => {
  it.each(["module", "template", "program", "internal"] as const)("hides what a failure of kind %s says", (kind) => {
    const failure = hiddenFailure({ kind, message: "it said: s3cret", hint: "s3cret" });
    expect(failure.kind).toBe(kind);
    expect(JSON.stringify(failure)).not.toContain("s3cret");
  });

  it.each(["unreachable", "sudo", "host-key", "protocol"] as const)("keeps cause and cure of kind %s", (kind) => {
    const failure = { kind, message: "why", hint: "what to do" };
    expect(hiddenFailure(failure)).toEqual(failure);
  });
});
