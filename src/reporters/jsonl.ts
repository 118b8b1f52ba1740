import type { Event, Reporter } from "../events/event.ts";
import { flush, type ReporterOutput } from "./output.ts";

/**
 * Every event as one line of JSON, for programs; schemas/event.schema.json describes it. A line is one write, so a
 * reader never sees half of one, and `close` waits for a slow reader to take the last.
 */
export const createJsonlReporter = (stdout: ReporterOutput): Reporter => {
  let gone = false;
  return {
    on: (event) => {
      // A reader that closed its end wants no more; the run goes on.
      if (gone) return;
      stdout.write(`${toJson(event)}\n`, (error) => {
        gone ||= error !== undefined && error !== null;
      });
    },
    close: async () => flush(stdout),
  };
};

/** JSON may hold these as they are; a terminal that shows the stream may not. */
const unsafe = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

const toJson = (event: Event): string =>
  JSON.stringify(event).replaceAll(unsafe, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
