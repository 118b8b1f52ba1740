import type { Event, Reporter, StepEnd } from "../events/event.ts";
import type { Plain } from "../vars/value.ts";

/** A row of a table about hosts. */
interface HostRow {
  readonly host: string;
}

/** Makes rows of what the hosts tell: a reporter, and its rows by host, those of one host as they were told. */
export const collectRows = <Row extends HostRow>(
  /** The rows of a step that ended; `module` is the last part of its action's name. */
  rowsOfStep: (end: StepEnd, module: string) => readonly Row[],
): { readonly reporter: Reporter; readonly rows: () => readonly Row[] } => {
  const modules = new Map<number, string>();
  const rows: Row[] = [];
  return {
    reporter: {
      on: (event: Event) => {
        if (event.type === "step.start") modules.set(event.step, event.action.split(".").at(-1) ?? "");
        if (event.type === "step.end") rows.push(...rowsOfStep(event, modules.get(event.step) ?? ""));
      },
      close: () => Promise.resolve(),
    },
    rows: () => rows.toSorted(byHost),
  };
};

/** The order of hosts in a table: vm2 before vm10. */
export const byHost = (a: HostRow, b: HostRow): number => a.host.localeCompare(b.host, "en", { numeric: true });

/** A list in what a host told, as texts. */
export const textsOf = (value: Plain | undefined): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
