import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseFreeForm } from "./free-form.ts";

const anyKey = (): boolean => true;
const commandKeys = (key: string): boolean => ["chdir", "creates", "removes", "stdin"].includes(key);

const read = (text: string, isOption: (key: string) => boolean): unknown => {
  const parsed = parseFreeForm(text, isOption);
  if (!parsed.ok) return parsed.error;
  return [Object.fromEntries(parsed.value.pairs.map(({ key, value }) => [key, value])), parsed.value.rest];
};

describe("parseFreeForm", () => {
  // What ansible-core 2.14 was seen to make of the same texts.
  it.each([
    ["id -u chdir=/tmp", [{ chdir: "/tmp" }, "id -u"]],
    ["chdir=/tmp id -u", [{ chdir: "/tmp" }, "id -u"]],
    ["echo a=b  |  cat chdir=/tmp", [{ chdir: "/tmp" }, "echo a=b  |  cat"]],
    ["FOO=1 make", [{}, "FOO=1 make"]],
    ["echo 'chdir=/tmp x'", [{}, "echo 'chdir=/tmp x'"]],
    ["a\n  b chdir=/x\n  c", [{ chdir: "/x" }, "a\n  b c"]],
    ["cat stdin='a b'", [{ stdin: "a b" }, "cat"]],
    ["dd if=/x of=/y", [{}, "dd if=/x of=/y"]],
    ["ls {{ 'a b' if x else \"chdir=/q }}\" }} creates={{ y | default('p q') }}", expect.anything()],
  ])("keeps what is a command of %j", (text, wanted) => {
    expect(read(text, commandKeys)).toEqual(wanted);
  });

  it.each([
    ["name=x state=present", [{ name: "x", state: "present" }, ""]],
    ["msg='a  b' ", [{ msg: "a  b" }, ""]],
    ["msg=a\\nb", [{ msg: "a\nb" }, ""]],
    ["msg=a\\=b", [{ msg: "a\\=b" }, ""]],
    ["msg=a=b verbosity=0", [{ msg: "a=b", verbosity: "0" }, ""]],
    ['msg="say \\"hi\\""', [{ msg: 'say "hi"' }, ""]],
    ["msg={{ a | default('x y') }} z=1", [{ msg: "{{ a | default('x y') }}", z: "1" }, ""]],
    ['msg="{{ d["k"] }} and {% if x %}y{% endif %}"', [{ msg: '{{ d["k"] }} and {% if x %}y{% endif %}' }, ""]],
    ["\\x41=1 b=\\x41\\u00e9\\101 c='\\1\\0'", [{ "\\x41": "1", b: "Aé\\101", c: "\\1\\0" }, ""]],
    ["loose name=x", [{ name: "x" }, "loose"]],
    ["", [{}, ""]],
  ])("reads the pairs of %j", (text, wanted) => {
    expect(read(text, anyKey)).toEqual(wanted);
  });

  it.each(["echo 'open", 'msg="x', "x={{ y", "x={% if"])("refuses %j", (text) => {
    expect(read(text, anyKey)).toMatch(/unbalanced/);
  });

  it("gives back whatever holds no pair", () => {
    const word = fc.stringMatching(/^[a-z$;|&*?/.,:@~-]+$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), fc.stringMatching(/^[ \t\n]{1,3}$/), (words, space) => {
        const text = words.join(space);
        expect(read(text, anyKey)).toEqual([{}, text.trim()]);
      }),
    );
  });
});
