import { templateOptions } from "../lookups.ts";
import { urlOptions } from "../lookups/url.ts";
import { any, listOf, mapWith, str, tupleOf, type Type } from "./type.ts";

/** What is known of a lookup: the options that it takes, and each of its results. */
export interface LookupSignature {
  /** undefined where any is taken. */
  readonly options?: readonly string[];
  readonly item: Type;
}

const lookups: Readonly<Record<string, LookupSignature>> = {
  cartesian: { item: listOf(any) },
  dict: { item: mapWith({ key: str, value: any }) },
  env: { options: ["default"], item: any },
  file: { options: ["rstrip", "lstrip"], item: str },
  fileglob: { item: str },
  first_found: { options: ["files", "paths", "skip"], item: str },
  indexed_items: { item: tupleOf(any, any) },
  items: { item: any },
  lines: { options: [], item: str },
  list: { item: any },
  nested: { item: listOf(any) },
  pipe: { options: [], item: str },
  random_choice: { item: any },
  sequence: { options: ["start", "end", "count", "stride", "format"], item: str },
  subelements: { item: tupleOf(any, any) },
  template: { options: templateOptions, item: any },
  together: { item: listOf(any) },
  url: { options: urlOptions, item: str },
  varnames: { item: str },
  vars: { options: ["default"], item: any },
};

/** What is known of the lookup of a short or fully qualified name. */
export const lookupSignature = (name: string): LookupSignature | undefined => {
  const short = name.replace(/^ansible\.(?:builtin|legacy)\./, "");
  return Object.hasOwn(lookups, short) ? lookups[short] : undefined;
};
