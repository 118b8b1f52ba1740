import type { ControllerContext, ControllerModule, ControllerResult } from "../module.ts";
import {
  type WaitForConnectionArguments,
  waitForConnectionSchema,
  waitForConnectionReturns,
} from "./wait_for_connection.schema.ts";

/** Waits until the host can be logged in to. */
export const waitForConnection: ControllerModule<WaitForConnectionArguments> = {
  runs: "controller",
  name: "ansible.builtin.wait_for_connection",
  summary: "Waits until the host can be logged in to.",
  schema: waitForConnectionSchema,
  run: (args, context) => (context.check ? { outcome: "skipped", fields: {} } : tryUntilThere(args, context)),
  returns: waitForConnectionReturns,
  examples: `
- name: Wait for the host after its restart
  ansible.builtin.wait_for_connection:
    delay: 10
    timeout: 300
`,
};

const tryUntilThere = async (
  args: WaitForConnectionArguments,
  context: ControllerContext,
): Promise<ControllerResult> => {
  const start = performance.now();
  const passed = (): number => (performance.now() - start) / 1000;
  if (args.delay > 0) await context.wait(args.delay * 1000);
  for (;;) {
    const attempt = await context.tryConnection(args.connect_timeout * 1000);
    const elapsed = Math.trunc(passed());
    if (attempt.ok) return { outcome: "ok", fields: { elapsed } };
    if (passed() + args.sleep >= args.timeout || context.signal.aborted) {
      return {
        outcome: "failed",
        fields: { elapsed, msg: `timed out waiting for ping module test: ${attempt.error}` },
      };
    }
    await context.wait(args.sleep * 1000);
  }
};
