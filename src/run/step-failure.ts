import type { Span } from "../source/source-file.ts";
import type { FailureKind } from "../util/failure.ts";
import type { TemplateError } from "../vars/template.ts";

/** Failures that mean the host is not there for us: Ansible's "unreachable". */
export const unreachableKinds: ReadonlySet<FailureKind> = new Set(["unreachable", "auth", "host-key", "protocol"]);

/** What went wrong in a template, with the place where it is written. */
export const templateFailure = (error: TemplateError, fallback?: Span): string => {
  const span = error.span ?? fallback;
  if (span === undefined) return error.message;
  const { line, column } = span.file.position(span.start);
  return `${error.message} (${span.file.path}:${line}:${column})`;
};
