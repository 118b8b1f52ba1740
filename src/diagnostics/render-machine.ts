import { type DiagnosticCode, diagnosticCodes } from "./codes.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { Span } from "../source/source-file.ts";

/** A finding as other programs read it; lines and columns count from 1, and the end is the column behind the last one. */
export interface MachineDiagnostic {
  readonly code: DiagnosticCode;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly hint?: string;
  readonly place?: MachinePlace;
  /** What mends it: a text in this place. */
  readonly edit?: { readonly text: string; readonly place: MachinePlace };
  readonly related?: readonly { readonly message: string; readonly place: MachinePlace }[];
}

interface MachinePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A finding without what only this program knows; `shorten` makes a path what the reader of it expects. */
export const machineDiagnostic = (
  { code, severity, message, hint, span, edit, related }: Diagnostic,
  shorten: (path: string) => string,
): MachineDiagnostic => ({
  code,
  severity,
  message,
  ...(hint === undefined ? {} : { hint }),
  ...(span === undefined ? {} : { place: placeOf(span, shorten) }),
  ...(edit === undefined ? {} : { edit: { text: edit.text, place: placeOf(edit.span, shorten) } }),
  ...(related === undefined
    ? {}
    : { related: related.map((other) => ({ message: other.message, place: placeOf(other.span, shorten) })) }),
});

const placeOf = ({ file, start, end }: Span, shorten: (path: string) => string): MachinePlace => {
  const [first, last] = [file.position(start), file.position(Math.max(start, end))];
  return {
    file: shorten(file.path),
    line: first.line,
    column: first.column,
    endLine: last.line,
    endColumn: last.column,
  };
};

/** Findings as SARIF 2.1.0, which code hosts and editors take in. Source: OASIS, sarif-v2.1.0. */
export const renderSarif = (found: readonly MachineDiagnostic[], version: string): string => {
  const codes = [...new Set(found.map(({ code }) => code))].toSorted();
  return `${JSON.stringify(
    {
      $schema: "https://json.schemastore.org/sarif-2.1.0.json",
      version: "2.1.0",
      runs: [
        {
          tool: {
            driver: {
              name: "latchkey",
              version,
              rules: codes.map((id) => ({ id, shortDescription: { text: diagnosticCodes[id] } })),
            },
          },
          // Columns count UTF-16 units, as editors do.
          columnKind: "utf16CodeUnits",
          results: found.map((one) => ({
            ruleId: one.code,
            ruleIndex: codes.indexOf(one.code),
            level: one.severity,
            message: { text: one.hint === undefined ? one.message : `${one.message}\n${one.hint}` },
            locations: one.place === undefined ? [] : [{ physicalLocation: physicalLocation(one.place) }],
            ...(one.edit === undefined ? {} : { fixes: [fixOf(one.edit)] }),
            ...(one.related === undefined
              ? {}
              : {
                  relatedLocations: one.related.map(({ message, place }, index) => ({
                    id: index,
                    message: { text: message },
                    physicalLocation: physicalLocation(place),
                  })),
                }),
          })),
        },
      ],
    },
    null,
    2,
  )}\n`;
};

const physicalLocation = (place: MachinePlace) => ({
  artifactLocation: artifactLocation(place),
  region: region(place),
});

const artifactLocation = ({ file }: MachinePlace) => ({ uri: file.split("/").map(encodeURIComponent).join("/") });

const region = ({ line, column, endLine, endColumn }: MachinePlace) => ({
  startLine: line,
  startColumn: column,
  endLine,
  endColumn,
});

const fixOf = ({ text, place }: NonNullable<MachineDiagnostic["edit"]>) => ({
  description: { text: `write ${text}` },
  artifactChanges: [
    {
      artifactLocation: artifactLocation(place),
      replacements: [{ deletedRegion: region(place), insertedContent: { text } }],
    },
  ],
});

/** A finding as a workflow command of GitHub's Actions, which shows it beside the line. Source: GitHub's documentation. */
export const renderGithub = ({ code, severity, message, hint, place }: MachineDiagnostic): string => {
  const properties =
    place === undefined
      ? ""
      : ` file=${property(place.file)},line=${place.line},col=${place.column},endLine=${place.endLine},title=${code}`;
  return `::${severity}${properties}::${data(hint === undefined ? message : `${message}\n${hint}`)}\n`;
};

const data = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
