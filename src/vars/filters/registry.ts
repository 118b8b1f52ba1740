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

const addresses = "take the address apart with split, or write its parts as variables of their own";
const markup = "write `template` a file with the marks in it: nothing here is escaped for HTML";
const windows = "there are no Windows hosts here: use the filter of the same name without win_";
const vaults = "seal it with `latchkey vault encrypt-string`, and write the result as a `!vault` value";

/** Filters of Ansible and Jinja that are deliberately not here, with what to do instead. */
export const refusedFilters: Readonly<Record<string, string>> = {
  json_query: "use map, selectattr and dict2items",
  ipaddr: addresses,
  ipv4: addresses,
  ipv6: addresses,
  ipwrap: addresses,
  ipsubnet: addresses,
  vault: vaults,
  unvault: "a `!vault` value opens by itself; for a file use lookup('unvault', …)",
  fileglob: "use query('fileglob', …)",
  pprint: "use to_nice_json",
  xmlattr: markup,
  safe: markup,
  e: markup,
  escape: markup,
  forceescape: markup,
  striptags: "use regex_replace",
  urlize: markup,
  tojson: "use to_json",
  attr: "write a['name'], or for lists map(attribute='name')",
  filesizeformat: "use human_readable",
  win_basename: windows,
  win_dirname: windows,
  win_splitdrive: windows,
  rekey_on_member: "use items2dict, after a map to key and value",
};
