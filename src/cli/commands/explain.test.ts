import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { capturedIo } from "../../../test/helpers/captured-io.ts";
import { diagnosticCodes } from "../../diagnostics/codes.ts";
import { explainCommand } from "./explain.ts";

describe("latchkey explain", () => {
  const explain = (codes: readonly string[], isTTY = false) => {
    const { io, said } = capturedIo("/");
    const code = explainCommand(codes, { ...io, stdout: Object.assign(io.stdout, { isTTY }) });
    return { code, ...said };
  };
  const page = (code: string): string =>
    readFileSync(join(import.meta.dirname, `../../../docs/codes/${code}.md`), "utf8");

  it("prints the page as it is where it is read by a program", () => {
    expect(explain(["V56"])).toEqual({ code: 0, out: page("V56"), err: "" });
    expect(explain(["v56", "V50"]).out).toBe(`${page("V56")}\n${page("V50")}`);
  });

  it("sets the page for a person on a terminal", () => {
    const { out } = explain(["V56"], true);
    expect(out.split("\n")[0]).toBe("\u001b[1mV56: the account by which a host is reached would be removed\u001b[0m");
    expect(out).toContain("\u001b[2mplaybook.yml\u001b[0m\n    - hosts: all\n");
    expect(out).not.toContain("```");
  });

  it("lists all codes", () => {
    const { out } = explain([]);
    expect(out.trimEnd().split("\n")).toHaveLength(Object.keys(diagnosticCodes).length);
    expect(out).toContain("V21  a variable is not defined\n");
  });

  it("knows which codes there are", () => {
    expect(explain(["V99"])).toEqual({
      code: 5,
      out: "",
      err: 'latchkey: there is no code "V99": latchkey explain lists all codes\n',
    });
    expect(explain(["Z21"]).err).toBe('latchkey: there is no code "Z21": did you mean "V21"?\n');
  });
});
