import { describe, expect, it } from "vitest";
import { parseYaml } from "../source/parse-yaml.ts";
import { SourceFile } from "../source/source-file.ts";
import { toValue } from "./from-node.ts";
import { render, type TemplateContext } from "./template.ts";
import { Template, type Value, type ValueMap, Vaulted } from "./value.ts";

const valueOf = (yaml: string): Value => {
  const { root } = parseYaml(new SourceFile("x.yml", yaml));
  return root === undefined ? null : toValue(root);
};

const ENVELOPE = "$ANSIBLE_VAULT;1.1;AES256";

const contextOf = (variables: ValueMap): TemplateContext => ({
  variable: (name) => variables[name],
  names: () => [],
  lookups: {
    searchPaths: [],
    env: {},
    now: () => new Date(0),
    readFile: () => ({ ok: false, error: "" }),
    fileKind: () => undefined,
    list: () => [],
    isLink: () => false,
    realPath: (path) => path,
    playbookFolder: "/play",
    writeSecret: () => ({ ok: false, error: "no files here" }),
    runPipe: () => ({ ok: false, error: "" }),
    fetchUrl: () => ({ ok: false, error: "" }),
  },
});

describe("toValue", () => {
  it("makes templates of texts with markers, save of unsafe ones", () => {
    const value = valueOf("a: '{{ x }}'\nb: !unsafe '{{ x }}'\nc: plain {x}\n") as ValueMap;
    expect(value["a"]).toBeInstanceOf(Template);
    expect(value["b"]).toBe("{{ x }}");
    expect(value["c"]).toBe("plain {x}");
  });

  it("makes no template within what is unsafe, however deep, and one of all around it", () => {
    const yaml = `a: !unsafe { k: "{{ x }}", l: ["{{ x }}", { m: &m "{{ x }}" }] }
b: [*m, "{{ x }}"]
c: !unsafe
  - "{{ x }}"
d: !unsafe 0644
e: !!str "{{ x }}"
f: { __ansible_unsafe: "{{ x }}" }`;
    const { a, b, c, d, e, f } = valueOf(yaml) as ValueMap;
    expect([a, c, d, f]).toEqual([{ k: "{{ x }}", l: ["{{ x }}", { m: "{{ x }}" }] }, ["{{ x }}"], "0644", "{{ x }}"]);
    expect(b).toEqual(["{{ x }}", expect.any(Template)]);
    expect(e).toBeInstanceOf(Template);
  });

  it("keeps what is vaulted closed until it is used, and takes its content for data", () => {
    const { a, b, c } = valueOf(
      `a: !vault |\n  ${ENVELOPE}\nb: !vault-encrypted ${ENVELOPE}\nc: { __ansible_vault: x }`,
    ) as ValueMap;
    expect([a, b, c]).toEqual([expect.any(Vaulted), expect.any(Vaulted), expect.any(Vaulted)]);
    const context = contextOf({ a: a ?? null, list: [a ?? null] });
    expect(render(new Template("{{ a }}"), context)).toMatchObject({
      ok: false,
      error: { message: "a: what is vaulted cannot be opened here", span: { start: 10 } },
    });
    const open = {
      ...context,
      lookups: { ...context.lookups, openVault: () => ({ ok: true, value: "{{ b }}!" }) as const },
    };
    expect(render(new Template("{{ a }} {{ a | length }} {{ list | join }} {{ a is string }}"), open)).toEqual({
      ok: true,
      value: "{{ b }}! 8 {{ b }}! True",
    });
    expect(render({ deep: [a ?? null] }, open)).toEqual({ ok: true, value: { deep: ["{{ b }}!"] } });
  });

  it.each([
    ["!!int '7'", 7],
    ["!!float '7.5'", 7.5],
    ["!!bool 'yes'", true],
    ["!!null ''", null],
    ["!!str 7", "7"],
    ["!!map { a: 1 }", { a: 1 }],
    ["!!seq [1]", [1]],
  ])("reads %s as PyYAML does", (yaml, value) => {
    expect(parseYaml(new SourceFile("x.yml", `a: ${yaml}`)).problems).toEqual([]);
    expect(valueOf(`a: ${yaml}`)).toEqual({ a: value });
  });

  it("has merged keys before a mapping's own, as PyYAML has them", () => {
    const { b } = valueOf("a: &x { k: 1, l: 2 }\nb: { z: 0, <<: *x, l: 3 }\n") as { readonly b: ValueMap };
    expect(Object.entries(b)).toEqual([
      ["k", 1],
      ["l", 3],
      ["z", 0],
    ]);
  });

  it.each([
    ["8.0", "php8.0", 8],
    ["-1.0", "php-1.0", -1],
    ["8", "php8", 8],
    ["8.5", "php8.5", 8.5],
    ["'8.0'", "php8.0", "8.0"],
    ["1.0e+20", "php1e+20", 1e20],
  ])("keeps %s a float in texts and a number alone", (written, text, alone) => {
    const context = contextOf(valueOf(`version: ${written}`) as ValueMap);
    expect(render(new Template("php{{ version }}"), context)).toEqual({ ok: true, value: text });
    expect(render(new Template("{{ version }}"), context)).toEqual({ ok: true, value: alone });
  });
});
