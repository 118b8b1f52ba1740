import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import {
  type ConnectionDefaults,
  type ConnectionKeywords,
  type ConnectionSettings,
  connectionSettings,
} from "../../inventory/connection.ts";
import { connectionVariableProblem, connectionVariables } from "../../inventory/connection-variables.ts";
import type { AdjacentVars, Places } from "../../inventory/inventory.ts";
import { judgeKeyFile, type KeyOpeners } from "../../inventory/judge-key-file.ts";
import { hostLayers } from "../../inventory/layers.ts";
import { playKeywords } from "../../playbook/keywords.ts";
import type { Play } from "../../playbook/playbook.ts";
import { tasksOfPlay } from "../../playbook/tasks-of.ts";
import { entryOf, type MapEntry } from "../../source/node.ts";
import type { Span } from "../../source/source-file.ts";
import { toValue } from "../../vars/from-node.ts";
import type { Result } from "../../util/result.ts";
import type { PlainMap, Value, ValueMap } from "../../vars/value.ts";
import { hostsOfPlay } from "./hosts-of-play.ts";
import type { CheckInput } from "./known-values.ts";

/** How the hosts of each play would be reached: what a run could not obey, keys that do not open, host keys unchecked. */
export const checkConnections = (input: CheckInput): readonly Diagnostic[] =>
  input.plan.playbooks.flatMap(({ playbook, adjacent }) =>
    playbook.plays.flatMap((play) => checkPlay(input, play, adjacent)),
  );

/**
 * What was found out about hosts in plays that say nothing of connections but by keywords: by hosts (`hostsOfPlay` gives the
 * same list for the same inventory and options), what lies beside the playbook, and keywords.
 */
const judged = new WeakMap<readonly string[], WeakMap<AdjacentVars, Map<string, readonly Diagnostic[]>>>();

/** Connection variables of one origin. */
interface Layer {
  readonly values: ValueMap;
  readonly places: Places;
}

const checkPlay = (input: CheckInput, play: Play, adjacent: AdjacentVars): readonly Diagnostic[] => {
  const own = [...varsEntries(play), ...play.varsFiles.flatMap((file) => file.entries), ...input.extraVars];
  const above = connectionLayer(own);
  const misspelt = own.flatMap(({ key, value }): readonly Diagnostic[] => {
    const wrong = connectionVariableProblem(String(key.value), toValue(value));
    return wrong === undefined
      ? []
      : [{ code: "V42", ...wrong.problem, span: (wrong.at === "name" ? key : value).span }];
  });
  const hosts = hostsOfPlay(input.plan, play);
  const keywords = keywordsOf(play);
  if (Object.keys(above.values).length > 0)
    return [...misspelt, ...checkHosts(input, hosts, { keywords, adjacent, above })];
  let byAdjacent = judged.get(hosts);
  if (byAdjacent === undefined) judged.set(hosts, (byAdjacent = new WeakMap()));
  let byKeywords = byAdjacent.get(adjacent);
  if (byKeywords === undefined) byAdjacent.set(adjacent, (byKeywords = new Map()));
  const key = JSON.stringify(keywords);
  let found = byKeywords.get(key);
  if (found === undefined) byKeywords.set(key, (found = checkHosts(input, hosts, { keywords, adjacent, above })));
  return [...misspelt, ...found];
};

/** What a play gives to its hosts' connections. */
interface Around {
  readonly keywords: ConnectionKeywords;
  readonly adjacent: AdjacentVars;
  readonly above: Layer;
}

const checkHosts = (
  input: CheckInput,
  hosts: readonly string[],
  { keywords, adjacent, above }: Around,
): readonly Diagnostic[] => {
  const check = createHostCheck(input, keywords);
  const layers = new Map<ValueMap, Layer>();
  return hosts.flatMap((host) => {
    const below = hostLayers(input.plan.inventory, host, adjacent).map(({ values, places }) => {
      let layer = layers.get(values);
      if (layer === undefined)
        layers.set(values, (layer = { values: onlyConnection(values), places: places ?? new Map() }));
      return layer;
    });
    return check(host, [...below, above]);
  });
};

const varsEntries = (play: Play): readonly MapEntry[] => {
  const vars = entryOf(play.node, "vars")?.value;
  return vars?.kind === "map" ? vars.entries : [];
};

const connectionLayer = (entries: readonly MapEntry[]): Layer => ({
  values: onlyConnection(
    Object.fromEntries(entries.map(({ key, value }) => [String(key.value), toValue(value)])) as ValueMap,
  ),
  places: new Map(entries.map(({ key, value }) => [String(key.value), value.span])),
});

const onlyConnection = (values: ValueMap): ValueMap =>
  Object.fromEntries(
    connectionVariables.filter((name) => Object.hasOwn(values, name)).map((name) => [name, values[name] ?? null]),
  );

/** What a keyword cannot be is told where it is written. */
const isKnown = (keyword: "connection" | "become_method", value: string): boolean =>
  playKeywords[keyword].choices.some(
    (choice) => choice === value.replace(/^(?:ansible\.builtin|community\.\w+)\./, ""),
  );

/** Keywords that hold templates are left to the run. */
const keywordsOf = (play: Play): ConnectionKeywords => {
  const { connection, port, remote_user: user, become_method: method } = play.inherited;
  const becomes = [play.inherited, ...tasksOfPlay(play).map((task) => task.inherited)].some(
    (inherited) => inherited.become === true,
  );
  return {
    connection: typeof connection === "string" && isKnown("connection", connection) ? connection : undefined,
    port: typeof port === "number" ? port : undefined,
    remoteUser: typeof user === "string" ? user : undefined,
    becomeMethod: typeof method === "string" && isKnown("become_method", method) ? method : undefined,
    become: becomes,
  };
};

