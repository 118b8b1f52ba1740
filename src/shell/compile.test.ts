import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile } from "./compile.ts";
import type { PlannedState, ShellParams } from "./program.ts";

const prelude = readFileSync(new URL("prelude.sh", import.meta.url), "utf8");
const plain = { check: false, diff: false, planned: [], environment: {} };

/** Every shell of the four that this machine has; dash, at least, is always there in the tests' set-up. */
const shells = [["dash"], ["bash", "--posix"], ["busybox", "sh"], ["mksh"]].filter(
  ([command = "", ...flags]) => spawnSync(command, [...flags, "-c", ":"]).status === 0,
);

/** What a body printed that got these parameters. */
const run = (
  shell: readonly string[],
  body: string,
  params: ShellParams,
  options: Partial<typeof plain> = {},
): Buffer => {
  const [command = "", ...flags] = shell;
  const program = compile([{ name: "m_test", text: `m_test() {\n${body}\n}\n` }], params, { ...plain, ...options });
  const text = [prelude, ...program.functions.map((fn) => fn.text), program.text].join("\n");
  const result = spawnSync(command, flags, { input: text });
  expect(result.stderr.toString()).toBe("");
  return result.stdout;
};

describe.each(shells.map((shell) => [shell.join(" "), shell] as const))("in %s", (_, shell) => {
  it("any text is the value of a parameter", () => {
    const hostile = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({
        unit: fc.constantFrom("'", "\\", "$", "(", ")", "`", '"', "\n", "\r", "!", "%", "-", "é", "\u001e"),
      }),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        // A lone surrogate is no character that could be sent; a NUL travels as bytes.
        const value = Buffer.from(text.replaceAll("\0", "")).toString();
        expect(run(shell, 'lk_put "$p_x"', { x: value }).toString()).toBe(value);
      }),
      { numRuns: 60 },
    );
  });

  it("any bytes are what the function of a content prints", () => {
    const contents = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.string().map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(contents, (content) => {
        expect(run(shell, "p_x", { x: content })).toEqual(Buffer.from(content));
      }),
      { numRuns: 40 },
    );
  });

  it("lists, numbers, switches and absent options arrive", () => {
    const body = 'lk_put "$p_list_n|$p_list_1|$p_list_2|$p_none_n|$p_number|$p_yes|$p_no|${p_absent-unset}"';
    const params = { list: ["a b", "-c\n"], none: [], number: 7, yes: true, no: false, absent: undefined };
    expect(run(shell, body, params).toString()).toBe("2|a b|-c\n|0|7|1|0|unset");
  });

  it("fields of a result count bytes", () => {
    const body = 'lk_s text "$p_x"; lk_l list -n; lk_l list "$lk_nl"; lk_i number -1; lk_n none; lk_put "$lk_r"';
    expect(run(shell, body, { x: "é–\u{1F600}" }).toString()).toBe(
      "s text 9\né–\u{1F600}\nl list 2\n-n\nl list 1\n\n\ni number 2\n-1\nn none 0\n\n",
    );
  });

  it("finds the last plan of a thing, and says when there is none", () => {
    const planned: readonly PlannedState[] = [
      { kind: "path", key: "/a b", data: "first" },
      { kind: "user", key: "/a b", data: "other" },
      { kind: "path", key: "/a b", data: "last 'one'\n" },
    ];
    const body = 'lk_planned path "/a b" && lk_put "$lk_v"; lk_planned path /a || lk_put "none[$lk_v]"';
    expect(run(shell, body, {}, { planned: [...planned] as never }).toString()).toBe("last 'one'\nnone[]");
  });

  it("an environment reaches the commands of a body", () => {
    expect(run(shell, "env | grep ^LK_TEST=", {}, { environment: { LK_TEST: "a'b" } }).toString()).toBe(
      "LK_TEST=a'b\n",
    );
  });
});

it("refuses a name that is no variable's", () => {
  const body = { name: "m_test", text: "m_test() { :; }\n" };
  expect(() => compile([body], {}, { ...plain, environment: { "x;y": "1" } })).toThrow("not a variable's name");
});

it("refuses a NUL in a text", () => {
  expect(() => run(["dash"], ":", { x: "a\0b" })).toThrow("NUL");
});
