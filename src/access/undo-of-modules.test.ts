import { describe, expect, it } from "vitest";
import { moduleEntries } from "../modules/registry.ts";
import { undoKindOf } from "./undo-of-modules.ts";

describe("undoKindOf", () => {
  it("knows how each module's work is taken back, and refuses what it does not know", () => {
    const refused = moduleEntries().filter(({ shortName }) => undoKindOf(shortName) === "impossible");
    expect(refused).toEqual([]);
    expect(undoKindOf("reboot")).toBe("impossible");
  });

  it("takes a controller's module for one that changes no host", async () => {
    for (const entry of moduleEntries()) {
      const { runs } = await entry.load();
      if (runs === "controller")
        expect([entry.shortName, undoKindOf(entry.shortName)]).toEqual([entry.shortName, "none-needed"]);
    }
  });
});
