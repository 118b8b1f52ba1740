import type { Lookup } from "../evaluate/evaluation.ts";
import { Fault } from "../evaluate/fault.ts";
import { isList, type Live, ownValue, truthy } from "../evaluate/live.ts";
import { findFile } from "../find-file.ts";
import { mapView } from "../python/map-view.ts";
import { text } from "../python/text.ts";

/** One list of file names, and the directories that they are looked for in (none: the usual ones). */
interface Search {
  readonly files: readonly string[];
  readonly paths: readonly string[];
}

/**
 * `lookup('first_found', files, paths=…, skip=…)`: the path of the first file that exists. A term may be a name, a list
 * of names, or a mapping with `files`, `paths` and `skip`.
 */
export const firstFound: Lookup = (terms, options, evaluation) => {
  let skip = truthy(options.get("skip") ?? false);
  const searches: Search[] = [];
  const add = (term: Live): void => {
    const map = mapView(term);
    if (isList(term)) for (const inner of term) add(inner);
    else if (map === undefined) searches.push({ files: [text(term)], paths: names(options.get("paths")) });
    else {
      searches.push({ files: names(ownValue(map, "files")), paths: names(ownValue(map, "paths")) });
      skip ||= truthy(ownValue(map, "skip") ?? false);
    }
  };
  for (const term of terms) add(term);
  const files = names(options.get("files"));
  if (files.length > 0) searches.push({ files, paths: names(options.get("paths")) });
  const found = searches
    .flatMap(({ files: list, paths }) => candidateNames(list, paths))
    .map((name) => {
      const folder = options.has("paths") ? "" : "files";
      return findFile(name, folder, evaluation.context.lookups);
    });
  const path = found.find((candidate) => candidate !== undefined);
  if (path !== undefined) return [path];
  if (skip) return [];
  const tried = searches.flatMap((search) => search.files).join(", ");
  throw new Fault(`No file was found when using first_found: ${tried}`);
};

const candidateNames = (files: readonly string[], paths: readonly string[]): readonly string[] =>
  paths.length === 0
    ? files
    : paths.flatMap((path) => files.map((file) => (file.startsWith("/") ? file : `${path}/${file}`)));

/** A list of names, or a text that holds several, separated by commas, semicolons or colons. */
const names = (value: Live | undefined): readonly string[] => {
  if (value === undefined || value === null) return [];
  if (isList(value)) return value.map(text);
  return text(value)
    .split(/[,;:]/)
    .map((name) => name.trim())
    .filter((name) => name !== "");
};
