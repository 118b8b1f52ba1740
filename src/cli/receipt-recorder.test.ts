import { describe, expect, it } from "vitest";
import { EventScript } from "../../test/helpers/events.ts";
import type { HostReceipt, Receipt } from "../access/receipt.ts";
import type { Plain } from "../vars/value.ts";
import { createReceiptRecorder } from "./receipt-recorder.ts";

const undo = { action: "latchkey.access.grant_undo" } as const;
const failure = (message: string) => ({ kind: "module", message }) as const;

const receiptOf = (script: EventScript): Receipt | undefined => {
  const recorder = createReceiptRecorder();
  for (const event of script.events) recorder.on(event);
  return recorder.receipt("kim");
};
const script = (...hosts: readonly string[]): EventScript => new EventScript().run().play("Revoke", hosts);
const hostOf = (of: EventScript): HostReceipt | undefined => receiptOf(of.endRun())?.hosts[0];

describe("the receipt of a run", () => {
  it("tells of a login that was refused, and keeps what was taken back before it", () => {
    const run = script("vm1")
      .step("Take grants back", "vm1", "changed", { ...undo, result: { grants: ["ops-1"], checks: ["a: clean"] } })
      .step("Take grants back", "vm1", "ok", undo)
      .step("Try to log in", "vm1", "ok", {
        action: "latchkey.access.login",
        result: { user: "support", login: "refused" },
      });
    expect(hostOf(run)).toMatchObject({
      outcome: "closed",
      grants: ["ops-1"],
      checks: ["Try to log in: login as support refused", "a: clean"],
    });
  });

  it("is what each host said, by name, with where it was reached", () => {
    const said: Readonly<Record<string, Plain>> = {
      changed: true,
      grants: ["ops-1"],
      tickets: ["OPS-1"],
      undone: ["account support removed"],
      kept: ["/etc/x: it was changed since"],
      checks: ["/etc/passwd: clean", "files: /opt/x"],
      residue: ["files: /opt/x"],
    };
    const run = script("vm2", "vm1")
      .add({ type: "host.connect", host: "vm2", address: "192.0.2.2", port: 22, user: "ops" })
      .step("Take grants back", "vm2", "changed", { ...undo, result: said })
      .step("Take grants back", "vm1", "ok", undo)
      .endRun();
    expect(receiptOf(run)).toEqual({
      v: 1,
      kind: "latchkey.receipt",
      at: run.events.at(-1)?.at,
      by: "kim",
      run: "r1",
      clean: false,
      hosts: [
        {
          host: "vm1",
          address: "",
          outcome: "nothing-there",
          grants: [],
          tickets: [],
          undone: [],
          kept: [],
          checks: [],
          residue: [],
          problems: [],
        },
        {
          host: "vm2",
          address: "192.0.2.2",
          outcome: "closed",
          grants: said["grants"],
          tickets: said["tickets"],
          undone: said["undone"],
          kept: said["kept"],
          checks: said["checks"],
          residue: said["residue"],
          problems: [],
        },
      ],
    });
  });

  it("has a host that was not reached, and is not clean for it", () => {
    const run = script("vm1", "vm2").step("Take grants back", "vm1", "changed", undo).lost("vm2", "no route").endRun();
    expect(receiptOf(run)).toMatchObject({
      clean: false,
      hosts: [
        { host: "vm1", outcome: "closed" },
        { host: "vm2", outcome: "unreachable", problems: ["no route"] },
      ],
    });
  });

  it("does not call closed what was lost or failed after its grants were taken back", () => {
    const taken = () => script("vm1").step("Take grants back", "vm1", "changed", undo);
    expect(hostOf(taken().lost("vm1", "reset"))).toMatchObject({ outcome: "unreachable", problems: ["reset"] });
    const failed = taken().step("Remove", "vm1", "failed", { failure: failure("in use") });
    expect(hostOf(failed)).toMatchObject({ outcome: "failed", problems: ["Remove: in use"] });
    const ignored = taken().step("Remove", "vm1", "failed", { failure: failure("in use"), ignored: true });
    expect(hostOf(ignored)).toMatchObject({ outcome: "closed", problems: [] });
  });

  it("says once what could not be taken back", () => {
    const result = { grants: ["ops-1"], problems: ["account support: it is logged in"] };
    const told = { ...undo, result, failure: failure("something could not be taken back: it is logged in") };
    expect(hostOf(script("vm1").step("Take grants back", "vm1", "failed", told))).toMatchObject({
      outcome: "failed",
      grants: ["ops-1"],
      problems: ["account support: it is logged in"],
    });
    const silent = { ...undo, failure: failure("no sudo") };
    expect(hostOf(script("vm1").step("Take grants back", "vm1", "failed", silent))).toMatchObject({
      problems: ["Take grants back: no sudo"],
    });
  });

  it("takes silence for a failure, whether the run ended before the host's turn or within it", () => {
    const problems = ["the run ended before this host said that it was done"];
    expect(hostOf(script("vm1"))).toMatchObject({ outcome: "failed", problems });
    const cancelled = script("vm1").step("Take grants back", "vm1", "cancelled", undo);
    expect(hostOf(cancelled)).toMatchObject({ outcome: "failed", problems });
  });

  it("names what was taken away that no grant had made", () => {
    const run = script("vm1").step("Take grants back", "vm1", "ok", undo).step("Remove the account", "vm1", "changed");
    expect(hostOf(run)).toMatchObject({ outcome: "closed", undone: ["Remove the account"] });
  });

  it("takes anything that a host says for texts, or for nothing", () => {
    const result = { grants: "ops-1", tickets: { a: 1 }, residue: [1, "", "x", ["y"]], checks: null };
    expect(hostOf(script("vm1").step("Take grants back", "vm1", "changed", { ...undo, result }))).toMatchObject({
      grants: ["ops-1"],
      tickets: [],
      residue: ["x"],
      checks: [],
    });
  });

  it("is none where nothing was run", () => {
    expect(receiptOf(new EventScript())).toBeUndefined();
    expect(receiptOf(new EventScript().run().endRun())).toBeUndefined();
  });

  it("has what was closed elsewhere for a host, and is not clean where that failed", () => {
    const run = (severity: "note" | "error") =>
      script("vm1", "vm2")
        .step("Take grants back", "vm1", "changed", { ...undo, result: { undone: ["account support removed"] } })
        .step("Take grants back", "vm2", "ok", undo)
        .add({ type: "diagnostic", severity, message: "rule r1", hosts: ["vm1", "elsewhere"] });
    expect(hostOf(run("note"))).toMatchObject({ outcome: "closed", undone: ["account support removed", "rule r1"] });
    expect(hostOf(run("error"))).toMatchObject({ outcome: "failed", problems: ["rule r1"] });
    expect(receiptOf(run("error").endRun())?.hosts.map(({ host }) => host)).toEqual(["vm1", "vm2"]);
  });

  it("puts the two steps of a revoke together that tries a login in between", () => {
    const run = script("vm1")
      .step("Withdraw keys and sudo", "vm1", "changed", { ...undo, result: { undone: ["keys removed"], kept: ["/x"] } })
      .step("Try to log in", "vm1", "ok", {
        action: "latchkey.access.login",
        result: { user: "support", login: "refused" },
      })
      .step("Take grants back", "vm1", "ok", {
        ...undo,
        result: { grants: ["ops-1"], undone: ["account support removed"], checks: ["/etc/passwd: clean"] },
      });
    expect(hostOf(run)).toMatchObject({
      outcome: "closed",
      grants: ["ops-1"],
      undone: ["keys removed", "account support removed"],
      kept: ["/x"],
      checks: ["Try to log in: login as support refused", "/etc/passwd: clean"],
    });
  });
});
