import { describe, expect, it } from "vitest";
import { parseYaml } from "../source/parse-yaml.ts";
import { SourceFile } from "../source/source-file.ts";
import { toValue } from "./from-node.ts";
import { render, type TemplateContext } from "./template.ts";
import { Template, type Value, type ValueMap } from "./value.ts";

const valueOf = (yaml: string): Value => {
  const { root } = parseYaml(new SourceFile("x.yml", yaml));
  return root === undefined ? null : toValue(root);
};

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
  },
});

describe("toValue", () => {
  it("makes templates of texts with markers, save of unsafe ones", () => {
    const value = valueOf("a: '{{ x }}'\nb: !unsafe '{{ x }}'\nc: plain {x}\n") as ValueMap;
    expect(value["a"]).toBeInstanceOf(Template);
    expect(value["b"]).toBe("{{ x }}");
    expect(value["c"]).toBe("plain {x}");
  });

  it("has merged keys before a mapping's own, as PyYAML has them", () => {
    const { b } = valueOf("a: &x { k: 1, l: 2 }\nb: { z: 0, <<: *x, l: 3 }\n") as { readonly b: ValueMap };
    expect(Object.entries(b)).toEqual([
      ["k", 1],
      ["z", 0],
      ["l", 3],
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
