import { describe, it } from "vitest";
import { cloudMissing } from "./cloud.ts";

const missing = await cloudMissing();

/**
 * A describe block whose tests need a cloud. Where none can run it is skipped with the reason in its title; in CI that
 * is a failure.
 */
export function describeCloud(title: string, body: () => void): void {
  if (missing === undefined) describe(title, body);
  else if (process.env["CI"] === undefined) describe.skip(`${title} (skipped: ${missing})`, body);
  else
    it(title, () => {
      throw new Error(`CI must run this layer: ${missing}`);
    });
}
