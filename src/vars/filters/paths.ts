import { posix } from "node:path";
import { Fault } from "../evaluate/fault.ts";
import type { Evaluation } from "../evaluate/evaluation.ts";
import { isList, Tuple } from "../evaluate/live.ts";
import { text } from "../python/text.ts";
import { filter, type FilterTable, requireText, strictTextFilter } from "./filter.ts";

/** Python's `os.path.join`: an absolute part drops what was before it. */
const join = (parts: readonly string[]): string =>
  parts.reduce((path, part) => {
    if (part.startsWith("/")) return part;
    return path === "" || path.endsWith("/") ? path + part : `${path}/${part}`;
  });

/** Python's `os.path.dirname`: what stands before the last slash. */
const dirname = (path: string): string => {
  const head = path.slice(0, path.lastIndexOf("/") + 1);
  return /^\/*$/.test(head) ? head : head.replace(/\/+$/, "");
};

const splitext = (path: string): Tuple => {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.replace(/^\.+/, (dots) => "_".repeat(dots.length)).lastIndexOf(".");
  const at = path.length - name.length + dot;
  return dot <= 0 ? Tuple.of2(path, "") : Tuple.of2(path.slice(0, at), path.slice(at));
};

const normpath = (path: string): string => {
  if (path === "") return ".";
  const normal = posix.normalize(path);
  return normal.length > 1 ? normal.replace(/\/$/, "") : normal;
};

const expandUser = (path: string, evaluation: Evaluation): string => {
  const home = evaluation.context.lookups.env["HOME"];
  return home !== undefined && /^~(?=\/|$)/.test(path) ? home.replace(/\/$/, "") + path.slice(1) : path;
};

const commonpath = (paths: readonly string[]): string => {
  const [first = [], ...others] = paths.map((path) => normpath(path).split("/"));
  const different = first.findIndex((part, index) => others.some((other) => other[index] !== part));
  const shared = first.slice(0, different === -1 ? first.length : different).join("/");
  return shared === "" && paths[0]?.startsWith("/") === true ? "/" : shared;
};

/** Filters about paths, all of them on the controller. */
export const pathFilters: FilterTable = {
  basename: strictTextFilter("basename", (value) => value.slice(value.lastIndexOf("/") + 1)),
  dirname: strictTextFilter("dirname", dirname),
  splitext: strictTextFilter("splitext", splitext),
  normpath: strictTextFilter("normpath", normpath),
  path_join: filter("", (value) => {
    const parts = (isList(value) ? value : [value]).map((part) => requireText(part, "path_join"));
    if (parts.length === 0) throw new Fault("path_join needs at least one part");
    return join(parts);
  }),
  realpath: filter("", (value, _args, evaluation) =>
    evaluation.context.lookups.realPath(requireText(value, "realpath")),
  ),
  relpath: filter("start", (value, args, evaluation) => {
    const path = requireText(value, "relpath");
    if (path === "") throw new Fault("relpath: no path specified");
    const here = evaluation.context.lookups.realPath(".");
    return posix.relative(posix.resolve(here, args.text("start", ".")), posix.resolve(here, path)) || ".";
  }),
  commonpath: filter("", (value, _args, evaluation) => commonpath(evaluation.items(value).map(text))),
  expanduser: filter("", (value, _args, evaluation) => expandUser(requireText(value, "expanduser"), evaluation)),
  expandvars: filter("", (value, _args, evaluation) =>
    requireText(value, "expandvars").replace(
      /\$(?:(\w+)|\{([^}]*)\})/g,
      (whole: string, bare?: string, braced?: string) => evaluation.context.lookups.env[bare ?? braced ?? ""] ?? whole,
    ),
  ),
};
