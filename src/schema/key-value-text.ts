/** Reads `a=1, b="x y"` (separated by commas or spaces, quotes and backslashes as usual) as Ansible reads it for a mapping. */
export const parseKeyValueText = (text: string): Readonly<Record<string, string>> => {
  const pairs: Record<string, string> = {};
  for (const field of splitFields(text)) {
    const at = field.indexOf("=");
    if (at > 0) pairs[field.slice(0, at).trim()] = field.slice(at + 1);
  }
  return pairs;
};

const splitFields = (text: string): readonly string[] => {
  const fields: string[] = [];
  let field = "";
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === "\\" && at + 1 < text.length) field += text.charAt(++at);
    else if (char === quote) quote = "";
    else if (quote === "" && (char === '"' || char === "'")) quote = char;
    else if (quote === "" && /[,\s]/.test(char)) {
      if (field !== "") fields.push(field);
      field = "";
    } else field += char;
  }
  return field === "" ? fields : [...fields, field];
};
