import { readFileSync } from "node:fs";
import type { ShellFunction } from "./program.ts";

/** A library: a file that defines functions for several bodies. It is read when a program first needs it. */
export const shellLibrary = (name: string, url: URL): ShellFunction => lazily(name, () => withoutComments(url));

/** A module's body: a file of statements, which become the function `name`. It is read when a program first needs it. */
export const shellBody = (name: string, url: URL): ShellFunction =>
  lazily(name, () => `${name}() {\n${withoutComments(url)}}\n`);

const lazily = (name: string, read: () => string): ShellFunction => {
  let text: string | undefined;
  return {
    name,
    get text() {
      return (text ??= read());
    },
  };
};

/**
 * Comments and indentation are for readers of the source: a host gets neither, since every byte counts in TCP's first
 * window. So no quoted text of a body may depend on how its lines begin.
 */
export const withoutComments = (url: URL): string =>
  readFileSync(url, "utf8").replaceAll(/^[\t ]*(?:#.*)?\n|^[\t ]+/gm, "");
