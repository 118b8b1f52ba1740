import { accountsLibrary } from "../../shell/accounts.ts";
import { filesLibrary, pathsLibrary, writeLibrary } from "../../shell/libraries.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { err, ok, type Result } from "../../util/result.ts";
import type { HostModule } from "../module.ts";
import { type SudoersArguments, sudoersSchema, sudoersReturns } from "./sudoers.schema.ts";

/** Lets a user or a group run commands through sudo, or no longer. */
export const sudoers: HostModule<SudoersArguments> = {
  runs: "host",
  name: "community.general.sudoers",
  summary: "Lets a user or a group run commands through sudo, by a file that visudo accepts.",
  schema: sudoersSchema,
  rules: {
    exclusive: [["user", "group"]],
    requiredIf: [{ option: "state", is: "present", needs: ["commands"] }],
    ignored: [{ options: ["nopassword", "noexec", "runas", "host", "setenv"], option: "state", is: ["absent"] }],
  },
  normalize: (args) => {
    const problem = findProblem(args);
    return problem === undefined ? ok(args) : err(problem);
  },
  functions: [
    accountsLibrary,
    pathsLibrary,
    filesLibrary,
    writeLibrary,
    shellBody("m_sudoers", new URL("sudoers.sh", import.meta.url)),
  ],
  params: (args) => {
    const content = args.state === "absent" ? "" : contentOf(args);
    const common = { name: args.name, state: args.state, path: args.sudoers_path, validation: args.validation };
    return ok({ ...common, content, size: Buffer.byteLength(content), owner: "root", group: "root", mode: "0440" });
  },
  checkMode: "full",
  returns: sudoersReturns,
  examples: `
- name: The support account may become root
  community.general.sudoers:
    name: zz-support
    user: support
    commands: ALL
    runas: ALL:ALL
`,
};

/** The file's text, byte for byte as Ansible writes it. */
const contentOf = (args: SudoersArguments): string => {
  const owner = args.user ?? `%${args.group ?? ""}`;
  const runas = args.runas === undefined ? "" : `(${args.runas})`;
  const tags = `${args.noexec ? "NOEXEC:" : ""}${args.nopassword ? "NOPASSWD:" : ""}${args.setenv ? "SETENV:" : ""}`;
  const defaults = (args.defaults ?? []).map((setting) => `Defaults:${owner} ${setting}\n`).join("");
  return `${defaults}${owner} ${args.host}=${runas}${tags} ${(args.commands ?? []).join(", ")}\n`;
};

const findProblem = (args: SudoersArguments): string | undefined => {
  const name = checkFileName(args.name);
  if (!name.ok) return name.error;
  if (args.state === "present" && args.user === undefined && args.group === undefined) {
    return "one of the following is required: user, group";
  }
  for (const [option, value] of textsOf(args)) {
    // oxlint-disable-next-line no-control-regex -- a line break would begin another rule
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) return `${option} holds a control character`;
  }
  for (const [option, value] of [["user", args.user] as const, ["group", args.group] as const]) {
    // What sudoers(5) reads as something else than one name would make the rule another's.
    if (value !== undefined && (value === "" || /[\s,=:!()\\"]/.test(value))) {
      return `${option} is not one name of sudoers(5): ${JSON.stringify(value)}`;
    }
  }
  return undefined;
};

const textsOf = (args: SudoersArguments): readonly (readonly [string, string])[] =>
  [
    ["user", args.user],
    ["group", args.group],
    ["host", args.host],
    ["runas", args.runas],
    ...(args.commands ?? []).map((command) => ["commands", command]),
    ...(args.defaults ?? []).map((setting) => ["defaults", setting]),
  ].flatMap(([option = "", value]) => (value === undefined ? [] : [[option, value] as const]));

/** sudo skips files of sudoers.d whose names hold a dot or end in `~` (sudoers(5), Including other files). */
const checkFileName = (name: string): Result<string, string> =>
  /^[A-Za-z0-9_-]+$/.test(name)
    ? ok(name)
    : err(`invalid name ${JSON.stringify(name)}: sudo would not read such a file; use letters, digits, _ and -`);
