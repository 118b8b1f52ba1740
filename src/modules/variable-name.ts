const pythonKeywords = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from global " +
    "if import in is lambda nonlocal not or pass raise return try while with yield"
  ).split(" "),
);

/** Whether a text can name a variable: an ASCII identifier of Python's that is not one of its keywords. */
export const isVariableName = (text: string): boolean =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) && !pythonKeywords.has(text);
