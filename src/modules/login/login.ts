import { checkAccountName } from "../account-name.ts";
import type { ControllerContext, ControllerModule, ControllerResult, TriedLogin } from "../module.ts";
import { ok } from "../../util/result.ts";
import { type LoginArguments, loginSchema } from "./login.schema.ts";

/** Tries one real login to the host, with one key. */
export const login: ControllerModule<LoginArguments> = {
  runs: "controller",
  name: "latchkey.access.login",
  summary: "Tries one real login to the host, with one key and nothing else, and says whether it works or is refused.",
  schema: loginSchema,
  normalize: (args) => {
    const name = checkAccountName(args.user, "user");
    return name.ok ? ok(args) : name;
  },
  run: (args, context) =>
    context.check ? { outcome: "skipped", fields: { msg: "a dry run tries no login" } } : tryOnce(args, context),
  examples: `
- name: The support account gets in
  latchkey.access.login:
    user: support
    key_file: ~/.ssh/support

- name: And after the revoke it does not
  latchkey.access.login:
    user: support
    key_file: ~/.ssh/support
    expect: refused
`,
};

/** Never a second time: servers count refused logins, and shut out the address that they come from. */
const tryOnce = async (
  { user, key_file, expect }: LoginArguments,
  context: ControllerContext,
): Promise<ControllerResult> => {
  const start = performance.now();
  const tried = await context.tryLogin(user, key_file);
  const ms = Math.round(performance.now() - start);
  if (!tried.ok) {
    const { message, hint } = tried.error;
    const msg = `${message} So nothing is known about the login of ${user}.${hint === undefined ? "" : ` ${hint}`}`;
    return { outcome: "failed", fields: { ms, msg } };
  }
  const fields = { login: tried.value.is === "refused" ? "refused" : "works", ms, ...nameOf(tried.value) };
  const msg = problemWith(tried.value, { user, expect });
  return msg === undefined ? { outcome: "ok", fields } : { outcome: "failed", fields: { ...fields, msg } };
};

const nameOf = (tried: TriedLogin): { readonly name?: string } =>
  tried.is === "let-in" && tried.command.ok ? { name: tried.command.value } : {};

const problemWith = (
  tried: TriedLogin,
  { user, expect }: Pick<LoginArguments, "user" | "expect">,
): string | undefined => {
  if (tried.is === "refused") return expect === "refused" ? undefined : `${user} cannot log in: ${tried.reason}`;
  if (expect === "refused") {
    return `${user} can still log in with this key: look for it in every file that sshd reads keys from`;
  }
  return tried.command.ok ? undefined : `${user} is let in, but no command runs there: ${tried.command.error}`;
};
