import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inventoryOf } from "../../test/helpers/inventory-of.ts";
import { groupHosts, groupNames } from "./group-tree.ts";
import { addHost, addToGroup } from "./mutate.ts";
import { OverlayMap } from "./overlay-map.ts";

const { inventory } = inventoryOf("solo\n[web]\nh1 a=1\n[top:children]\nweb\n");

describe("addHost", () => {
  it("adds a host with its groups and variables, and leaves the old inventory as it is", () => {
    const after = addHost(inventory, "new", ["web", "fresh"], { b: "{{ x }}" });
    expect(after.hosts.get("new")).toEqual({ name: "new", vars: { b: "{{ x }}" }, groups: ["web", "fresh"] });
    expect(groupHosts(after, "all")).toEqual(["solo", "new", "h1"]);
    expect(groupNames(after, "new")).toEqual(["fresh", "top", "web"]);
    expect(inventory.hosts.has("new")).toBe(false);
    expect(groupHosts(inventory, "web")).toEqual(["h1"]);
  });

  it("puts a host without groups among the ungrouped", () => {
    expect(addHost(inventory, "new", [], {}).groups.get("ungrouped")?.hosts).toEqual(["solo", "new"]);
  });

  it("changes variables of a host that is there, and nothing where nothing is new", () => {
    expect(addHost(inventory, "h1", [], { a: 2, b: [1] }).hosts.get("h1")?.vars).toEqual({ a: 2, b: [1] });
    expect(addHost(inventory, "h1", ["web"], { a: 1 })).toBe(inventory);
    expect(addHost(inventory, "h1", [], {})).toBe(inventory);
  });
});

describe("addToGroup", () => {
  it("makes the group, below its parents, and takes the host from the ungrouped", () => {
    const after = addToGroup(inventory, "solo", "os_debian", ["linux"]);
    expect(after.groups.get("os_debian")?.hosts).toEqual(["solo"]);
    expect(after.groups.get("linux")?.children).toEqual(["os_debian"]);
    expect(groupNames(after, "solo")).toEqual(["linux", "os_debian"]);
    expect(after.groups.get("ungrouped")?.hosts).toEqual([]);
    expect(groupHosts(after, "all")).toContain("solo");
  });

  it("gives the same inventory where nothing is new", () => {
    const once = addToGroup(inventory, "h1", "g", ["p"]);
    expect(addToGroup(once, "h1", "g", ["p"])).toBe(once);
  });

  it("does not make a circle", () => {
    const after = addToGroup(inventory, "h1", "top", ["web"]);
    expect(after.groups.get("web")?.children).toEqual([]);
  });
});

describe("OverlayMap", () => {
  it("behaves like a copied Map", () => {
    const changes = fc.array(fc.tuple(fc.integer({ min: 0, max: 150 }), fc.integer()), { maxLength: 300 });
    fc.assert(
      fc.property(fc.array(fc.nat(100)), changes, (keys, entries) => {
        const expected = new Map<number, number>(keys.map((key) => [key, -1]));
        let map: ReadonlyMap<number, number> = new Map(expected);
        for (const [key, value] of entries) {
          map = OverlayMap.with(map, key, value);
          expected.set(key, value);
        }
        expect([...map]).toEqual([...expected]);
        expect([...map.keys()]).toEqual([...expected.keys()]);
        expect([...map.values()]).toEqual([...expected.values()]);
        expect(map.size).toBe(expected.size);
        for (let key = 0; key <= 150; key++) {
          expect(map.has(key)).toBe(expected.has(key));
          expect(map.get(key)).toBe(expected.get(key));
        }
        const seen: number[] = [];
        map.forEach((_, key) => seen.push(key));
        expect(seen).toEqual([...expected.keys()]);
      }),
    );
  });
});
