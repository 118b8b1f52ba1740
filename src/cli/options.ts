/** How an option's value is kept: present or not, counted, the last one given, or all of them. */
export type OptionKind = "flag" | "count" | "text" | "texts";

/** One option of the command line: the parser, `--help` and the README's table come from it. */
export interface OptionSpec {
  /** As commander reads them, such as `-i, --inventory <source>`. */
  readonly flags: string;
  readonly kind: OptionKind;
  readonly description: string;
  readonly choices?: readonly string[];
  /** Another way to write the option of this name, which no help mentions. */
  readonly means?: string;
  /** Ansible has it and we do not: what to do instead. */
  readonly refused?: string;
}

const vaultPasswords: Readonly<Record<string, OptionSpec>> = {
  vaultPasswordFile: {
    flags: "--vault-password-file, --vault-pass-file <file>",
    kind: "texts",
    description: "open vaults with the password in a file, or with what it prints if it is executable",
  },
  vaultId: {
    flags: "--vault-id <id>",
    kind: "texts",
    description: "the same for vaults of a label: LABEL@FILE, or LABEL@prompt; may be given several times",
  },
  askVaultPassword: { flags: "-J, --ask-vault-password", kind: "flag", description: "ask for the password of vaults" },
  askVaultPass: { flags: "--ask-vault-pass", kind: "flag", description: "the same" },
};

const inventory: Readonly<Record<string, OptionSpec>> = {
  inventory: {
    flags: "-i, --inventory <source>",
    kind: "texts",
    description: "a file, a directory, an executable, or hosts with commas ('10.0.0.5,'); may be given several times",
  },
  limit: {
    flags: "-l, --limit <pattern>",
    kind: "texts",
    description: "only hosts that this pattern matches as well; @FILE reads patterns from a file",
  },
  extraVars: {
    flags: "-e, --extra-vars <vars>",
    kind: "texts",
    description: "variables that win over all others: name=value, JSON, YAML, or @FILE",
  },
  inventoryFile: { flags: "--inventory-file <source>", kind: "texts", description: "the same", means: "inventory" },
  ...vaultPasswords,
};

