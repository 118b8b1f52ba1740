import { describe, expect, it } from "vitest";
import { inventoryOf } from "../../test/helpers/inventory-of.ts";
import { groupNames } from "./group-tree.ts";
import type { AdjacentVars } from "./inventory.ts";
import { hostLayers } from "./layers.ts";

const text = `
x hv=1
[b]
x
[a]
x
[top:children]
a
b
[all:vars]
v=all
[top:vars]
v=top
[a:vars]
v=a
ansible_group_priority=2
[b:vars]
v=b
`;

const folder = (name: string): AdjacentVars => {
  const file = (path: string) => [{ path: `${name}/${path}`, values: { v: path } }];
  return {
    groupVars: new Map([
      ["all", file("all")],
      ["a", file("a")],
      ["b", file("b")],
    ]),
    hostVars: new Map([["x", file("x")]]),
  };
};

describe("hostLayers", () => {
  const inventory = { ...inventoryOf(text).inventory, adjacent: [folder("one"), folder("two")] };

  it("gives the levels of Ansible's order, the weakest first", () => {
    const layers = hostLayers(inventory, "x", folder("play"));
    expect(layers.map(({ level, origin }) => `${level} ${origin}`)).toEqual([
      "3 group all of the inventory",
      "3 group top of the inventory",
      "3 group b of the inventory",
      "3 group a of the inventory",
      "4 one/all",
      "4 two/all",
      "5 play/all",
      "6 one/b",
      "6 one/a",
      "6 two/b",
      "6 two/a",
      "7 play/b",
      "7 play/a",
      "8 host x of the inventory",
      "9 one/x",
      "9 two/x",
      "10 play/x",
    ]);
  });

  it("shares the groups' layers among hosts of the same groups", () => {
    const { inventory: fleet } = inventoryOf("[g]\nh1\nh2\n[g:vars]\na=1\n");
    expect(hostLayers(fleet, "h1", undefined)[0]).toBe(hostLayers(fleet, "h2", undefined)[0]);
  });

  it("gives the implicit localhost what all hosts have, and a connection without SSH", () => {
    const layers = hostLayers(inventory, "localhost", undefined);
    expect(layers.map((layer) => layer.values)).toEqual([
      { v: "all" },
      { v: "all" },
      { v: "all" },
      { ansible_connection: "local", ansible_host: "127.0.0.1" },
    ]);
  });

  it("gives another host of no inventory what all hosts have alone, so that it is reached by SSH", () => {
    const { inventory: small } = inventoryOf("[all:vars]\nv=1\n");
    expect(hostLayers(small, "db9", undefined).map(({ values }) => values)).toEqual([{ v: 1 }]);
  });

  it("names the groups of a host with those above, sorted", () => {
    expect(groupNames(inventory, "x")).toEqual(["a", "b", "top"]);
    expect(groupNames(inventory, "localhost")).toEqual([]);
  });
});
