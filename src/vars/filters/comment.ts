import { Fault } from "../evaluate/fault.ts";
import { filter, requireText } from "./filter.ts";

/** The styles of Ansible's `comment` filter: decoration of a line, and what begins and ends a block. */
const styles: Readonly<Record<string, { readonly line: string; readonly begin: string; readonly end: string }>> = {
  plain: { line: "# ", begin: "", end: "" },
  erlang: { line: "% ", begin: "", end: "" },
  c: { line: "// ", begin: "", end: "" },
  cblock: { line: " * ", begin: "/*", end: " */" },
  xml: { line: " - ", begin: "<!--", end: "-->" },
};

/** `comment(style, newline, beginning, prefix, prefix_count, decoration, postfix, postfix_count, end)`. */
export const comment = filter(
  "style newline beginning prefix prefix_count decoration postfix postfix_count end",
  (value, args) => {
    const style = styles[args.text("style", "plain")];
    if (style === undefined) throw new Fault(`Invalid style '${args.text("style", "")}'.`);
    const newline = args.text("newline", "\n");
    const line = args.text("decoration", style.line);
    const margin = (name: "prefix" | "postfix"): string => {
      const decoration = args.get(name) === undefined ? line.trimEnd() : args.text(name, "");
      return `${decoration}${newline}`.repeat(args.integer(`${name}_count`, 1));
    };
    const optional = (part: string, before: string, after: string): string =>
      part === "" ? "" : before + part + after;
    // Only the decoration of an empty line in between loses its blanks.
    const body = requireText(value, "comment")
      .split(newline)
      .map((content, index, all) => (content === "" && index < all.length - 1 ? line.trimEnd() : line + content))
      .join(newline);
    return (
      optional(args.text("beginning", style.begin), "", newline) +
      margin("prefix") +
      body +
      newline +
      margin("postfix").slice(0, -newline.length || undefined) +
      optional(args.text("end", style.end), newline, "")
    );
  },
);
