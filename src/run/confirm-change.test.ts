import { describe, expect, it } from "vitest";
import type { ProgramResult } from "../shell/program.ts";
import type { Session } from "../transport/transport.ts";
import type { Failure, FailureKind } from "../util/failure.ts";
import { err, ok, type Result } from "../util/result.ts";
import { confirmOverNewConnection } from "./confirm-change.ts";
import type { ModuleCall } from "./run-module.ts";

const answer = (outcome: ProgramResult["outcome"], msg = ""): Result<Session, Failure> => {
  const result = ok({ outcome, fields: { msg }, planned: [], stdout: "", stderr: "" } satisfies ProgramResult);
  return ok({ exec: () => Promise.resolve(result), execAfter: () => Promise.resolve(result) });
};
const failure = (kind: FailureKind): Result<Session, Failure> => err({ kind, message: `no: ${kind}` });

/** The parts of a call that a confirmation uses; each new connection takes the next answer. */
const callWith = (answers: Result<Session, Failure>[]): ModuleCall => {
  const parts = {
    newSession: () => Promise.resolve(answers.shift() ?? failure("unreachable")),
    context: { signal: new AbortController().signal, wait: () => Promise.resolve() },
  };
  return parts as unknown as ModuleCall;
};

describe("confirmOverNewConnection", () => {
  it("says nothing where the host took the confirmation", async () => {
    expect(await confirmOverNewConnection(callWith([answer("ok")]), "t.1", 30)).toEqual(ok(undefined));
  });

  it("tries again while the host cannot be reached", async () => {
    const answers = [failure("unreachable"), failure("timeout"), answer("ok")];
    expect(await confirmOverNewConnection(callWith(answers), "t.1", 30)).toEqual(ok(undefined));
  });

  it("gives the host's reason where it came too late", async () => {
    const late = callWith([answer("failed", "too late")]);
    expect(await confirmOverNewConnection(late, "t.1", 30)).toEqual(ok("too late"));
  });

  it("does not repeat a login that was refused, since the host counts them", async () => {
    const answers = [failure("auth"), answer("ok"), answer("ok")];
    const told = await confirmOverNewConnection(callWith(answers), "t.1", 30);
    expect(told.ok && told.value).toBe(
      "no new connection came within 30 s (no: auth), so the host has taken the change back by itself",
    );
    // One more to see that the host is back.
    expect(answers).toHaveLength(1);
  });

  it("says where the host does not come back", async () => {
    const told = await confirmOverNewConnection(callWith([failure("auth"), failure("auth")]), "t.1", 30);
    expect(told.ok && told.value).toContain("it has not been reached again since");
  });
});
