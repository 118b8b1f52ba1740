import { describe, expect, it } from "vitest";
import { SourceFile } from "../source/source-file.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { machineDiagnostic, renderGithub, renderSarif } from "./render-machine.ts";

const file = new SourceFile("/srv/my plays/a,b.yml", "- hosts: all\n  tasks:\n    - usr: {}\n");
const start = file.text.indexOf("usr");
const finding: Diagnostic = {
  code: "V10",
  severity: "error",
  message: 'there is no module "usr": 100%',
  hint: 'did you mean "user"?',
  span: { file, start, end: start + 3 },
  related: [{ message: "first here", span: { file, start: 0, end: 7 } }],
};
const machine = machineDiagnostic(finding, (path) => path.replace("/srv/", ""));

describe("a finding for other programs", () => {
  it("has its place from 1 on, and its end behind the last column", () => {
    expect(machine).toEqual({
      code: "V10",
      severity: "error",
      message: 'there is no module "usr": 100%',
      hint: 'did you mean "user"?',
      place: { file: "my plays/a,b.yml", line: 3, column: 7, endLine: 3, endColumn: 10 },
      related: [
        { message: "first here", place: { file: "my plays/a,b.yml", line: 1, column: 1, endLine: 1, endColumn: 8 } },
      ],
    });
  });

  it("may have no place", () => {
    expect(machineDiagnostic({ code: "V40", severity: "warning", message: "no host" }, (path) => path)).toEqual({
      code: "V40",
      severity: "warning",
      message: "no host",
    });
  });

  it("is a workflow command whose text cannot end it", () => {
    expect(renderGithub(machine)).toBe(
      "::error file=my plays/a%2Cb.yml,line=3,col=7,endLine=3,title=V10" +
        '::there is no module "usr": 100%25%0Adid you mean "user"?\n',
    );
  });

  it("is a result of SARIF, with its rule", () => {
    const sarif: unknown = JSON.parse(renderSarif([machine], "1.2.3"));
    expect(sarif).toMatchObject({
      version: "2.1.0",
      runs: [
        {
          tool: { driver: { name: "latchkey", version: "1.2.3", rules: [{ id: "V10" }] } },
          results: [
            {
              ruleId: "V10",
              ruleIndex: 0,
              level: "error",
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: "my%20plays/a%2Cb.yml" },
                    region: { startLine: 3, startColumn: 7, endLine: 3, endColumn: 10 },
                  },
                },
              ],
              relatedLocations: [{ id: 0, message: { text: "first here" } }],
            },
          ],
        },
      ],
    });
  });
});
