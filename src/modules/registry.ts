import { didYouMean, respell, suggest } from "../diagnostics/suggest.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Span } from "../source/source-file.ts";
import type { Module } from "./module.ts";
import { findUnsupported } from "./unsupported.ts";

/** A module before it is loaded: a playbook pays only for those that it uses. */
export interface ModuleEntry {
  /** The short name, such as `user`. */
  readonly shortName: string;
  /** The fully qualified name, such as `ansible.builtin.user`. */
  readonly name: string;
  readonly load: () => Promise<Module>;
}

type Loader = () => Promise<Module>;

const builtin: Readonly<Record<string, Loader>> = {
  add_host: async () => (await import("./add_host/add_host.ts")).addHost,
  assemble: async () => (await import("./assemble/assemble.ts")).assemble,
  assert: async () => (await import("./assert/assert.ts")).assert,
  async_status: async () => (await import("./async_status/async_status.ts")).asyncStatus,
  blockinfile: async () => (await import("./blockinfile/blockinfile.ts")).blockinfile,
  command: async () => (await import("./command/command.ts")).command,
  copy: async () => (await import("./copy/copy.ts")).copy,
  cron: async () => (await import("./cron/cron.ts")).cron,
  debug: async () => (await import("./debug/debug.ts")).debug,
  fail: async () => (await import("./fail/fail.ts")).fail,
  fetch: async () => (await import("./fetch/fetch.ts")).fetch,
  file: async () => (await import("./file/file.ts")).file,
  find: async () => (await import("./find/find.ts")).find,
  get_url: async () => (await import("./get_url/get_url.ts")).getUrl,
  getent: async () => (await import("./getent/getent.ts")).getent,
  group: async () => (await import("./group/group.ts")).group,
  group_by: async () => (await import("./group_by/group_by.ts")).groupBy,
  hostname: async () => (await import("./hostname/hostname.ts")).hostname,
  import_role: async () => (await import("./import_role/import_role.ts")).importRole,
  import_tasks: async () => (await import("./import_tasks/import_tasks.ts")).importTasks,
  include_role: async () => (await import("./include_role/include_role.ts")).includeRole,
  include_tasks: async () => (await import("./include_tasks/include_tasks.ts")).includeTasks,
  include_vars: async () => (await import("./include_vars/include_vars.ts")).includeVars,
  iptables: async () => (await import("./iptables/iptables.ts")).iptables,
  known_hosts: async () => (await import("./known_hosts/known_hosts.ts")).knownHosts,
  lineinfile: async () => (await import("./lineinfile/lineinfile.ts")).lineinfile,
  meta: async () => (await import("./meta/meta.ts")).meta,
  package: async () => (await import("./package/package.ts")).packageModule,
  pause: async () => (await import("./pause/pause.ts")).pause,
  ping: async () => (await import("./ping/ping.ts")).ping,
  raw: async () => (await import("./raw/raw.ts")).raw,
  replace: async () => (await import("./replace/replace.ts")).replace,
  script: async () => (await import("./script/script.ts")).script,
  service: async () => (await import("./service/service.ts")).service,
  set_fact: async () => (await import("./set_fact/set_fact.ts")).setFact,
  setup: async () => (await import("./setup/setup.ts")).setup,
  shell: async () => (await import("./shell/shell.ts")).shell,
  slurp: async () => (await import("./slurp/slurp.ts")).slurp,
  stat: async () => (await import("./stat/stat.ts")).stat,
  systemd_service: async () => (await import("./systemd_service/systemd_service.ts")).systemdService,
  tempfile: async () => (await import("./tempfile/tempfile.ts")).tempfile,
  template: async () => (await import("./template/template.ts")).template,
  uri: async () => (await import("./uri/uri.ts")).uri,
  user: async () => (await import("./user/user.ts")).user,
  validate_argument_spec: async () =>
    (await import("./validate_argument_spec/validate_argument_spec.ts")).validateArgumentSpec,
  wait_for: async () => (await import("./wait_for/wait_for.ts")).waitFor,
  wait_for_connection: async () => (await import("./wait_for_connection/wait_for_connection.ts")).waitForConnection,
};

const posix: Readonly<Record<string, Loader>> = {
  authorized_key: async () => (await import("./authorized_key/authorized_key.ts")).authorizedKey,
  firewalld: async () => (await import("./firewalld/firewalld.ts")).firewalld,
};

const community: Readonly<Record<string, Loader>> = {
  sudoers: async () => (await import("./sudoers/sudoers.ts")).sudoers,
  ufw: async () => (await import("./ufw/ufw.ts")).ufw,
};

const openstack: Readonly<Record<string, Loader>> = {
  security_group_rule: async () => (await import("./security_group_rule/security_group_rule.ts")).securityGroupRule,
  security_group_rule_info: async () =>
    (await import("./security_group_rule_info/security_group_rule_info.ts")).securityGroupRuleInfo,
};

