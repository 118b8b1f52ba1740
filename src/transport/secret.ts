import { inspect } from "node:util";
import type { Secret } from "./transport.ts";

/** Wraps a text so that printing, logging, joining or serialising it shows `***`. */
export const createSecret = (text: string): Secret => {
  const masked = (): string => "***";
  const secret = { reveal: () => text, toString: masked, toJSON: masked, [inspect.custom]: masked };
  return Object.freeze(secret);
};