/** Options of `latchkey run`. */
export const runOptions: Readonly<Record<string, OptionSpec>> = {
  ...inventory,
  check: { flags: "-C, --check", kind: "flag", description: "say what would change, and change nothing" },
  diff: { flags: "-D, --diff", kind: "flag", description: "show what changes inside files" },
  forks: { flags: "-f, --forks <number>", kind: "text", description: "how many hosts at a time (default 50)" },
  tags: { flags: "-t, --tags <tags>", kind: "texts", description: "only tasks with one of these tags" },
  skipTags: { flags: "--skip-tags <tags>", kind: "texts", description: "no task with one of these tags" },
  user: { flags: "-u, --user <name>", kind: "text", description: "log in as this user" },
  privateKey: {
    flags: "--private-key, --key-file <file>",
    kind: "text",
    description: "the private key to log in with",
  },
  connection: {
    flags: "-c, --connection <kind>",
    kind: "text",
    description: "ssh or local",
    choices: ["ssh", "local"],
  },
  timeout: { flags: "-T, --timeout <seconds>", kind: "text", description: "limit for connecting (default 10)" },
  sshCommonArgs: {
    flags: "--ssh-common-args <args>",
    kind: "text",
    description: "options in the words of ssh, such as '-o UserKnownHostsFile=FILE'",
  },
  sshExtraArgs: {
    flags: "--ssh-extra-args <args>",
    kind: "text",
    description: "more options in the words of ssh",
  },
  sftpExtraArgs: {
    flags: "--sftp-extra-args <args>",
    kind: "text",
    description: "accepted for Ansible's sake: files go through the one connection",
  },
  scpExtraArgs: { flags: "--scp-extra-args <args>", kind: "text", description: "the same" },
  hostKeys: {
    flags: "--host-keys <policy>",
    kind: "text",
    description: "strict: only known hosts (default); accept-new: remember unknown ones; off: any",
    choices: ["strict", "accept-new", "off"],
  },
  askPass: { flags: "-k, --ask-pass", kind: "flag", description: "ask for the password to log in with" },
  connectionPasswordFile: {
    flags: "--connection-password-file, --conn-pass-file <file>",
    kind: "text",
    description: "read that password from a file, or from what it prints if it is executable",
  },
  become: { flags: "-b, --become", kind: "flag", description: "run tasks as another user" },
  becomeUser: { flags: "--become-user <name>", kind: "text", description: "as whom (default root)" },
  becomeMethod: {
    flags: "--become-method <method>",
    kind: "text",
    description: "how: sudo (default), su or doas",
    choices: ["sudo", "su", "doas"],
  },
  askBecomePass: { flags: "-K, --ask-become-pass", kind: "flag", description: "ask for the password to become with" },
  becomePasswordFile: {
    flags: "--become-password-file, --become-pass-file <file>",
    kind: "text",
    description: "read that password from a file, or from what it prints if it is executable",
  },
  forceHandlers: { flags: "--force-handlers", kind: "flag", description: "run called handlers on failed hosts, too" },
  maxFail: {
    flags: "--max-fail <hosts>",
    kind: "text",
    description: "stop when more hosts than this, or than N% of a play's, failed or could not be reached",
  },
  step: { flags: "--step", kind: "flag", description: "ask before each task whether it is to run" },
  startAtTask: {
    flags: "--start-at-task <name>",
    kind: "text",
    description: "begin with the task of this name, which may be a pattern",
  },
  keepPartial: {
    flags: "--keep-partial",
    kind: "flag",
    description: "leave a grant that failed half-way as it is, instead of rolling it back",
  },
  syntaxCheck: { flags: "--syntax-check", kind: "flag", description: "check the files and stop" },
  listHosts: { flags: "--list-hosts", kind: "flag", description: "list the hosts and stop" },
  listTasks: { flags: "--list-tasks", kind: "flag", description: "list the tasks and stop" },
  listTags: { flags: "--list-tags", kind: "flag", description: "list the tags and stop" },
  reporter: {
    flags: "--reporter <name>",
    kind: "text",
    description: "auto (default), tree, plain, or jsonl: every event as a line of JSON",
    choices: ["auto", "tree", "plain", "jsonl"],
  },
  verbose: { flags: "-v, --verbose", kind: "count", description: "show results; -vv places, -vvv connections" },
  flushCache: {
    flags: "--flush-cache",
    kind: "flag",
    description: "",
    refused: "facts are kept for one run only, so leave it out",
  },
  modulePath: {
    flags: "-M, --module-path <path>",
    kind: "text",
    description: "",
    refused: "`latchkey modules` lists all modules that there are; run a program of your own with `script`",
  },
};

/** What commands of one shipped playbook have no use for. */
const ofPlaybooks = new Set([
  "syntaxCheck",
  "listHosts",
  "listTasks",
  "listTags",
  "tags",
  "skipTags",
  "forceHandlers",
  "step",
  "startAtTask",
]);
const onHosts = Object.fromEntries(Object.entries(runOptions).filter(([name]) => !ofPlaybooks.has(name)));

const whichGrant = {
  grant: { flags: "--grant <id>", kind: "text", description: "the grant's id" },
  ticket: { flags: "--ticket <ticket>", kind: "text", description: "the ticket that asks for the access" },
} as const;

const knownKeys = {
  flags: "--known-keys <file>",
  kind: "text",
  description: "all public keys that were ever given out, one a line: for --sweep, --adopt and verify",
} as const;

const loginKey = {
  flags: "--login-key <file>",
  kind: "text",
  description: "try to log in with this private key of support's: the hosts must refuse it",
} as const;

const format = {
  flags: "--format <format>",
  kind: "text",
  description: "table (default), json or csv",
  choices: ["table", "json", "csv"],
} as const;

