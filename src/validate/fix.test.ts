import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { capturedIo } from "../../test/helpers/captured-io.ts";
import { validateCommand } from "../cli/commands/validate.ts";

describe("latchkey validate --fix", () => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-fix-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const fix = async (text: string | Buffer, format = "text") => {
    const path = join(folder, "site.yml");
    writeFileSync(path, text);
    const { io, said } = capturedIo(folder);
    const code = await validateCommand(["site.yml"], { fix: true, format }, io);
    return { code, ...said, text: readFileSync(path) };
  };
  const tasks = (task: string): string => `- hosts: all\n  vars: { x: 1 }\n  tasks:\n    - ${task}\n`;

  it.each([
    ["a module", "usr: { name: kim }", "user: { name: kim }"],
    ["a module by its full name", "ansible.builtin.usr: { name: kim }", "ansible.builtin.user: { name: kim }"],
    ["an option", "user: { name: kim, shel: /bin/sh }", "user: { name: kim, shell: /bin/sh }"],
    ["a keyword", "debug: { msg: a }\n      whn: x == 1", "debug: { msg: a }\n      when: x == 1"],
    ["a quoted key", `"usr": { name: kim }`, `"user": { name: kim }`],
    ["a template without quotes", "debug:\n        msg: {{ x }} # why", `debug:\n        msg: "{{ x }}" # why`],
    ["one with quotes in it", 'debug:\n        msg: {{ x }} is "x"', `debug:\n        msg: '{{ x }} is "x"'`],
    [
      "two of them",
      "debug: { msg: a }\n      name: {{ x }}\n      loop: {{ [x] }}",
      'debug: { msg: a }\n      name: "{{ x }}"\n      loop: "{{ [x] }}"',
    ],
    ["braces around a condition", `debug:\n      when: "{{ x == 1 }}"`, "debug:\n      when: x == 1"],
    ["braces that stay in quotes", `debug:\n      when: "{{ x in [1, 2] }}"`, `debug:\n      when: "x in [1, 2]"`],
    ["a mode without its zero", "file: { path: /a, mode: 644 }", 'file: { path: /a, mode: "0644" }'],
    ["two slips in a line", "usr: { nme: kim }", "user: { name: kim }"],
  ])("mends %s", async (_what, wrong, right) => {
    const { code, text, out } = await fix(tasks(wrong));
    expect(text.toString()).toBe(tasks(right));
    expect(code).toBe(0);
    expect(out).toMatch(/^(?:site\.yml:\d+:\d+: mended: .* is .* now \[V\d\d\]\n)+nothing wrong was found\n$/);
  });

  it.each([
    ["two things could be meant", "file: { path: /a, stat: x }\n      tag: [a, b]\n      nme: b"],
    ["it is two slips away", "debug: { msg: a }\n      wehnn: x == 1"],
    ["the name is there already", "user: { name: kim, nme: lee }"],
    ["a template is not ended", "debug:\n        msg: {{ x"],
    ["a template goes on in the next line", "debug:\n        msg: {{ x\n          }}"],
    ["a condition in braces is not ended", `debug:\n      when: "{{ x }} == {{ x"`],
  ])("leaves alone what is not certain: %s", async (_what, wrong) => {
    const { code, text } = await fix(tasks(wrong));
    expect(code).toBe(1);
    if (!wrong.includes("tag:")) expect(text.toString()).toBe(tasks(wrong));
  });

  it("keeps every other byte", async () => {
    const before = `\ufeff# é\t\r\n${tasks("usr: { name: kim } #  \u00a0é").replaceAll("\n", "\r\n")}\r\n\r\n#end`;
    const { text } = await fix(before);
    expect(text.toString()).toBe(before.replace("usr", "user"));
  });

  it("writes nothing where it could not read everything", async () => {
    const before = Buffer.concat([Buffer.from(tasks("usr: { name: kim }")), Buffer.from([0x23, 0xff, 0x0a])]);
    const { text, code } = await fix(before);
    expect(text.equals(before)).toBe(true);
    expect(code).toBe(1);
  });

  it("tells other programs of edits, and of what is left", async () => {
    writeFileSync(join(folder, "site.yml"), tasks("usr: { name: kim }"));
    const { io, said } = capturedIo(folder);
    await validateCommand(["site.yml"], { format: "sarif" }, io);
    expect(JSON.parse(said.out)).toMatchObject({
      runs: [
        {
          results: [
            {
              fixes: [
                {
                  artifactChanges: [
                    {
                      artifactLocation: { uri: "site.yml" },
                      replacements: [
                        {
                          deletedRegion: { startLine: 4, startColumn: 7, endLine: 4, endColumn: 10 },
                          insertedContent: { text: "user" },
                        },
                      ],
                    },
                  ],
                },
              ],
            },
          ],
        },
      ],
    });
    const { out, err } = await fix(tasks("usr: { name: kim }"), "json");
    expect(out).toBe("[]\n");
    expect(err).toBe("site.yml:4:7: mended: usr is user now [V10]\n");
  });
});
