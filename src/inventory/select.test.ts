import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inventoryOf } from "../../test/helpers/inventory-of.ts";
import { explainUnmatched, selectHosts } from "./select.ts";

const golden = (name: string) => {
  const path = join(import.meta.dirname, "../../test/golden/inventory", name, "hosts.ini");
  return inventoryOf(readFileSync(path, "utf8")).inventory;
};

// What `ansible PATTERN --list-hosts` (ansible-core 2.14) answered for the same inventories, in the same order.
describe("selectHosts", () => {
  const order = golden("ini-order");
  it.each([
    ["all", "solo2 solo1 y1 z1 d1 d2 m1"],
    ["*", "solo2 solo1 y1 z1 d1 d2 m1"],
    ["x", "d1 d2 m1 z1"],
    ["z,y", "z1 m1 y1"],
    ["y,z", "y1 z1 m1"],
    ["z:y", "z1 m1 y1"],
    ["all:!z", "solo2 solo1 y1 d1 d2"],
    ["z:&y", "z1"],
    ["!z", "solo2 solo1 y1 d1 d2"],
    ["&z", "z1 m1"],
    ["&z,&y", "z1"],
    ["y:z:!m1", "y1 z1"],
    ["!m1,y,z", "y1 z1"],
    ["~.*1$", "solo1 z1 m1 y1 d1"],
    ["~(y|z)[0-9]", "z1 y1"],
    ["[yz]1", "z1 y1"],
    ["y*,", "y1 z1"],
    ["z*", "z1 m1"],
    ["z[0]", "z1"],
    ["x[-1]", "z1"],
    ["x[0:1]", "d1 d2"],
    ["x[1:]", "d2 m1 z1"],
    ["*1[0]", "solo1"],
    ["all[-1]", "m1"],
    ["x[9]", ""],
    ["x[3:1]", ""],
    ["!z[0]", "solo2 solo1 y1 d1 d2 m1"],
    ["x,&m*", "m1"],
    ["all,!x,&y", "y1"],
    ["deep:deep2", "d1 d2 m1"],
    ["d1,x", "d1 d2 m1 z1"],
    ["solo1,solo2", "solo1 solo2"],
    ["localhost", "localhost"],
    ["localhost,d1", "localhost d1"],
    ["all:&localhost", ""],
    ["127.0.0.1", "127.0.0.1"],
    ["", "solo2 solo1 y1 z1 d1 d2 m1"],
    [",", "solo2 solo1 y1 z1 d1 d2 m1"],
    [" d1 , y ", "d1 y1 z1"],
  ])("takes %j", (pattern, hosts) => {
    expect(selectHosts(pattern, order)).toEqual({ hosts: hosts.split(" ").filter(Boolean), unmatched: [] });
  });

  const levels = golden("ini-levels");
  it.each([
    ["all", "h1 hq h4 fe80::1 10.0.0.1 h2 h3"],
    ["p1", "h1 h2 h3 h4"],
    ["fe80::1", "fe80::1"],
    ["10.0.0.1:h1", "10.0.0.1 h1"],
    ["h1:q[0:1]", "h1 hq h4"],
    ["h1:q[0]:!hq", "h1"],
    ["h?", "h3 h4 h2 h1 hq"],
    ["h[!1]", "h3 h4 h2 hq"],
    ["h*:!p2", "h3 h1 hq"],
    ["p*[0]", "h1"],
    ["p?[1:2]", "h2 h3"],
    ["~h[12]:q", "h2 h1 hq h4"],
    ["~h1|p", "h1 h2 h3 h4"],
    ["solo:&10.*", "10.0.0.1"],
  ])("takes %j level by level", (pattern, hosts) => {
    expect(selectHosts(pattern, levels)).toEqual({ hosts: hosts.split(" "), unmatched: [] });
  });

  it.each([
    ["nope", ["nope"]],
    ["z,nope,!gone,&far", ["nope", "far", "gone"]],
    ["Z", ["Z"]],
    ["local*", ["local*"]],
    ["h[1:2]", ["h[1:2]"]],
    ["x[:1]", ["x[:1]"]],
    ["x[-2:]", ["x[-2:]"]],
    ["y1:22", ["y1:22"]],
    ["~(", ["~("]],
    ["z:!", [""]],
    ["localhost.localdomain", ["localhost.localdomain"]],
  ])("names what %j does not match", (pattern, unmatched) => {
    expect(selectHosts(pattern, order).unmatched).toEqual(unmatched);
  });

  it("takes several patterns as one", () => {
    expect(selectHosts(["z", "!m1", "y"], order).hosts).toEqual(["z1", "y1"]);
  });

  it("suggests what was meant", () => {
    expect(explainUnmatched("unguoped", order)).toEqual({
      message: 'no host or group matches "unguoped"',
      hint: 'did you mean "ungrouped"?',
    });
    expect(explainUnmatched("~(", order).message).toBe('"(" is not a regular expression');
    expect(explainUnmatched("y1:22", order).hint).toContain("ansible_port");
  });

  it("adds, keeps and takes away like sets, each host once", () => {
    const term = fc.constantFrom("all", "x", "y", "z", "deep", "z1", "m1", "solo*", "x[0:1]", "~.*1", "ungrouped");
    const of = (pattern: string): readonly string[] => selectHosts(pattern, order).hosts;
    fc.assert(
      fc.property(term, term, term, (a, b, c) => {
        expect(of(`${a},${b}`)).toEqual([...new Set([...of(a), ...of(b)])]);
        expect(of(`${a},&${b}`)).toEqual(of(a).filter((host) => of(b).includes(host)));
        expect(of(`${a},!${b}`)).toEqual(of(a).filter((host) => !of(b).includes(host)));
        expect(of(`!${c},&${b},${a}`)).toEqual(of(`${a},&${b},!${c}`));
      }),
    );
  });
});