/** Options of `latchkey grant`. */
export const grantOptions: Readonly<Record<string, OptionSpec>> = {
  ...whichGrant,
  for: { flags: "--for <duration>", kind: "text", description: "how long: 90m, 4h, 2d; or until when, with its zone" },
  key: {
    flags: "--key <file>",
    kind: "texts",
    description: "a file of public keys to let in; may be given several times",
  },
  ca: {
    flags: "--ca <file>",
    kind: "texts",
    description: "a file of public keys of authorities, to let in whom they certify for the grant's id; several times",
  },
  command: { flags: "--command <command>", kind: "text", description: "all that they may run, without sudo" },
  loginKey: {
    flags: "--login-key <file>",
    kind: "text",
    description: "the private half of one of the keys: try one login with it, and roll back where that fails",
  },
  owner: { flags: "--owner <name>", kind: "text", description: "who answers for it (default: you)" },
  reason: { flags: "--reason <text>", kind: "text", description: "why" },
  adopt: {
    flags: "--adopt",
    kind: "flag",
    description: "open nothing: take the accounts and keys of --known-keys that were set up by hand under the grant",
  },
  knownKeys,
  ...onHosts,
};

/** Options of `latchkey validate`. */
export const validateOptions: Readonly<Record<string, OptionSpec>> = {
  ...inventory,
  fix: { flags: "--fix", kind: "flag", description: "mend what can only be meant in one way, and say what is left" },
  format: {
    flags: "--format <format>",
    kind: "text",
    description: "text (default), json, jsonl, sarif, or github: for people, programs, code hosts, and workflows",
    choices: ["text", "json", "jsonl", "sarif", "github"],
  },
  ...Object.fromEntries(Object.entries(runOptions).filter(([name]) => name === "tags" || name === "skipTags")),
};

/** Options of `latchkey doc`. */
export const docOptions: Readonly<Record<string, OptionSpec>> = {
  format: {
    flags: "--format <format>",
    kind: "text",
    description: "text (default) or json",
    choices: ["text", "json"],
  },
};

/** Options of `latchkey script`. */
export const scriptOptions: Readonly<Record<string, OptionSpec>> = {
  output: {
    flags: "-o, --output <file>",
    kind: "text",
    description: "where the script is written; revoke.sh, which only closes, is written beside it",
  },
  inspect: { flags: "--inspect", kind: "flag", description: "list what it would do, in English and Korean" },
  for: {
    flags: "--for <duration>",
    kind: "text",
    description: "how long from the moment when it is run (default 24h), or until when, with its zone",
  },
  ...whichGrant,
  key: {
    flags: "--key <file>",
    kind: "texts",
    description: "a file of public keys to let in; may be given several times",
  },
  owner: { flags: "--owner <name>", kind: "text", description: "who answers for it" },
  reason: { flags: "--reason <text>", kind: "text", description: "why" },
  noDefaultVerb: {
    flags: "--no-default-verb",
    kind: "flag",
    description: "do nothing unless it is told to: sh -s -- grant, revoke or status",
  },
  sign: {
    flags: "--sign <key>",
    kind: "text",
    description: "sign the scripts with this SSH key, into FILE.sig, and write FILE.sha256",
  },
  ...inventory,
  tags: { flags: "-t, --tags <tags>", kind: "texts", description: "only tasks with one of these tags" },
  skipTags: { flags: "--skip-tags <tags>", kind: "texts", description: "no task with one of these tags" },
};

/** Options of `latchkey revoke`. */
export const revokeOptions: Readonly<Record<string, OptionSpec>> = {
  ...whichGrant,
  receipt: {
    flags: "--receipt <file>",
    kind: "text",
    description: "write down what every host says of the end of the access",
  },
  sign: {
    flags: "--sign <key>",
    kind: "text",
    description: "sign the receipt with this SSH key, into FILE.sig",
  },
  loginKey,
  ...onHosts,
};

/** Options of `latchkey verify`. */
export const verifyOptions: Readonly<Record<string, OptionSpec>> = {
  signer: {
    flags: "--signer <file>",
    kind: "text",
    description: "a file of public keys: the receipt must be signed by one of them",
  },
  knownKeys,
  loginKey,
  format,
  ...onHosts,
};

/** Options of `latchkey extend`. */
export const extendOptions: Readonly<Record<string, OptionSpec>> = {
  grant: whichGrant.grant,
  for: { flags: "--for <duration>", kind: "text", description: "how long from now: 90m, 4h, 2d" },
  ...onHosts,
};

