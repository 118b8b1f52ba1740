import type { Evaluation } from "../evaluate/evaluation.ts";
import { defined, isList, type Live, Tuple, Undefined } from "../evaluate/live.ts";
import { text } from "../python/text.ts";

/** What `attribute='a.b.0'` picks from an item; an attribute that is not there is undefined. */
export const attributeOf = (item: Live, attribute: Live, evaluation: Evaluation): Live => {
  let value = item;
  const parts = typeof attribute === "number" ? [attribute] : text(attribute).split(".").map(part);
  for (const name of parts) {
    if (value instanceof Undefined) return value;
    value = evaluation.engine.item(value, name, evaluation);
  }
  return value;
};

const part = (name: string): string | number => (/^\d+$/.test(name) ? Number(name) : name);

/** How items are compared in sorting: by an attribute or several (`'a,b'`), texts without regard to case or with. */
export const sortKey = (
  attribute: Live | undefined,
  caseSensitive: boolean,
  evaluation: Evaluation,
): ((item: Live) => Live) => {
  const fold = (value: Live): Live =>
    typeof value === "string" && !caseSensitive ? value.toLowerCase() : isList(value) ? value : defined(value);
  if (attribute === undefined || attribute === null) return fold;
  const names = typeof attribute === "number" ? [attribute] : text(attribute).split(",");
  const [only] = names;
  if (names.length === 1 && only !== undefined) return (item) => fold(attributeOf(item, only, evaluation));
  return (item) => Tuple.fromItems(names.map((name) => fold(attributeOf(item, name, evaluation))));
};
