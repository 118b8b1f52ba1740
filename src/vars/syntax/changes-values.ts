/** Python's methods that change the list or mapping that they are called on. */
export const changingMethods = {
  list: ["append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"],
  dict: ["clear", "pop", "popitem", "setdefault", "update"],
} as const;

// What an included file does is not known before it is read.
const words = [...new Set(["include", ...changingMethods.list, ...changingMethods.dict])];
const pattern = new RegExp(String.raw`\b(?:${words.join("|")})\b`);

/** Whether a template or expression may change a list or mapping: by its words alone, so that it is cheap. */
export const mayChangeValues = (source: string): boolean => pattern.test(source);
