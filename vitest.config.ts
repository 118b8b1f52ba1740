import { defineConfig } from "vitest/config";

/** One project a layer, so that each runs alone; see src/README.md. */
export default defineConfig({
  test: {
    projects: [
      // Each file in an isolate of its own costs more than the tests; and what they share, a run of the program shares.
      { test: { name: "unit", include: ["src/**/*.test.ts"], testTimeout: 20_000, isolate: false, maxWorkers: 2 } },
      {
        test: {
          name: "compare",
          include: ["test/compare/**/*.test.ts"],
          testTimeout: 300_000,
          maxWorkers: 2,
          maxConcurrency: 4,
        },
      },
      { test: { name: "golden", include: ["test/golden/**/*.test.ts"], maxWorkers: 2 } },
      { test: { name: "shell", include: ["test/shell/**/*.test.ts"], testTimeout: 60_000, maxWorkers: 2 } },
      { test: { name: "transport", include: ["test/transport/**/*.test.ts"], testTimeout: 30_000, maxWorkers: 2 } },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          // A lab leaves one of two processors idle. After the others, which leave none.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "openstack",
          include: ["test/openstack/**/*.test.ts"],
          testTimeout: 60_000,
          // On a machine's first time the cloud is installed, and its packages downloaded.
          hookTimeout: 600_000,
          // Beside the labs: a cloud is idle while its client computes, and the other way round.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
