import { eventVersion, type Event, type EventBody, type Reporter } from "./event.ts";
import type { Redactor } from "./redact.ts";

/** What an emitter needs to turn a body into an event. */
export interface EmitterOptions {
  /** The run's id. */
  readonly run: string;
  readonly reporters: readonly Reporter[];
  /** Milliseconds since 1970, as `Date.now` gives them. */
  readonly clock: () => number;
  readonly redact: Redactor;
}

/** The one way from the run to those who listen. */
export interface Emitter {
  /** Tells every reporter, in order, without waiting. What comes after `run.end` is dropped: `run.end` is the last. */
  readonly emit: (body: EventBody) => void;
  /** Has reporters leave the terminal alone while a person is asked something; call the result after the answer. */
  readonly suspend: () => () => void;
  /** Resolves when every reporter has written all; gives the messages of reporters that failed untold. Never rejects. */
  readonly close: () => Promise<readonly string[]>;
}

/** Creates an emitter that numbers, dates and redacts events, and takes a reporter that throws off the run. */
export const createEmitter = (options: EmitterOptions): Emitter => {
  const listening = new Set(options.reporters);
  const untold: string[] = [];
  let seq = 0;
  let ended = false;

  const deliver = (body: EventBody): void => {
    seq += 1;
    const event: Event = {
      v: eventVersion,
      run: options.run,
      seq,
      at: new Date(options.clock()).toISOString(),
      ...body,
    };
    const failed: string[] = [];
    for (const reporter of listening) {
      try {
        reporter.on(event);
      } catch (error) {
        listening.delete(reporter);
        failed.push(options.redact.text(`a reporter failed and was taken off: ${messageOf(error)}`));
      }
    }
    for (const message of failed) {
      if (ended || listening.size === 0) untold.push(message);
      else deliver({ type: "diagnostic", severity: "warning", message });
    }
  };

  return {
    emit: (body) => {
      for (const masked of options.redact.redact(body)) {
        if (ended) return;
        ended = masked.type === "run.end";
        deliver(masked);
      }
    },
    suspend: () => {
      const resumes = [...listening].map((reporter) => reporter.suspend?.());
      return () => {
        for (const resume of resumes) resume?.();
      };
    },
    close: async () => {
      // A reporter that was taken off is closed as well: it may hold a terminal or a file.
      const closing = options.reporters.map(async (reporter) => reporter.close());
      for (const result of await Promise.allSettled(closing)) {
        if (result.status === "rejected") {
          untold.push(options.redact.text(`a reporter failed to finish: ${messageOf(result.reason)}`));
        }
      }
      return untold;
    },
  };
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
