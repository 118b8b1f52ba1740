import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const userSchema = {
  type: "object",
  properties: {
    name: { type: "string", description: "The account's name." },
    state: {
      type: "string",
      enum: ["present", "absent"],
      default: "present",
      description: "Whether the account is to exist.",
    },
    uid: { type: "integer", description: "Its number; the host chooses one where this is not given." },
    non_unique: {
      type: "boolean",
      default: false,
      description: "Whether the number may belong to another account, too.",
    },
    group: { type: "string", description: "The primary group, by name or number; it must exist." },
    groups: {
      type: "array",
      items: { type: "string" },
      description: "The other groups; an empty list takes the account out of all of them.",
    },
    append: {
      type: "boolean",
      default: false,
      description: "Whether to keep the account in groups that are not in `groups`.",
    },
    comment: { type: "string", description: "The GECOS field: a person's name, or what the account is for." },
    shell: { type: "string", description: "The login shell." },
    home: { type: "string", description: "The home directory." },
    skeleton: { type: "string", description: "The directory whose files a new home begins with." },
    create_home: {
      type: "boolean",
      default: true,
      description: "Whether to make the home directory where it is missing, of an existing account, too.",
    },
    move_home: {
      type: "boolean",
      default: false,
      description: "Whether to move the files of the old home when `home` changes.",
    },
    system: { type: "boolean", default: false, description: "Whether a new account is a system account." },
    force: {
      type: "boolean",
      default: false,
      description: "With `state: absent`, whether to remove the account though it is in use.",
    },
    remove: {
      type: "boolean",
      default: false,
      description: "With `state: absent`, whether to delete the home directory and the mail spool.",
    },
    password: {
      type: "string",
      description: "The password's hash as in shadow(5), or `*` for none. It is never shown, nor on a command line.",
    },
    update_password: {
      type: "string",
      enum: ["always", "on_create"],
      default: "always",
      description: "Whether `password` also applies to an account that exists.",
    },
    password_lock: { type: "boolean", description: "Whether the password is locked. Login by key is not affected." },
    expires: {
      type: "number",
      description: "When the account expires: seconds since 1970 in UTC, of which the day counts; negative for never.",
    },
    password_expire_max: { type: "integer", description: "Days after which the password must be changed." },
    password_expire_min: { type: "integer", description: "Days before which the password cannot be changed." },
    password_expire_warn: { type: "integer", description: "Days of warning before the password must be changed." },
    password_expire_account_disable: {
      type: "integer",
      description: "Days after the password's end until the account is disabled.",
    },
    umask: { type: "string", description: "The umask of a new home, in octal digits." },
    uid_min: { type: "integer", description: "The lowest number that the host may choose, instead of login.defs'." },
    uid_max: { type: "integer", description: "The highest number that the host may choose, instead of login.defs'." },
    local: {
      type: "boolean",
      enum: [false],
      default: false,
      description: "Only false: the libuser tools are not supported.",
    },
    generate_ssh_key: {
      type: "boolean",
      default: false,
      description: "Whether to make a key pair for the account where it has none.",
    },
    ssh_key_bits: { type: "integer", default: 0, description: "Length of that key; 0 for what ssh-keygen chooses." },
    ssh_key_type: { type: "string", default: "rsa", description: "Type of that key: rsa, ed25519, ecdsa." },
    ssh_key_file: {
      type: "string",
      description: "File of that key, from the home directory unless absolute. Default: .ssh/id_TYPE.",
    },
    ssh_key_comment: { type: "string", description: "Comment of that key. Default: ansible-generated on HOST." },
  },
  required: ["name"],
  additionalProperties: false,
} as const;

/** Arguments of user. */
export type UserArguments = FromSchema<typeof userSchema>;

/** The keys of user's result. */
export const userReturns: ReturnedValues = {
  name: { description: "The account's name.", type: "string" },
  state: { description: "The option `state`.", type: "string" },
  uid: { description: "The account's number.", type: "integer", returned: "with `state: present`" },
  group: { description: "The number of the primary group.", type: "integer", returned: "with `state: present`" },
  groups: { description: "The option `groups`, with commas.", type: "string", returned: "with `groups`" },
  append: { description: "The option `append`.", type: "boolean", returned: "of an account that was there" },
  comment: { description: "The comment.", type: "string", returned: "with `state: present`" },
  home: { description: "The home.", type: "string", returned: "with `state: present`" },
  shell: { description: "The shell.", type: "string", returned: "with `state: present`" },
  move_home: { description: "The option `move_home`.", type: "boolean", returned: "of an account that was there" },
  create_home: { description: "The option `create_home`.", type: "boolean", returned: "of a new account" },
  system: { description: "The option `system`.", type: "boolean", returned: "of a new account" },
  password: { description: "NOT_LOGGING_PASSWORD.", type: "string", returned: "with `password`" },
  force: { description: "The option `force`.", type: "boolean", returned: "of an account that was removed" },
  remove: { description: "The option `remove`.", type: "boolean", returned: "of an account that was removed" },
  ssh_key_file: { description: "The file of the private key.", type: "string", returned: "with `generate_ssh_key`" },
  ssh_fingerprint: { description: "The key's fingerprint.", type: "string", returned: "with `generate_ssh_key`" },
  ssh_public_key: { description: "The public key.", type: "string", returned: "with `generate_ssh_key`" },
  stderr: { description: "What the tools complained of.", type: "string", returned: "where they did" },
  stderr_lines: { description: "The same, line by line.", type: "array", returned: "with `stderr`" },
  rc: { description: "The status of the tool that refused.", type: "integer", returned: "when failed" },
};
