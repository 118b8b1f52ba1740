import { setMaxListeners } from "node:events";

const listenersOf = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when a signal fires; gives the way to stop listening. A run has one signal for all of its hosts: an event
 * target looks through all its listeners for each one that comes or goes, a set does not.
 */
export const onAbort = (signal: AbortSignal, listener: () => void): (() => void) => {
  const listeners = listenersOf.get(signal) ?? listenOnce(signal);
  listeners.add(listener);
  return () => listeners.delete(listener);
};

const listenOnce = (signal: AbortSignal): Set<() => void> => {
  const listeners = new Set<() => void>();
  listenersOf.set(signal, listeners);
  setMaxListeners(0, signal);
  signal.addEventListener(
    "abort",
    () => {
      for (const listener of listeners) {
        listeners.delete(listener);
        listener();
      }
    },
    { once: true },
  );
  return listeners;
};
