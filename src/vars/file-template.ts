import type { Span } from "../source/source-file.ts";
import type { ScanSyntax } from "./syntax/scan.ts";
import { Template } from "./value.ts";

/** The text of a template's file, which is read by other rules than a value of a playbook. */
export class FileTemplate extends Template {
  readonly syntax: ScanSyntax;

  constructor(source: string, span: Span, syntax: ScanSyntax) {
    super(source, span);
    this.syntax = syntax;
  }
}
