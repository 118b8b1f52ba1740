import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { connectionVariables } from "../../inventory/connection-variables.ts";
import type { AdjacentVars, Places } from "../../inventory/inventory.ts";
import { rolesOf, tasksOfPlay } from "../../playbook/tasks-of.ts";
import { locateInScalar } from "../../source/locate.ts";
import type { Node, ScalarNode } from "../../source/node.ts";
import type { Span } from "../../source/source-file.ts";
import { secretForms } from "../../util/known-secrets.ts";
import { isSecretName } from "../../util/mask-secrets.ts";
import { hasMarkers } from "../../vars/from-node.ts";
import { Template, type Value, type ValueMap } from "../../vars/value.ts";
import { playsOf } from "./grant-of-play.ts";
import type { CheckInput } from "./known-values.ts";

/**
 * Secrets that stand in clear in playbooks, variables and inventories. `told` is what else was found: a private key where a
 * public one belongs is one mistake. What is given with -e is not kept in a file.
 */
export const checkSecrets = (input: CheckInput, told: readonly Diagnostic[]): readonly Diagnostic[] => {
  const keys = told.filter(({ code }) => code === "V50").map(({ span }) => span);
  const isTold = ({ file, start, end }: Span): boolean =>
    keys.some((span) => span?.file === file && span.start < end && start < span.end);
  return [...inPlaybooks(input), ...inInventory(input)].filter(
    // What came out of a vault does not stand in clear.
    ({ span }) => span === undefined || (!span.file.isSecret && !isTold(span)),
  );
};

const inPlaybooks = (input: CheckInput): readonly Diagnostic[] => {
  const found: Diagnostic[] = [];
  const seen = new Set<Node>();
  const walk = (name: string, node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (node.kind === "seq") for (const item of node.items) walk(name, item);
    else if (node.kind === "map") for (const { key, value } of node.entries) walk(String(key.value), value);
    else found.push(...judgeScalar(name, node));
  };
  for (const play of playsOf(input)) {
    // The module itself says what is wrong with a key that is none.
    const keys = tasksOfPlay(play).filter(({ module }) => module.shortName === "authorized_key");
    for (const { node } of keys) seen.add(node);
    walk("", play.node);
    for (const { node } of tasksOfPlay(play)) walk("", node);
    const ofRoles = [...play.publicRoles, ...rolesOf(tasksOfPlay(play))].flatMap(({ vars, defaults }) => [
      ...vars,
      ...defaults,
    ]);
    for (const file of [...play.varsFiles, ...ofRoles])
      for (const { key, value } of file.entries) walk(String(key.value), value);
  }
  return found;
};

const judgeScalar = (name: string, node: ScalarNode): readonly Diagnostic[] => {
  if (node.tag === "!vault" || node.value === null) return [];
  const found = judge(name, String(node.value));
  if (found === undefined) return [];
  const { text } = found;
  const at = text === undefined ? -1 : String(node.value).indexOf(text);
  const span = at < 0 ? node.span : locateInScalar(node.span, String(node.value), at, at + (text ?? "").length);
  return [{ ...found.diagnostic, span }];
};

const inInventory = ({ plan }: CheckInput): readonly Diagnostic[] => {
  const { hosts, groups, adjacent } = plan.inventory;
  const own = once(hosts, () =>
    [...hosts.values(), ...groups.values()].flatMap(({ vars, places }) =>
      // What no file says is the output of a program.
      places === undefined ? [] : inVariables(vars, places),
    ),
  );
  return [...own, ...[...adjacent, ...plan.playbooks.map((playbook) => playbook.adjacent)].flatMap(inFiles)];
};

const inFiles = (folder: AdjacentVars): readonly Diagnostic[] =>
  once(folder, () =>
    [...folder.groupVars.values(), ...folder.hostVars.values()]
      .flat()
      .flatMap(({ values, places }) => (places === undefined ? [] : inVariables(values, places))),
  );

/** There may be thousands of hosts, and many playbooks that are held against them. */
const once = (of: object, find: () => readonly Diagnostic[]): readonly Diagnostic[] => {
  let found = known.get(of);
  if (found === undefined) known.set(of, (found = find()));
  return found;
};

const known = new WeakMap<object, readonly Diagnostic[]>();

const inVariables = (values: ValueMap, places: Places): readonly Diagnostic[] =>
  Object.entries(values).flatMap(([name, value]) => {
    const span = places.get(name);
    return span === undefined ? [] : inValue(name, value).map((found) => ({ ...found, span }));
  });

const inValue = (name: string, value: Value): readonly Diagnostic[] => {
  // A vaulted text is a template without marks.
  if (value instanceof Template) return hasMarkers(value.source) ? inValue(name, value.source) : [];
  if (Array.isArray(value)) return value.flatMap((item: Value) => inValue(name, item));
  if (typeof value === "object") {
    return value === null ? [] : Object.entries(value as ValueMap).flatMap(([key, item]) => inValue(key, item));
  }
  const found = judge(name, String(value));
  return found === undefined ? [] : [found.diagnostic];
};

/** A secret of a scalar: what it is, and the part of the text that it is, which is never shown. */
const judge = (
  name: string,
  value: string,
): { readonly diagnostic: Diagnostic; readonly text?: string } | undefined => {
  for (const { what, pattern } of secretForms) {
    const text = pattern.exec(value)?.[0];
    if (text !== undefined) return { text, diagnostic: inClear(`${what} stands here in clear`) };
  }
  if (value === "" || /\{[{%]/.test(value)) return undefined;
  if (isLoginSecret(name)) return { diagnostic: inClear(`"${name}" stands here in clear`, askHint(name)) };
  return isSecretName(name) && looksRandom(value)
    ? { diagnostic: inClear(`"${name}" seems to be a secret, and stands here in clear`) }
    : undefined;
};

/** The variables that let latchkey in. */
const isLoginSecret = (name: string): boolean =>
  isSecretName(name) && connectionVariables.some((variable) => variable === name);

const inClear = (
  message: string,
  hint = "vault it, or keep it in a file of its own that no repository has, and give it with -e @FILE",
): Diagnostic => ({
  code: "V57",
  severity: "warning",
  message,
  hint,
});

const askHint = (name: string): string | undefined => {
  if (name.includes("passphrase")) return "load the key into ssh-agent, or vault it";
  const flag = /become|sudo/.test(name) ? "-K" : "-k";
  return `leave it out and let ${flag} ask for it, or vault it`;
};

/**
 * Whether a program rather than a person made this text: long, of one word, and its letters and digits take turns. A hash
 * of a password begins with a dollar sign, and is none.
 */
const looksRandom = (text: string): boolean => {
  if (text.length < 20 || !/^[A-Za-z0-9+][A-Za-z0-9+/=_.~-]*$/.test(text)) return false;
  const turns = text.match(/[A-Za-z](?=[0-9])|[0-9](?=[A-Za-z])/g)?.length ?? 0;
  return turns >= 3 && new Set(text).size >= 8;
};
