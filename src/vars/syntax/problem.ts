/** A text that does not parse. Caught where a template is parsed and turned into a value; never leaves `vars/`. */
export class SyntaxProblem extends Error {
  /** Offset into the template's source. */
  readonly offset: number;
  readonly length: number;

  constructor(message: string, offset: number, length = 1) {
    super(message);
    this.offset = offset;
    this.length = length;
  }
}
