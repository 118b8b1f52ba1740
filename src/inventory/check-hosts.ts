import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Span } from "../source/source-file.ts";
import type { Value } from "../vars/value.ts";
import { defined } from "./defined.ts";
import { isAddress6 } from "./host-name.ts";
import type { AdjacentVars } from "./inventory.ts";

/** What these checks look at. */
interface LocatedHost {
  readonly name: string;
  readonly vars: ReadonlyMap<string, Value>;
  readonly places: ReadonlyMap<string, Span>;
  readonly span: Span | undefined;
}

interface Located {
  readonly name: string;
  readonly span: Span | undefined;
}

/** A name that means both a group and a host. */
export const checkNameClashes = (
  hosts: ReadonlyMap<string, Located>,
  groups: ReadonlyMap<string, Located>,
): readonly Diagnostic[] =>
  [...groups.values()].flatMap((group) => {
    const host = hosts.get(group.name);
    if (host === undefined) return [];
    const message = `"${group.name}" is the name of a group and of a host: a pattern means the group`;
    return [warning(message, host.span, { message: "the group is here", span: group.span })];
  });

/** An address given to a host that has another one already. */
export const checkSecondAddress = (host: LocatedHost, value: Value, span: Span | undefined): readonly Diagnostic[] => {
  const earlier = host.vars.get("ansible_host");
  if (typeof earlier !== "string" || typeof value !== "string" || earlier === value) return [];
  const message = `the host "${host.name}" has two addresses: ${earlier}, and ${value}, which is used`;
  return [warning(message, span, { message: "first set here", span: host.places.get("ansible_host") })];
};

/** Addresses in `host_vars` beside the sources that contradict those in the sources. */
export const checkAddressesBeside = (
  hosts: ReadonlyMap<string, LocatedHost>,
  adjacent: readonly AdjacentVars[],
): readonly Diagnostic[] =>
  adjacent.flatMap(({ hostVars }) =>
    [...hostVars].flatMap(([name, files]) => {
      const host = hosts.get(name);
      if (host === undefined) return [];
      return files.flatMap(({ values, places }) => {
        const value = values["ansible_host"];
        return value === undefined ? [] : checkSecondAddress(host, value, places?.get("ansible_host"));
      });
    }),
  );

/** Two names for the same address and port: every task would run there twice. */
export const checkSharedAddresses = (hosts: Iterable<LocatedHost>): readonly Diagnostic[] => {
  const owners = new Map<string, LocatedHost>();
  const found: Diagnostic[] = [];
  for (const host of hosts) {
    const place = placeOf(host);
    if (place === undefined) continue;
    const owner = owners.get(place);
    if (owner === undefined) {
      owners.set(place, host);
      continue;
    }
    const message = `the hosts "${owner.name}" and "${host.name}" are both ${place}`;
    const first = { message: `"${owner.name}" is here`, span: owner.places.get("ansible_host") ?? owner.span };
    found.push(warning(message, host.places.get("ansible_host") ?? host.span, first));
  }
  return found;
};

const placeOf = (host: LocatedHost): string | undefined => {
  const address = host.vars.get("ansible_host") ?? host.name;
  const port = host.vars.get("ansible_port");
  if (host.vars.get("ansible_connection") === "local" || typeof address !== "string") return undefined;
  const lower = address.toLowerCase();
  if (port === undefined || (typeof port !== "number" && typeof port !== "string")) return lower;
  return `${isAddress6(lower) ? `[${lower}]` : lower}:${port}`;
};

const warning = (
  message: string,
  span: Span | undefined,
  other: { readonly message: string; readonly span: Span | undefined },
): Diagnostic => {
  const { span: place } = other;
  const related = place === undefined ? undefined : [{ message: other.message, span: place }];
  return { code: "V41", severity: "warning", message, ...defined({ span, related }) };
};
