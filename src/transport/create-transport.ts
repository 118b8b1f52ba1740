import { createLocalTransport } from "./local/create-local-transport.ts";
import { createSshTransport, type SshTransportOptions } from "./ssh/create-ssh-transport.ts";
import type { ConnectionTarget, Transport } from "./transport.ts";

/** The way to every kind of target. */
export const createTransport = (options: SshTransportOptions): Transport => {
  const ssh = createSshTransport(options);
  const local = createLocalTransport();
  const wayTo = ({ kind }: ConnectionTarget): Transport => (kind === "local" ? local : ssh);
  return {
    connect: (target, signal) => wayTo(target).connect(target, signal),
    tryLogin: (target, signal) => wayTo(target).tryLogin(target, signal),
  };
};
