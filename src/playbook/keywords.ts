/** How a keyword's value is read. Every scalar may also be a template. */
export type KeywordType =
  | "string"
  | "name"
  | "bool"
  | "int"
  | "number"
  | "strings"
  | "map"
  | "conditions"
  | "loop"
  | "entries"
  | "roles"
  | "serial"
  | "any";

/** What a keyword takes. */
export interface KeywordEntry {
  readonly type: KeywordType;
  readonly description: string;
  readonly choices?: readonly string[];
  /** What Ansible allows besides, with what to do instead. */
  readonly unsupported?: Readonly<Record<string, string>>;
  /** What a number must be at least, and at most. */
  readonly min?: number;
  readonly max?: number;
  /** More is allowed, and means nothing. */
  readonly most?: number;
}

/** The same advice for each of several names. */
function insteadOf(hint: string, names: string): Readonly<Record<string, string>> {
  return Object.fromEntries(names.split(" ").map((name) => [name, hint]));
}

/** Keywords that a task takes from its blocks and its play unless it has its own. */
export const inheritedKeywords = {
  any_errors_fatal: { type: "bool", description: "A failure on one host ends the play on all of them." },
  become: { type: "bool", description: "Run as another user." },
  become_exe: { type: "string", description: "The program of the become method, with words of its own." },
  become_flags: { type: "string", description: "Flags for the become method instead of its own." },
  become_method: {
    type: "string",
    description: "How to become: sudo, su or doas.",
    choices: ["sudo", "su", "doas"],
    unsupported: insteadOf(
      "use sudo, su or doas",
      "dzdo enable ksu machinectl pbrun pfexec pmrun run0 runas sesu sudosu",
    ),
  },
  become_user: { type: "string", description: "Whom to become; root where it is not given." },
  check_mode: { type: "bool", description: "true: only say what would change; false: run even in a dry run." },
  connection: {
    type: "string",
    description: "How to reach the host: ssh or local.",
    choices: ["ssh", "local"],
    unsupported: {
      ...insteadOf("use ssh", "smart paramiko paramiko_ssh libssh"),
      ...insteadOf(
        "run an SSH server there, and use ssh",
        "buildah chroot docker docker_api httpapi incus jail kubectl lxc lxd netconf network_cli oc podman psrp qemu_agent winrm zone",
      ),
    },
  },
  delegate_facts: { type: "bool", description: "Facts belong to the host of delegate_to." },
  delegate_to: { type: "string", description: "Run on this host instead." },
  diff: { type: "bool", description: "Show what changes inside files." },
  ignore_errors: { type: "bool", description: "Go on after a failure." },
  ignore_unreachable: { type: "bool", description: "Go on with a host that could not be reached." },
  no_log: { type: "bool", description: "Show and log nothing of the result." },
  port: { type: "int", min: 1, max: 65_535, description: "The SSH port." },
  remote_user: { type: "string", description: "Whom to log in as." },
  run_once: { type: "bool", description: "Run on the first host only, with the result for all." },
  throttle: { type: "int", min: 0, description: "At most so many hosts at a time; 0 sets no limit." },
  timeout: { type: "int", min: 0, description: "Seconds until the task is ended; 0 sets no limit." },
} as const satisfies Record<string, KeywordEntry>;

/** Keywords that add to those around them instead of replacing them. */
const extendingKeywords = {
  environment: { type: "any", description: "Variables of the environment for the commands on the host." },
  module_defaults: { type: "any", description: "Arguments for modules that a task does not give itself." },
  tags: { type: "strings", description: "Names to choose tasks by (--tags, --skip-tags)." },
} as const satisfies Record<string, KeywordEntry>;

const whenKeyword = {
  when: { type: "conditions", description: "Run only where all of these are true." },
} as const satisfies Record<string, KeywordEntry>;

const commonKeywords = {
  name: { type: "string", description: "What it does, for people." },
  vars: { type: "map", description: "Variables." },
} as const satisfies Record<string, KeywordEntry>;

/** Keywords of a block. */
export const blockKeywords = {
  ...commonKeywords,
  ...whenKeyword,
  ...inheritedKeywords,
  ...extendingKeywords,
  always: { type: "entries", description: "Tasks that run in every case." },
  block: { type: "entries", description: "Tasks that belong together." },
  notify: { type: "strings", description: "Handlers to call after a change." },
  rescue: { type: "entries", description: "Tasks that run when one of the block fails." },
} as const satisfies Record<string, KeywordEntry>;

/** Keywords beside what is imported (`import_tasks`, `import_role`): what each of its tasks takes over. */
const importKeywords = {
  ...commonKeywords,
  ...whenKeyword,
  ...inheritedKeywords,
  ...extendingKeywords,
} as const satisfies Record<string, KeywordEntry>;