/** Options of `latchkey status`. */
export const statusOptions: Readonly<Record<string, OptionSpec>> = {
  sweep: {
    flags: "--sweep",
    kind: "flag",
    description: "look for the keys of --known-keys in every account's key files, instead of for grants",
  },
  knownKeys,
  format,
  ...onHosts,
};

/** Options of `latchkey inventory`. */
export const inventoryOptions: Readonly<Record<string, OptionSpec>> = {
  ...inventory,
  list: { flags: "--list", kind: "flag", description: "all hosts and groups, as JSON" },
  host: { flags: "--host <name>", kind: "text", description: "the variables of one host" },
  graph: { flags: "--graph [group]", kind: "text", description: "groups and hosts as a tree" },
  vars: { flags: "--vars", kind: "flag", description: "with --graph: variables, too" },
  yaml: { flags: "-y, --yaml", kind: "flag", description: "with --list and --host: YAML instead of JSON" },
  export: {
    flags: "--export",
    kind: "flag",
    description: "with --list: variables of groups with the groups, to be read again as an inventory",
  },
  output: { flags: "--output <file>", kind: "text", description: "write to this file instead of standard output" },
  toml: { flags: "--toml", kind: "flag", description: "", refused: "use --yaml" },
  playbookDir: {
    flags: "--playbook-dir <dir>",
    kind: "text",
    description: "also read the variables beside playbooks here",
  },
};

/** Options of `latchkey inventory openstack`. */
export const openStackInventoryOptions: Readonly<Record<string, OptionSpec>> = {
  cloud: {
    flags: "--cloud <name>",
    kind: "text",
    description: "its name in clouds.yaml (default: OS_CLOUD, the OS_* variables, or the only one)",
  },
};

/** Options of `latchkey serve`. */
export const serveOptions: Readonly<Record<string, OptionSpec>> = {
  dir: {
    flags: "--dir <dir>",
    kind: "text",
    description: "the directory: its own files are served, no folders, dot files, or links that lead out of it",
  },
  listen: {
    flags: "--listen <address>",
    kind: "text",
    description: "ADDRESS:PORT (default 127.0.0.1:8080); other machines reach it only if an address of theirs is named",
  },
};

/** Options of `latchkey ledger show`. */
export const ledgerShowOptions: Readonly<Record<string, OptionSpec>> = {
  grant: { flags: "--grant <id>", kind: "text", description: "only records of this grant" },
  ticket: { flags: "--ticket <ticket>", kind: "text", description: "only records of this ticket" },
  host: { flags: "--host <name>", kind: "text", description: "only records of this host" },
};

/** Options of `latchkey ledger export`. */
export const ledgerExportOptions: Readonly<Record<string, OptionSpec>> = {
  format: { flags: "--format <format>", kind: "text", description: "json (default) or csv", choices: ["json", "csv"] },
};

/** Options of `latchkey vault` and one of its verbs. */
export const vaultOptions = {
  open: vaultPasswords,
  seal: {
    ...vaultPasswords,
    encryptVaultId: {
      flags: "--encrypt-vault-id <label>",
      kind: "text",
      description: "of several passwords the one to seal with",
    },
  },
  sealText: {
    ...vaultPasswords,
    encryptVaultId: {
      flags: "--encrypt-vault-id <label>",
      kind: "text",
      description: "of several passwords the one to seal with",
    },
    name: { flags: "-n, --name <name>", kind: "text", description: "the variable that is to have the text" },
  },
  rekey: {
    ...vaultPasswords,
    newVaultPasswordFile: {
      flags: "--new-vault-password-file <file>",
      kind: "text",
      description: "seal with this password from now on; it is asked for where nothing is given",
    },
    newVaultId: { flags: "--new-vault-id <id>", kind: "text", description: "the same, with a label: LABEL@FILE" },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, OptionSpec>>>>;

/** What was given on the command line, by the names of the table. */
export interface GivenOptions {
  readonly [name: string]: boolean | number | string | readonly string[] | undefined;
}
