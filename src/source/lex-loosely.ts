import { Lexer } from "yaml";

/** What the library's lexer does not declare: the indentation that it wants of the lines of what it reads. */
interface LexerParts {
  indentNext: number;
  parseQuotedScalar: () => Generator<string, unknown>;
  parseFlowCollection: () => Generator<string, unknown>;
}

/**
 * The lexemes of a YAML text, read as PyYAML does: lines within quotes and within brackets may begin anywhere, also left of
 * the key that they belong to. YAML's specification (6.1, 7.3.1) wants them further in, but people write so.
 */
export const lexLoosely = (text: string): Iterable<string> => {
  const lexer = new Lexer();
  const parts = lexer as unknown as LexerParts;
  for (const name of ["parseQuotedScalar", "parseFlowCollection"] as const) {
    const strictly = parts[name].bind(parts);
    parts[name] = function* () {
      const { indentNext } = parts;
      parts.indentNext = 0;
      const next = yield* strictly();
      parts.indentNext = indentNext;
      return next;
    };
  }
  return lexer.lex(text);
};