/** Hosts with the same variables are judged once. */
const createHostCheck = (input: CheckInput, keywords: ConnectionKeywords) => {
  const { connection } = input.plan.options;
  const hasAgent = input.env["SSH_AUTH_SOCK"] !== undefined;
  const settled = new Map<string, Result<ConnectionSettings, string>>();
  const keys = new Map<string, ReturnType<typeof judgeKeyFile>>();
  const judgeKey = (path: string, openers: KeyOpeners): ReturnType<typeof judgeKeyFile> => {
    const known = `${path}\0${openers.hasPassphrase}`;
    if (!keys.has(known)) keys.set(known, judgeKeyFile(path, openers));
    return keys.get(known);
  };
  return (host: string, layers: readonly Layer[]): readonly Diagnostic[] => {
    const all = literals(layers);
    const { ansible_host: _host, ...others } = all;
    // Where names mean something, each host is judged by itself.
    const [name, vars] = isNamed(others, connection) ? [host, all] : ["host", others];
    const same = JSON.stringify([name, vars]);
    let settings = settled.get(same);
    if (settings === undefined) settled.set(same, (settings = connectionSettings(name, vars, keywords, connection)));
    if (!settings.ok) return [refusal(host, layers, settings.error)].filter((found) => found !== undefined);
    const { target } = settings.value;
    if (target.kind === "local") return [];
    const { privateKeyFile } = target;
    const found: Diagnostic[] = [];
    const problem =
      privateKeyFile === undefined
        ? undefined
        : judgeKey(privateKeyFile, { hasPassphrase: target.passphrase !== undefined || isGiven(layers), hasAgent });
    if (problem !== undefined) found.push({ code: "V44", ...problem, ...placeIn(layers, keyVariables) });
    const unchecked = placeIn(layers, hostKeyVariables);
    if (target.hostKeyPolicy === "off" && unchecked.span !== undefined)
      found.push({ ...hostKeysUnchecked, ...unchecked });
    return found;
  };
};

/** Whether the way to a host depends on its name: ssh's configuration, or a jump host that may be the host itself. */
const isNamed = (vars: PlainMap, { sshConfig, sshCommonArgs, sshExtraArgs }: ConnectionDefaults): boolean =>
  sshConfig?.isSilent === false ||
  [sshCommonArgs, sshExtraArgs, ...sshVariables.map((name) => vars[name])].some(
    (value) => typeof value === "string" && /-[JF]|proxy/i.test(value),
  );

const sshVariables = ["ansible_ssh_args", "ansible_ssh_common_args", "ansible_ssh_extra_args"];

const keyVariables = ["ansible_private_key_file", "ansible_ssh_private_key_file", ...sshVariables];

const hostKeyVariables = [
  "latchkey_host_key_policy",
  "ansible_host_key_checking",
  "ansible_ssh_host_key_checking",
  ...sshVariables,
];

const hostKeysUnchecked: Diagnostic = {
  code: "V45",
  severity: "warning",
  message: "host keys are not checked: whoever is in between can be the host",
  hint: "write latchkey_host_key_policy: accept-new to take a new host's key and refuse a changed one",
};

/** The variables as far as they are known: a template hides what is below it. */
const literals = (layers: readonly Layer[]): PlainMap => {
  const vars: Record<string, string | number | boolean> = {};
  for (const { values } of layers) {
    for (const [name, value] of Object.entries(values)) {
      if (isLiteral(value)) vars[name] = value;
      else delete vars[name];
    }
  }
  return vars;
};

/** Whether there is a passphrase, though nobody may look at it here: a template, or what is in a vault. */
const isGiven = (layers: readonly Layer[]): boolean =>
  layers.some(({ values }) =>
    ["ansible_ssh_private_key_passphrase", "ansible_private_key_passphrase"].some((name) => values[name] !== undefined),
  );

const isLiteral = (value: Value): value is string | number | boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

/** What a run would refuse, at the variable that the refusal names first. */
const refusal = (host: string, layers: readonly Layer[], error: string): Diagnostic | undefined => {
  const named = /^[a-z_]+/.exec(error)?.[0] ?? "";
  const name = named === "become_method" ? "ansible_become_method" : named;
  const layer = layers.findLast(({ values }) => Object.hasOwn(values, name));
  // That its value alone is wrong was told where it is written.
  if (layer !== undefined && connectionVariableProblem(name, layer.values[name] ?? null) !== undefined)
    return undefined;
  const span = layer?.places.get(name);
  if (/ProxyJump|ProxyCommand/.test(error)) {
    return { code: "V43", severity: "error", message: error, ...placeIn(layers, sshVariables) };
  }
  return {
    code: "V42",
    severity: "error",
    message: span === undefined ? `${host}: ${error}` : error,
    ...(span && { span }),
  };
};

/** The strongest of these variables that is written somewhere. */
const placeIn = (layers: readonly Layer[], names: readonly string[]): { readonly span?: Span } => {
  for (const name of names) {
    const span = layers.findLast(({ values }) => Object.hasOwn(values, name))?.places.get(name);
    if (span !== undefined) return { span };
  }
  return {};
};
