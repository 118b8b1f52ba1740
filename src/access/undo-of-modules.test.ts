import { describe, expect, it } from "vitest";
import { moduleEntries } from "../modules/registry.ts";
import { undoKindOf } from "./undo-of-modules.ts";

describe("undoKindOf", () => {
  it("refuses the modules that change what no journal keeps, and no others", () => {
    const refused = moduleEntries().filter(({ shortName }) => undoKindOf(shortName) === "impossible");
    expect(refused.map(({ shortName }) => shortName)).toEqual(["service", "systemd_service"]);
  });

  it("takes a controller's module for one that changes no host", async () => {
    for (const entry of moduleEntries()) {
      const { runs } = await entry.load();
      if (runs === "controller")
        expect([entry.shortName, undoKindOf(entry.shortName)]).toEqual([entry.shortName, "none-needed"]);
    }
  });
});
