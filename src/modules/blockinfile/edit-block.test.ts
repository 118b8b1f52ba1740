import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BlockinfileArguments } from "./blockinfile.schema.ts";
import { editBlock } from "./edit-block.ts";

const defaults: BlockinfileArguments = {
  path: "/x",
  state: "present",
  block: "",
  marker: "#{mark}",
  marker_begin: "<",
  marker_end: ">",
  create: false,
  backup: false,
  append_newline: false,
  prepend_newline: false,
  unsafe_writes: false,
  encoding: "utf-8",
};

const edit = (text: string | undefined, args: Partial<BlockinfileArguments>): string => {
  const view = text === undefined ? undefined : Buffer.from(text).toString("latin1");
  const result = editBlock(view, { ...defaults, ...args });
  return result.ok ? `${result.value.msg}|${Buffer.from(result.value.text, "latin1").toString()}` : result.error;
};

// The outcomes are what ansible-core 2.14 gives for the same arguments, but for the two newline options (2.16).
describe("editBlock", () => {
  it.each<[string | undefined, Partial<BlockinfileArguments>, string]>([
    [undefined, { block: "x" }, "File created|#<\nx\n#>\n"],
    ["a", { block: "é\n" }, "Block inserted|a\n#<\né\n#>\n"],
    ["#<\nold\n#>\nb\n", { block: "x" }, "Block inserted|#<\nx\n#>\nb\n"],
    ["#>\nold\n#<\nb\n", { block: "x" }, "Block inserted|#<\nx\n#>\nb\n"],
    ["#<\nx\n#>\n", { block: "x" }, "|#<\nx\n#>\n"],
    ["#<\nx\n#>", { block: "x" }, "Block inserted|#<\nx\n#>\n#<\nx\n#>\n"],
    ["a\n#<\nx\n#>\nb\n", { state: "absent" }, "Block removed|a\nb\n"],
    ["a\n#<\nx\n#>\nb\n", { block: "" }, "Block removed|a\nb\n"],
    ["a\nb\n", { state: "absent", block: "x" }, "|a\nb\n"],
    ["a\nb\na\n", { block: "x", insertafter: "b" }, "Block inserted|a\nb\n#<\nx\n#>\na\n"],
    ["a\nb\na\n", { block: "x", insertbefore: "a" }, "Block inserted|a\nb\n#<\nx\n#>\na\n"],
    ["a\nb\n", { block: "x", insertbefore: "BOF" }, "Block inserted|#<\nx\n#>\na\nb\n"],
    ["a\nb\nc\n", { block: "x", insertafter: "(?m)^a\\nb$" }, "Block inserted|a\nb\n#<\nx\n#>\nc\n"],
    ["a\nb\nc\n", { block: "x", insertbefore: "(?m)^b\\nc" }, "Block inserted|a\n#<\nx\n#>\nb\nc\n"],
    ["a\nb\n", { block: "x", insertbefore: "b", append_newline: true }, "Block inserted|a\n#<\nx\n#>\n\nb\n"],
    ["a\nb\n", { block: "x", prepend_newline: true, append_newline: true }, "Block inserted|a\nb\n\n#<\nx\n#>\n"],
  ])("%j with %j", (text, args, expected) => {
    expect(edit(text, args)).toBe(expected);
  });

  it("taking out what was put in gives the text back, and putting it in twice changes nothing", () => {
    const lines = fc
      .array(fc.constantFrom("a", "b", "", "# a", "é"), { minLength: 1 })
      .map((texts) => texts.join("\n"));
    fc.assert(
      fc.property(
        lines,
        fc.string(),
        fc.constantFrom({}, { insertafter: "b" }, { insertbefore: "BOF" }),
        (body, block, where) => {
          fc.pre(block !== "" && !/[\r\n]/.test(block) && !block.includes("#"));
          const text = `${body}\n`;
          const once = edit(text, { block, ...where }).replace("Block inserted|", "");
          expect(edit(once, { block, ...where })).toBe(`|${once}`);
          expect(edit(once, { state: "absent" })).toBe(`Block removed|${text}`);
        },
      ),
    );
  });
});
