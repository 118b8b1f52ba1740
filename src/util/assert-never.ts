/** Marks a place that the compiler proves unreachable: every member of a closed union was handled before it. */
export const assertNever = (value: never): never => {
  throw new Error(`Internal error: unexpected ${JSON.stringify(value)}`);
};
