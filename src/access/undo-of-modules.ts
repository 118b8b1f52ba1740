/**
 * How what a module does is taken back when a grant ends.
 *
 * - `none-needed`: it changes nothing on a host that outlives the run (what is opened in a cloud stands in the ledger)
 * - `journal`: the grant's journal keeps what was there before
 * - `task`: only its author knows; the task says so in `latchkey_undo`
 * - `impossible`: it changes what no journal keeps, so a grant refuses it
 */
export type UndoKind = "none-needed" | "journal" | "task" | "impossible";

const kinds: Readonly<Record<Exclude<UndoKind, "impossible">, readonly string[]>> = {
  "none-needed": [
    "add_host",
    "assert",
    "async_status",
    "census",
    "cloud_group",
    "debug",
    "fail",
    "fetch",
    "find",
    "getent",
    "grant_adopt",
    "grant_begin",
    "grant_confirm",
    "grant_extend",
    "grant_status",
    "grant_undo",
    "group_by",
    "import_role",
    "import_tasks",
    "include_role",
    "include_tasks",
    "include_vars",
    "key_sweep",
    "login",
    "login_check",
    "meta",
    "pause",
    "ping",
    "security_group_rule",
    "security_group_rule_info",
    "set_fact",
    "setup",
    "slurp",
    "stat",
    "sudo_check",
    "validate_argument_spec",
    "wait_for",
    "wait_for_connection",
  ],
  journal: [
    "assemble",
    "authorized_key",
    "blockinfile",
    "copy",
    "cron",
    "file",
    "firewall",
    "firewalld",
    "get_url",
    "group",
    "hostname",
    "iptables",
    "known_hosts",
    "lineinfile",
    "nftables_rule",
    "replace",
    "service",
    "sshd_allow",
    "sshd_port",
    "sudoers",
    "systemd_service",
    "tempfile",
    "template",
    "ufw",
    "uri",
    "user",
  ],
  task: ["command", "package", "raw", "script", "shell"],
};

const kindOf = new Map(
  Object.entries(kinds).flatMap(([kind, names]) => names.map((name) => [name, kind as UndoKind] as const)),
);

/** How this module's work is taken back; what is not listed is not taken back. */
export const undoKindOf = (shortName: string): UndoKind => kindOf.get(shortName) ?? "impossible";
