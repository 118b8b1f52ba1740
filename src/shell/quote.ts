/**
 * Quotes a text for a POSIX shell: the only function through which a value reaches one.
 *
 * Inside single quotes every character but the single quote stands for itself
 * (POSIX.1-2017, Shell Command Language, 2.2.2).
 *
 * @throws when the text holds a NUL, which no shell variable can carry; such content travels as bytes.
 */
export const quote = (text: string): string => {
  if (text.includes("\0")) throw new Error("Internal error: a NUL cannot be quoted for a shell");
  return `'${text.replaceAll("'", `'\\''`)}'`;
};