/** Loops over what a lookup makes of their value; `loop` with a filter says the same. */
export const loopKeywords = {
  with_cartesian: { type: "any", description: "Once for each combination of one item from each of these lists." },
  with_csvfile: {
    type: "any",
    description: "Once for each cell that these keys name in a CSV file of the controller.",
  },
  with_dict: { type: "any", description: "Once for each entry of a mapping: item.key, item.value." },
  with_env: { type: "any", description: "Once for each of these variables of the controller's environment." },
  with_file: { type: "any", description: "Once for the content of each of these files of the controller." },
  with_fileglob: { type: "any", description: "Once for each file of the controller that one of these patterns names." },
  with_first_found: { type: "any", description: "Once, for the first of these files of the controller that exists." },
  with_flattened: { type: "any", description: "Once for each item of these lists and of all lists inside them." },
  with_indexed_items: { type: "any", description: "Like with_items; item.0 is the index, item.1 the item." },
  with_ini: { type: "any", description: "Once for each value that these keys name in an INI file of the controller." },
  with_inventory_hostnames: { type: "any", description: "Once for each host that one of these patterns names." },
  with_items: { type: "any", description: "Like loop, flattening one level of lists." },
  with_lines: { type: "any", description: "Once for each line that one of these commands of the controller prints." },
  with_list: { type: "any", description: "Like loop." },
  with_nested: { type: "any", description: "Once for each combination of one item from each of these lists." },
  with_password: { type: "any", description: "Once for each password that is kept in these files of the controller." },
  with_pipe: { type: "any", description: "Once for what each of these commands of the controller prints." },
  with_random_choice: { type: "any", description: "Once, for one of these items." },
  with_sequence: { type: "any", description: 'Once for each number: "start=1 end=5 stride=2 format=x%02d".' },
  with_subelements: { type: "any", description: "Once for each item of a list inside each item of a list." },
  with_template: { type: "any", description: "Once for what each of these templates gives." },
  with_together: {
    type: "any",
    description: "Once for the first items of these lists, once for the second, and so on.",
  },
  with_unvault: { type: "any", description: "Once for the opened content of each of these vaulted files." },
  with_url: { type: "any", description: "Once for each line that these addresses of the web give." },
  with_varnames: {
    type: "any",
    description: "Once for each name of a variable that one of these expressions matches.",
  },
  with_vars: { type: "any", description: "Once for the value of each variable of these names." },
} as const satisfies Record<string, KeywordEntry>;

/** Keywords of `import_playbook`. */
const importPlaybookKeywords = {
  ...commonKeywords,
  ...whenKeyword,
  tags: extendingKeywords.tags,
} as const satisfies Record<string, KeywordEntry>;

/** Keywords of an entry of `roles`; its other keys are the role's parameters. */
const roleKeywords = {
  ...commonKeywords,
  ...whenKeyword,
  ...inheritedKeywords,
  ...extendingKeywords,
  role: { type: "string", description: "The role's name." },
} as const satisfies Record<string, KeywordEntry>;

/** Keywords of a task. */
export const taskKeywords = {
  ...commonKeywords,
  ...whenKeyword,
  ...inheritedKeywords,
  ...extendingKeywords,
  action: { type: "any", description: "The module and its arguments, where its name is not the key." },
  args: { type: "map", description: "Arguments of the module, beside those under its name." },
  async: {
    type: "int",
    min: 0,
    description: "Run as a job that may take this many seconds, also without a connection.",
  },
  changed_when: { type: "conditions", description: "What counts as a change." },
  delay: { type: "number", min: 0, description: "Seconds between attempts; 5 where it is not given." },
  failed_when: { type: "conditions", description: "What counts as a failure." },
  local_action: { type: "any", description: "Like action, on this machine." },
  loop: { type: "loop", description: "Run once for each item of this list." },
  loop_control: { type: "map", description: "How the loop names, labels and paces its items." },
  notify: { type: "strings", description: "Handlers to call after a change." },
  poll: {
    type: "int",
    min: 0,
    description: "Seconds between looks at whether the job of async is over (15); 0 goes on without waiting for it.",
  },
  register: { type: "name", description: "The variable that gets the result." },
  retries: { type: "int", min: 0, description: "Further attempts until `until` is true; 3 where it is not given." },
  until: { type: "conditions", description: "Try again until all of these are true." },
  ...loopKeywords,
} as const satisfies Record<string, KeywordEntry>;

/** Keywords of `include_tasks` and `include_role`: its tasks take over none of them. */
const includeKeywords = {
  ...commonKeywords,
  ...whenKeyword,
  args: taskKeywords.args,
  ignore_errors: inheritedKeywords.ignore_errors,
  loop: taskKeywords.loop,
  loop_control: taskKeywords.loop_control,
  no_log: inheritedKeywords.no_log,
  register: taskKeywords.register,
  run_once: inheritedKeywords.run_once,
  tags: extendingKeywords.tags,
  timeout: inheritedKeywords.timeout,
  ...loopKeywords,
} as const satisfies Record<string, KeywordEntry>;

