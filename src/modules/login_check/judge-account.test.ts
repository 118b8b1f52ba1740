import { describe, expect, it } from "vitest";
import { type Account, type AccountSurroundings, judgeAccount } from "./judge-account.ts";

const account: Account = {
  name: "sup",
  home: "/home/sup",
  shell: "/bin/sh",
  isPlanned: false,
  shellState: "ok",
  hasHome: true,
  isLocked: false,
  expiresDay: undefined,
  changedDay: undefined,
  maxDays: undefined,
};
const around: AccountSurroundings = { today: 20_000, usesPam: true, isChrooted: false, hasFileElsewhere: false };

const blockers = (own: Partial<Account>, of: Partial<AccountSurroundings> = {}): number =>
  judgeAccount({ ...account, ...own }, { ...around, ...of }).blockers.length;

describe("judgeAccount", () => {
  it("D2: lets an account end at the start of its last day with PAM, at the end of it without", () => {
    expect(blockers({ expiresDay: 20_001 })).toBe(0);
    expect(blockers({ expiresDay: 20_000 })).toBe(1);
    expect(blockers({ expiresDay: 20_000 }, { usesPam: false })).toBe(0);
    expect(blockers({ expiresDay: 19_999 }, { usesPam: false })).toBe(1);
  });

  it("D1: minds a locked password only where sshd is there and does without PAM", () => {
    expect(blockers({ isLocked: true })).toBe(0);
    expect(blockers({ isLocked: true }, { usesPam: undefined })).toBe(0);
    expect(blockers({ isLocked: true }, { usesPam: false })).toBe(1);
  });

  it("D3: does not look for the shell where a chroot has another one", () => {
    expect(blockers({ shellState: "not-executable" })).toBe(1);
    expect(blockers({ shellState: "missing" }, { isChrooted: true })).toBe(0);
    expect(blockers({ shell: "/bin/false" }, { isChrooted: true })).toBe(1);
  });

  it("A3: needs a home only where the keys are in it", () => {
    expect(blockers({ hasHome: false })).toBe(1);
    expect(judgeAccount({ ...account, hasHome: false }, { ...around, hasFileElsewhere: true })).toEqual({
      blockers: [],
      notes: ["/home/sup, the home of sup, is not a directory: a session begins in /"],
    });
  });

  it("D2: says that a password has to be changed", () => {
    const notes = (own: Partial<Account>): number => judgeAccount({ ...account, ...own }, around).notes.length;
    expect(notes({ changedDay: 0 })).toBe(1);
    expect(notes({ changedDay: 19_910, maxDays: 90 })).toBe(0);
    expect(notes({ changedDay: 19_909, maxDays: 90 })).toBe(1);
  });
});
