/** A text that does not parse. Caught where a template is parsed and turned into a value; never leaves `vars/`. */
export class SyntaxProblem extends Error {
  /** Offset into the template's source. */
  readonly offset: number;
  readonly length: number;
  /** What to do instead of a part of the language that is not here. */
  readonly cure: string | undefined;

  constructor(message: string, offset: number, length = 1, cure?: string) {
    super(message);
    this.cure = cure;
    this.offset = offset;
    this.length = length;
  }
}