const access: Readonly<Record<string, Loader>> = {
  census: async () => (await import("./census/census.ts")).census,
  cloud_group: async () => (await import("./cloud_group/cloud_group.ts")).cloudGroup,
  firewall: async () => (await import("./firewall/firewall.ts")).firewall,
  grant_adopt: async () => (await import("./grant_adopt/grant_adopt.ts")).grantAdopt,
  grant_begin: async () => (await import("./grant_begin/grant_begin.ts")).grantBegin,
  grant_confirm: async () => (await import("./grant_confirm/grant_confirm.ts")).grantConfirm,
  grant_extend: async () => (await import("./grant_extend/grant_extend.ts")).grantExtend,
  grant_status: async () => (await import("./grant_status/grant_status.ts")).grantStatus,
  grant_undo: async () => (await import("./grant_undo/grant_undo.ts")).grantUndo,
  key_sweep: async () => (await import("./key_sweep/key_sweep.ts")).keySweep,
  login: async () => (await import("./login/login.ts")).login,
  login_check: async () => (await import("./login_check/login_check.ts")).loginCheck,
  nftables_rule: async () => (await import("./nftables_rule/nftables_rule.ts")).nftablesRule,
  sshd_allow: async () => (await import("./sshd_allow/sshd_allow.ts")).sshdAllow,
  sshd_port: async () => (await import("./sshd_port/sshd_port.ts")).sshdPort,
  sudo_check: async () => (await import("./sudo_check/sudo_check.ts")).sudoCheck,
};

/** Another short name of a module. */
const aliases: Readonly<Record<string, string>> = { systemd: "systemd_service" };

/** Collections whose names may stand before a short name. Ansible sends old builtin names on to the other two. */
const collections = [
  "ansible.builtin.",
  "ansible.legacy.",
  "ansible.posix.",
  "community.general.",
  "openstack.cloud.",
  "latchkey.access.",
];

/** Each step of each host asks for its module: even an import that is done already costs a tenth of a millisecond. */
const once = (load: Loader): Loader => {
  let module: ReturnType<Loader> | undefined;
  return () => (module ??= load());
};

const entries = new Map<string, ModuleEntry>();
for (const [collection, modules] of [
  ["ansible.builtin", builtin],
  ["ansible.posix", posix],
  ["community.general", community],
  ["openstack.cloud", openstack],
  ["latchkey.access", access],
] as const) {
  for (const [shortName, load] of Object.entries(modules)) {
    entries.set(shortName, { shortName, name: `${collection}.${shortName}`, load: once(load) });
  }
}

/** The module of a short or fully qualified name. */
export const findModule = (name: string): ModuleEntry | undefined => {
  const { collection, shortName } = splitName(name);
  const entry = entries.get(aliases[shortName] ?? shortName);
  if (entry === undefined) return entry;
  const home = entry.name.slice(0, -entry.shortName.length);
  // Nothing sends a short name on to this collection, and nothing did so in Ansible.
  if (home === "openstack.cloud.") return collection === home ? entry : undefined;
  if (collection === undefined) return entry;
  const reachable = collection === home || collection === "ansible.builtin." || collection === "ansible.legacy.";
  return reachable ? entry : undefined;
};

/** Every short name, sorted. */
export const moduleNames = (): readonly string[] => [...entries.keys(), ...Object.keys(aliases)].toSorted();

/** Every module, sorted by short name. */
export const moduleEntries = (): readonly ModuleEntry[] =>
  [...entries.values()].toSorted((a, b) => (a.shortName < b.shortName ? -1 : 1));

/** Whether a module that there is not here is somebody's own, or a collection's, and no slip of the finger. */
export const isForeignModule = (name: string): boolean => {
  const { shortName } = splitName(name);
  if (name.includes(".")) return isOfOtherCollection(name);
  return findUnsupported(shortName) === undefined && didYouMean(shortName, moduleNames()) === undefined;
};

const isOfOtherCollection = (name: string): boolean =>
  splitName(name).collection === undefined && name.includes(".") && !name.startsWith("latchkey.");

/** Why there is no such module: Ansible's but not ours, or a slip of the finger. */
export const explainMissingModule = (name: string, span: Span): Diagnostic => {
  const { collection, shortName } = splitName(name);
  const known = findUnsupported(shortName);
  if (known !== undefined || isOfOtherCollection(name)) {
    const hint = known?.hint ?? "do the same with `command` or `shell`";
    const message = `module "${name}" is Ansible's, and not part of Latchkey`;
    return { code: "V04", severity: "error", message, span, hint };
  }
  const close = didYouMean(shortName, moduleNames());
  const other = entries.get(aliases[shortName] ?? shortName);
  const hint =
    other === undefined ? (collection === undefined ? close : closeInFull(shortName)) : `did you mean "${other.name}"?`;
  return {
    code: "V10",
    severity: "error",
    message: `there is no module "${name}"`,
    span,
    ...(other === undefined ? respell(name, moduleNames().flatMap(fullAndShort), span) : {}),
    ...(hint === undefined ? { hint: `expected one of ${moduleNames().join(", ")}` } : { hint }),
  };
};

const fullAndShort = (name: string): readonly string[] => [name, findModule(name)?.name ?? name];

/** Who writes a collection may have meant a module of another one. */
const closeInFull = (shortName: string): string | undefined => {
  const found = suggest(shortName, moduleNames());
  return found === undefined ? undefined : `did you mean "${findModule(found)?.name ?? found}"?`;
};

/** Whether a key of a task can only be a module: it has a dot, is a module of ours, or one of Ansible's. */
export const looksLikeModule = (name: string): boolean =>
  name.includes(".") || findModule(name) !== undefined || findUnsupported(splitName(name).shortName) !== undefined;

const splitName = (name: string): { readonly collection: string | undefined; readonly shortName: string } => {
  const collection = collections.find((prefix) => name.startsWith(prefix));
  return { collection, shortName: name.slice(collection?.length ?? 0) };
};
