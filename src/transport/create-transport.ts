import { createLocalTransport } from "./local/create-local-transport.ts";
import { createSshTransport, type SshTransportOptions } from "./ssh/create-ssh-transport.ts";
import type { Transport } from "./transport.ts";

/** The way to every kind of target. */
export const createTransport = (options: SshTransportOptions): Transport => {
  const ssh = createSshTransport(options);
  const local = createLocalTransport();
  return { connect: (target, signal) => (target.kind === "local" ? local : ssh).connect(target, signal) };
};
