import { describe, expect, it } from "vitest";
import { loopKeywords } from "../playbook/keywords.ts";
import { lookupNames } from "../vars/lookups.ts";
import { runPlaybook } from "../../test/helpers/run-playbook.ts";

/** What the items of a loop show. */
const shown = async (loop: string, message: string): Promise<readonly unknown[]> => {
  const task = `- { name: a, debug: { msg: "{{ ${message} }}" }, ${loop}, register: r }`;
  const play = `- hosts: h1\n  gather_facts: false\n  vars: { people: [{ name: x, keys: [k1, k2] }, { name: y }] }\n  tasks:\n    ${task}\n`;
  const ran = await runPlaybook(play, ["h1", "h2"]);
  return ran.events.flatMap((event) => (event.type === "step.item" ? [event.result["msg"]] : []));
};

describe("loops over lookups", () => {
  it("each has its lookup", () => {
    const lookups = Object.keys(loopKeywords).map((name) => name.replace(/^with_/, ""));
    expect(lookups.filter((name) => !lookupNames.includes(name))).toEqual([]);
  });

  // What ansible-playbook 2.14 makes of the same terms.
  it.each([
    ["with_items: [1, [2, [3]]]", "item", [1, 2, [3]]],
    ["with_items: one", "item", ["one"]],
    ["with_list: [1, [2, [3]]]", "item", [1, [2, [3]]]],
    ["with_flattened: [1, [2, [3]]]", "item", [1, 2, 3]],
    ["with_dict: { a: 1, b: 2 }", "item.key ~ item.value", ["a1", "b2"]],
    ["with_sequence: start=1 end=3 stride=2 format=x%02d", "item", ["x01", "x03"]],
    [
      "with_together: [[1, 2], [a]]",
      "item",
      [
        [1, "a"],
        [2, null],
      ],
    ],
    [
      "with_nested: [[1, 2], [a, b]]",
      "item",
      [
        [1, "a"],
        [1, "b"],
        [2, "a"],
        [2, "b"],
      ],
    ],
    [
      "with_cartesian: [[1], [2, 3]]",
      "item",
      [
        [1, 2],
        [1, 3],
      ],
    ],
    [
      "with_indexed_items: [a, [b, c]]",
      "item",
      [
        [0, "a"],
        [1, "b"],
        [2, "c"],
      ],
    ],
    ["with_random_choice: [z, z]", "item", ["z"]],
    ["with_lines: printf 'a\\nb\\n'", "item", ["a", "b"]],
    ["with_inventory_hostnames: 'all:!h1'", "item", ["h2"]],
    ["with_first_found: ['{{ nothing }}', /etc/passwd]", "item", ["/etc/passwd"]],
    ["with_fileglob: [/etc/passwd, /etc/no-such-*]", "item", ["/etc/passwd"]],
    [
      "with_subelements: ['{{ people }}', keys, { skip_missing: true }]",
      "[item.0, item.1]",
      [
        [{ name: "x" }, "k1"],
        [{ name: "x" }, "k2"],
      ],
    ],
  ])("%s", async (loop, message, expected) => {
    expect(await shown(loop, message)).toEqual(expected);
  });

  it("of files none of which is there, the task is skipped where that is allowed, and fails elsewhere", async () => {
    const play = (skip: boolean): string =>
      `- hosts: all\n  gather_facts: false\n  tasks:\n    - { name: a, debug: {}, with_first_found: [{ files: [no-such], skip: ${skip} }] }\n`;
    expect((await runPlaybook(play(true))).steps).toEqual(["h1 a skipped"]);
    expect((await runPlaybook(play(false))).steps).toEqual(["h1 a failed"]);
  });

  it("a loop with nothing behind it is none", async () => {
    const ran = await runPlaybook(
      "- hosts: all\n  gather_facts: false\n  tasks:\n    - { name: a, debug: {}, loop: }\n",
    );
    expect(ran.steps).toEqual(["h1 a ok"]);
  });
});
