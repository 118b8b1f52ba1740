import { Fault } from "../evaluate/fault.ts";
import { type Live, mapOf, ownValue } from "../evaluate/live.ts";
import { text } from "../python/text.ts";
import { filter, type FilterTable, requireText } from "./filter.ts";

/** The parts of an address as Python's `urlsplit` names them; nothing is decoded. */
export const urlParts = (url: string): Readonly<Record<string, Live>> => {
  const [, scheme = "", rest = ""] = /^(?:([a-z][a-z\d+.-]*):)?(.*)$/is.exec(url) ?? [];
  const [, netloc, path = "", query = "", fragment = ""] =
    /^(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(rest) ?? [];
  const at = (netloc ?? "").lastIndexOf("@");
  const [username, secret] = at === -1 ? [] : cut((netloc ?? "").slice(0, at));
  const [, host, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec((netloc ?? "").slice(at + 1)) ?? [];
  const hostname = (host ?? "").replace(/^\[|\]$/g, "").toLowerCase();
  return {
    fragment,
    hostname: hostname === "" ? null : hostname,
    netloc: netloc ?? "",
    password: secret ?? null,
    path,
    port: port === undefined || port === "" ? null : Number(port),
    query,
    scheme: scheme.toLowerCase(),
    username: username ?? null,
  };
};

const cut = (login: string): readonly (string | undefined)[] => {
  const at = login.indexOf(":");
  return at === -1 ? [login] : [login.slice(0, at), login.slice(at + 1)];
};

/** Filters about addresses. */
export const urlFilters: FilterTable = {
  urlsplit: filter("query", (value, args) => {
    const parts = urlParts(requireText(value, "urlsplit"));
    const wanted = args.get("query") ?? "";
    if (wanted === "" || wanted === null) return mapOf(Object.entries(parts));
    const part = ownValue(parts, text(wanted));
    if (part === undefined) {
      throw new Fault(`urlsplit: unknown URL component '${text(wanted)}': use one of ${Object.keys(parts).join(", ")}`);
    }
    return part;
  }),
};
