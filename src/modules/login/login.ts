import { checkAccountName } from "../account-name.ts";
import type { ControllerContext, ControllerModule, ControllerResult, TriedLogin } from "../module.ts";
import { err, ok } from "../../util/result.ts";
import { type LoginArguments, loginSchema, loginReturns } from "./login.schema.ts";

/** Tries one real login to the host, with one key. */
export const login: ControllerModule<LoginArguments> = {
  runs: "controller",
  name: "latchkey.access.login",
  summary: "Tries one real login to the host, with one key and nothing else, and says whether it works or is refused.",
  schema: loginSchema,
  normalize: (args) => {
    const name = checkAccountName(args.user, "user");
    if (!name.ok) return name;
    return args.command || args.sudo === "none" ? ok(args) : err("sudo is tried by a command, and command is false");
  },
  run: (args, context) =>
    context.check ? { outcome: "skipped", fields: { msg: "a dry run tries no login" } } : tryOnce(args, context),
  returns: loginReturns,
  examples: `
- name: The support account gets in, and to root
  latchkey.access.login:
    user: support
    key_file: ~/.ssh/support
    sudo: all

- name: And after the revoke it does not
  latchkey.access.login:
    user: support
    key_file: ~/.ssh/support
    expect: refused
`,
};

/** Never a second time: servers count refused logins, and shut out the address that they come from. */
const tryOnce = async (
  { user, key_file, expect, command, sudo }: LoginArguments,
  context: ControllerContext,
): Promise<ControllerResult> => {
  const start = performance.now();
  const tried = await context.tryLogin({ user, keyFile: key_file, runs: command && expect === "works", sudo });
  const ms = Math.round(performance.now() - start);
  if (!tried.ok) {
    const { message, hint } = tried.error;
    const msg = `${message} So nothing is known about the login of ${user}.${hint === undefined ? "" : ` ${hint}`}`;
    return { outcome: "failed", fields: { ms, msg } };
  }
  const fields = { user, login: tried.value.is === "refused" ? "refused" : "works", ms, ...nameOf(tried.value) };
  const msg = problemWith(tried.value, { user, expect });
  return msg === undefined ? { outcome: "ok", fields } : { outcome: "failed", fields: { ...fields, msg } };
};

const nameOf = (tried: TriedLogin): { readonly name?: string } =>
  tried.is === "let-in" && tried.command?.ok === true ? { name: tried.command.value.name } : {};

const problemWith = (
  tried: TriedLogin,
  { user, expect }: Pick<LoginArguments, "user" | "expect">,
): string | undefined => {
  if (tried.is === "refused") return expect === "refused" ? undefined : `${user} cannot log in: ${tried.reason}`;
  if (expect === "refused") {
    return `${user} can still log in with this key: look for it in every file that sshd reads keys from`;
  }
  if (tried.command === undefined) return undefined;
  if (!tried.command.ok) return `${user} is let in, but no command runs there: ${tried.command.error}`;
  const { sudoProblem } = tried.command.value;
  return sudoProblem === undefined ? undefined : `${user} is let in, but sudo is not: ${sudoProblem}`;
};
