import { accountsLibrary } from "../../shell/accounts.ts";
import type { FieldValue, ProgramResult, ShellParams } from "../../shell/program.ts";
import { shellBody, shellLibrary } from "../../shell/shell-function.ts";
import { err, ok, type Result } from "../../util/result.ts";
import { checkAccountName } from "../account-name.ts";
import type { HostModule } from "../module.ts";
import { looksHashed } from "./looks-hashed.ts";
import { type UserArguments, userSchema, userReturns } from "./user.schema.ts";

/** Makes an account exist as described, or not exist. */
export const user: HostModule<UserArguments> = {
  runs: "host",
  name: "ansible.builtin.user",
  summary: "Makes an account exist on the host as described, or not exist.",
  schema: userSchema,
  optionAliases: { user: "name", createhome: "create_home" },
  rules: {
    ignored: [
      {
        options: ["append", "comment", "expires", "group", "groups", "home", "password", "shell", "system", "uid"],
        option: "state",
        is: ["absent"],
      },
      { options: ["remove"], option: "state", is: ["present"] },
      { options: ["append"], without: ["groups"] },
      { options: ["move_home"], without: ["home"] },
      { options: ["ssh_key_bits", "ssh_key_comment", "ssh_key_file"], without: ["generate_ssh_key"] },
    ],
  },
  normalize: (args) => {
    const problem = findProblem(args);
    return problem === undefined ? ok(args) : err(problem);
  },
  functions: [
    accountsLibrary,
    ...["removal", "groups", "password", "home", "creation", "change"].map((part) =>
      shellLibrary(`user_${part}`, new URL(`${part}.sh`, import.meta.url)),
    ),
    shellBody("m_user", new URL("user.sh", import.meta.url)),
  ],
  params: (args) => ok(paramsOf(args)),
  result: (result, args) => withWarnings(result, args),
  checkMode: "full",
  returns: userReturns,
  examples: `
- name: The account of the support team; nobody can log in to it by password
  ansible.builtin.user:
    name: support
    comment: Vendor support
    group: support
    shell: /bin/bash
    password: "*"

- name: Its end
  ansible.builtin.user:
    name: support
    state: absent
    remove: true
`,
};

const findProblem = (args: UserArguments): string | undefined => {
  for (const checked of namesOf(args)) if (!checked.ok) return checked.error;
  if (args.password === "")
    return "password is empty: everybody could log in. Write `*` for an account without a password";
  if (args.password !== undefined && /[:\r\n]/.test(args.password)) {
    return "password holds a colon or a line break, which shadow(5) cannot hold";
  }
  if (args.umask !== undefined && !/^[0-7]{1,4}$/.test(args.umask)) return `umask is not octal digits: ${args.umask}`;
  if (args.expires !== undefined && !Number.isFinite(dayOf(args.expires))) {
    return `value of expires is no time: ${args.expires}`;
  }
  return undefined;
};

const namesOf = (args: UserArguments): readonly Result<string, string>[] => [
  checkAccountName(args.name, "user"),
  ...[args.group, ...groupsOf(args)].flatMap((name) => (name === undefined ? [] : [checkAccountName(name, "group")])),
];

/** `groups: ''` is a list of one empty name: no group at all. */
const groupsOf = (args: UserArguments): readonly string[] =>
  (args.groups ?? []).map((name) => name.trim()).filter((name) => name !== "");

const secondsOfDay = 86_400;

/** Days since 1970, as shadow(5) counts them; -1 for never. */
const dayOf = (seconds: number): number => (seconds < 0 ? -1 : Math.floor(seconds / secondsOfDay));

const paramsOf = (args: UserArguments): ShellParams => {
  const { groups, expires, local: _, ...others } = args;
  return {
    ...others,
    groups: groups === undefined ? undefined : groupsOf(args),
    groups_given: groups?.join(","),
    ...(expires === undefined ? {} : expiryOf(dayOf(expires))),
  };
};

const expiryOf = (day: number): ShellParams => ({
  expires_day: day,
  expires_date: day < 0 ? "" : new Date(day * secondsOfDay * 1000).toISOString().slice(0, 10),
});

const withWarnings = ({ fields }: ProgramResult, args: UserArguments): Readonly<Record<string, FieldValue>> => {
  if (args.password === undefined || looksHashed(args.password)) return fields;
  const before = Array.isArray(fields["warnings"]) ? (fields["warnings"] as readonly FieldValue[]) : [];
  const warning =
    "The input password appears not to have been hashed. The 'password' argument must be encrypted for this module to work properly.";
  return { ...fields, warnings: [...before, warning] };
};
