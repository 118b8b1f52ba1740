import { setMaxListeners } from "node:events";

/**
 * Listens to a signal; call the result to stop. One signal serves every step of a fleet: Node would warn of a leak at
 * the eleventh listener.
 */
export const onAbort = (signal: AbortSignal, listener: () => void): (() => void) => {
  setMaxListeners(0, signal);
  signal.addEventListener("abort", listener, { once: true });
  return () => signal.removeEventListener("abort", listener);
};
