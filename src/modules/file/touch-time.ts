import { err, ok, type Result } from "../../util/result.ts";

const directives: Readonly<Record<string, { readonly name: string; readonly pattern: string }>> = {
  Y: { name: "Y", pattern: "\\d{4}" },
  m: { name: "m", pattern: "\\d{1,2}" },
  d: { name: "d", pattern: "\\d{1,2}" },
  H: { name: "H", pattern: "\\d{1,2}" },
  M: { name: "M", pattern: "\\d{1,2}" },
  S: { name: "S", pattern: "\\d{1,2}" },
};

/** A time option as `touch -t` takes it (`YYYYMMDDhhmm.SS`, in the host's time zone); `now` and `preserve` stay. */
export const touchTime = (text: string | undefined, format: string): Result<string | undefined, string> => {
  if (text === undefined || text === "now" || text === "preserve") return ok(text);
  const wrong = err(`Error while obtaining timestamp for time ${text} using format ${format}`);
  let pattern = "";
  for (const part of format.match(/%.|[^%]+|%$/g) ?? []) {
    const directive = part.startsWith("%") ? directives[part.charAt(1)] : undefined;
    if (directive !== undefined) pattern += `(?<${directive.name}>${directive.pattern})`;
    else if (part.startsWith("%") && part !== "%%") return wrong;
    else pattern += (part === "%%" ? "%" : part).replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  }
  const groups = new RegExp(`^${pattern}$`).exec(text)?.groups;
  if (groups === undefined) return wrong;
  const field = (name: string, other: string): string => (groups[name] ?? other).padStart(2, "0");
  const date = `${field("Y", "1900")}${field("m", "01")}${field("d", "01")}`;
  return ok(`${date}${field("H", "00")}${field("M", "00")}.${field("S", "00")}`);
};
