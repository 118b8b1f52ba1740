/** Length of the hash of each method of crypt(5) whose hash has one length. */
const hashLengths: Readonly<Record<string, number>> = { "1": 22, "5": 43, "6": 86 };

/** Whether a text can be a password field of shadow(5): a hash of crypt(5), or one of the words for "no password". */
export const looksHashed = (text: string): boolean => {
  if (/^(?:\*|!|\*{13})$/.test(text)) return true;
  const [before, method, ...parts] = text.split("$");
  const hash = parts.at(-1);
  if (before !== "" || method === undefined || hash === undefined || /[:*!]/.test(text)) return false;
  const length = hashLengths[method];
  return length === undefined || hash.length === length;
};
