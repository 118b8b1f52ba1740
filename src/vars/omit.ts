/** The value of `omit`: a key or item that renders to it leaves its container; alone it means "as if not given". */
export class Omit {
  readonly kind = "omit";

  toString(): string {
    return "omit";
  }
}

/** The only `Omit` there is; compare with `===`. */
export const OMIT = new Omit();
