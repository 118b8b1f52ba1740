import { describe, it } from "vitest";
import { labMissing, systemdMissing } from "../lab/lab.ts";

/**
 * A describe block whose tests need a lab. Where no lab can run it is skipped with the reason in its title; in CI
 * that is a failure, since a run without this layer proves nothing about real hosts.
 */
export function describeLab(title: string, body: () => void): void {
  const missing = labMissing();
  if (missing === undefined) describe(title, body);
  else if (process.env["CI"] === undefined) describe.skip(`${title} (skipped: ${missing})`, body);
  else
    it(title, () => {
      throw new Error(`CI must run this layer: ${missing}`);
    });
}

/**
 * A describe block whose tests need hosts that systemd has booted. Where the machine permits a lab, but no such hosts,
 * it is skipped with the reason in its title, in CI as well.
 */
export function describeSystemdLab(title: string, body: () => void): void {
  const missing = labMissing() === undefined ? systemdMissing() : undefined;
  if (missing === undefined) describeLab(title, body);
  else describe.skip(`${title} (skipped: ${missing})`, body);
}
