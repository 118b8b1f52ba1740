import { describe, expect, it } from "vitest";
import { type Layer, levels, Scope } from "./scope.ts";

const layer = (level: Layer["level"], origin: string, x: string): Layer => ({ level, origin, values: { x } });

describe("Scope", () => {
  it("lets the stronger level win, in whatever order the layers come", () => {
    const all = levels.map((level) => layer(level, level, level));
    for (const layers of [all, all.toReversed()]) {
      let rest = layers;
      for (const level of levels.toReversed()) {
        expect(Scope.of(rest).lookup("x")).toEqual({ value: level, level, origin: level });
        rest = rest.filter((other) => other.level !== level);
      }
      expect(Scope.of(rest).lookup("x")).toBeUndefined();
    }
  });

  it("lets the later layer of a level win", () => {
    const scope = Scope.of([layer("task vars", "a", "1"), layer("task vars", "b", "2")]);
    expect(scope.lookup("x")?.origin).toBe("b");
    expect(scope.with(layer("task vars", "c", "3")).lookup("x")?.origin).toBe("c");
    expect(scope.with(layer("play vars", "d", "4")).lookup("x")?.origin).toBe("b");
  });

  it("leaves the parent as it was", () => {
    const parent = Scope.of([layer("play vars", "play", "1")]);
    const child = parent.with({ level: "task vars", origin: "task", values: { x: "2", y: "3" } });
    expect(child.lookup("x")?.value).toBe("2");
    expect(parent.lookup("x")?.value).toBe("1");
    expect([...child.names()]).toEqual(["x", "y"]);
    expect([...parent.names()]).toEqual(["x"]);
  });

  it("explains every definition, the one that counts first", () => {
    const scope = Scope.of([
      layer("extra vars", "-e", "1"),
      layer("play vars", "play", "2"),
      layer("role defaults", "r", "3"),
    ]);
    expect(scope.explain("x").map((found) => found.origin)).toEqual(["-e", "play", "r"]);
    expect(scope.explain("toString")).toEqual([]);
  });
});
