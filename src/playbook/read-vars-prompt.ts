import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { entryOf, type MapNode } from "../source/node.ts";
import { toValue } from "../vars/from-node.ts";
import { checkLevel } from "./check-level.ts";
import { promptKeywords } from "./keywords.ts";
import type { VarsPrompt } from "./playbook.ts";

/** The variables that a play asks for, in order; what cannot be read is reported and left out. */
export const readVarsPrompt = (play: MapNode, diagnostics: Diagnostic[]): readonly VarsPrompt[] => {
  const listed = entryOf(play, "vars_prompt")?.value;
  if (listed === undefined || (listed.kind === "scalar" && listed.value === null)) return [];
  const items = listed.kind === "seq" ? listed.items : [listed];
  return items.flatMap((item) => {
    if (item.kind !== "map") {
      const message = "what vars_prompt asks for is a mapping with a name";
      const hint = "write `- name: VARIABLE` with its options below";
      diagnostics.push({ code: "V03", severity: "error", message, span: item.span, hint });
      return [];
    }
    diagnostics.push(...checkLevel("vars_prompt", item));
    const name = entryOf(item, "name")?.value;
    if (name?.kind !== "scalar" || typeof name.value !== "string") return [];
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name.value)) {
      const hint = "a name has letters, digits and underscores, and begins with no digit";
      const message = `"${name.value}" is no name of a variable`;
      diagnostics.push({ code: "V06", severity: "error", message, span: name.span, hint });
      return [];
    }
    const options = item.entries.filter(({ key }) => key.value !== "name" && String(key.value) in promptKeywords);
    const values = Object.fromEntries(options.map(({ key, value }) => [String(key.value), toValue(value)]));
    return [{ name: name.value, options: values, span: name.span }];
  });
};
