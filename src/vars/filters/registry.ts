import type { Filter } from "../evaluate/evaluation.ts";
import { dateFilters } from "./dates.ts";
import { defaultFilters } from "./defaults.ts";
import { encodingFilters } from "./encodings.ts";
import type { FilterTable } from "./filter.ts";
import { hashFilters } from "./hashes.ts";
import { listFilters } from "./lists.ts";
import { mapFilters } from "./maps.ts";
import { numberFilters } from "./numbers.ts";
import { pathFilters } from "./paths.ts";
import { regexFilters } from "./regexes.ts";
import { selectingFilters } from "./selecting.ts";
import { textFilters } from "./texts.ts";
import { urlFilters } from "./urls.ts";

const filters: FilterTable = {
  ...defaultFilters,
  ...numberFilters,
  ...textFilters,
  ...listFilters,
  ...mapFilters,
  ...selectingFilters,
  ...regexFilters,
  ...encodingFilters,
  ...hashFilters,
  ...dateFilters,
  ...pathFilters,
  ...urlFilters,
};

/** The filter of a short or fully qualified (`ansible.builtin.x`) name. */
export const findFilter = (name: string): Filter | undefined => {
  const short = name.replace(/^ansible\.(?:builtin|legacy)\./, "");
  return Object.hasOwn(filters, short) ? filters[short] : undefined;
};

/** The names of all filters. */
export const filterNames: readonly string[] = Object.keys(filters);

/** Filters of Ansible and Jinja that are deliberately not here. */
export const refusedFilters: ReadonlySet<string> = new Set([
  "json_query",
  "ipaddr",
  "ipv4",
  "ipv6",
  "ipwrap",
  "ipsubnet",
  "vault",
  "unvault",
  "fileglob",
  "pprint",
  "xmlattr",
  "safe",
  "e",
  "escape",
  "forceescape",
  "striptags",
  "urlize",
  "tojson",
  "attr",
  "filesizeformat",
  "win_basename",
  "win_dirname",
  "win_splitdrive",
  "rekey_on_member",
]);