/** Keywords of `loop_control`. */
export const loopControlKeywords = {
  break_when: { type: "conditions", description: "End the loop after an item for which all of these are true." },
  extended: { type: "bool", description: "Give ansible_loop to each item: its place, its neighbours." },
  extended_allitems: { type: "bool", description: "false leaves the whole list out of ansible_loop." },
  index_var: { type: "name", description: "The variable that gets the item's index, from 0." },
  label: { type: "any", description: "What is shown of an item." },
  loop_var: { type: "name", description: "The variable that gets the item; `item` where it is not given." },
  pause: { type: "number", min: 0, description: "Seconds between items." },
} as const satisfies Record<string, KeywordEntry>;

/** Keywords of a handler. */
export const handlerKeywords = {
  ...taskKeywords,
  listen: { type: "strings", description: "Other names that this handler answers to." },
} as const satisfies Record<string, KeywordEntry>;

/** Keywords of a play. */
export const playKeywords = {
  ...commonKeywords,
  ...inheritedKeywords,
  ...extendingKeywords,
  fact_path: { type: "string", description: "The hosts' folder of facts of their own (/etc/ansible/facts.d)." },
  force_handlers: { type: "bool", description: "Run called handlers on hosts that failed, too." },
  gather_facts: { type: "bool", description: "Ask each host for its facts first; true where it is not given." },
  gather_subset: { type: "strings", description: "Which facts to ask for." },
  gather_timeout: { type: "int", min: 0, description: "Seconds for a single fact." },
  handlers: { type: "entries", description: "Tasks that run once, when others notify them." },
  hosts: { type: "strings", description: "The pattern of the hosts." },
  max_fail_percentage: {
    type: "number",
    min: 0,
    most: 100,
    description: "End the play when more than this share of hosts failed.",
  },
  order: {
    type: "string",
    description: "In which order hosts are taken.",
    choices: ["inventory", "reverse_inventory", "sorted", "reverse_sorted", "shuffle"],
  },
  post_tasks: { type: "entries", description: "Tasks that run last." },
  pre_tasks: { type: "entries", description: "Tasks that run first." },
  roles: { type: "roles", description: "Roles, which run before the tasks." },
  serial: { type: "serial", description: "How many hosts at a time go through the whole play." },
  strategy: {
    type: "string",
    description: "linear keeps hosts together where a task ties them; free never does.",
    choices: ["linear", "free", "host_pinned"],
    unsupported: { debug: "use linear, and run with -vvv" },
  },
  tasks: { type: "entries", description: "The tasks." },
  vars_files: { type: "any", description: "Files with variables." },
  vars_prompt: { type: "any", description: "Variables that are asked for before the play begins." },
} as const satisfies Record<string, KeywordEntry>;

/** Keys of an entry of `vars_prompt`. */
export const promptKeywords = {
  confirm: { type: "bool", description: "Ask twice, until both answers are the same." },
  default: { type: "any", description: "What an empty answer means, and none." },
  encrypt: {
    type: "string",
    description: "Keep a hash of the answer instead.",
    choices: ["sha512_crypt", "sha256_crypt", "bcrypt", "sha512", "sha256"],
  },
  name: { type: "string", description: "The variable." },
  private: {
    type: "bool",
    description: "Do not show what is typed, nor the answer later; true where it is not given.",
  },
  prompt: { type: "string", description: "The question." },
  salt: { type: "string", description: "The salt of the hash; a random one where it is not given." },
  salt_size: { type: "int", description: "The length of that salt." },
  unsafe: { type: "bool", description: "Accepted for Ansible's sake: no answer is ever a template here." },
} as const satisfies Record<string, KeywordEntry>;

/** Names of the keywords, by level. */
export type InheritedKeyword = keyof typeof inheritedKeywords;
export type TaskKeyword = keyof typeof handlerKeywords;
export type LoopLookup = keyof typeof loopKeywords extends `with_${infer Name}` ? Name : never;
export type PlayKeyword = keyof typeof playKeywords;

/** The level that a mapping of a playbook stands on. */
export type Level =
  | "play"
  | "block"
  | "task"
  | "handler"
  | "role"
  | "import"
  | "include"
  | "import_playbook"
  | "loop_control"
  | "vars_prompt";

/** The keywords of each level. */
export const keywordsOf: Readonly<Record<Level, Readonly<Record<string, KeywordEntry>>>> = {
  play: playKeywords,
  block: blockKeywords,
  task: taskKeywords,
  handler: handlerKeywords,
  role: roleKeywords,
  import: importKeywords,
  include: includeKeywords,
  import_playbook: importPlaybookKeywords,
  loop_control: loopControlKeywords,
  vars_prompt: promptKeywords,
};

/** What Ansible has and Latchkey does not, with what to do instead where there is something. */
export const unsupportedKeywords: Readonly<Record<string, string>> = {
  accelerate: "remove it",
  always_run: "write `check_mode: false`",
  collections: "write module names in full, such as ansible.posix.authorized_key",
  ...insteadOf("write `become: true`, with become_method and become_user", "su su_user sudo sudo_user"),
  debugger: "run with -vvv instead",
  first_available_file: "write a loop over `query('first_found', …)`",
  live: "remove it: the output of commands is shown as it comes",
  user: "use remote_user",
  validate_argspec: "check the variables with assert",
};
