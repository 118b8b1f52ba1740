import { err, ok, type Result } from "../util/result.ts";
import type { PlainMap } from "../vars/value.ts";
import { booleanOf, textOf } from "./read-variable.ts";

/** Keywords of a play or task about becoming another user. */
export interface BecomeKeywords {
  readonly become?: boolean | undefined;
  readonly becomeUser?: string | undefined;
  readonly becomeMethod?: string | undefined;
  readonly becomeExe?: string | undefined;
  readonly becomeFlags?: string | undefined;
}

/** What the command line says about becoming another user. */
export interface BecomeDefaults {
  readonly become?: boolean;
  readonly becomeUser?: string;
  readonly becomeMethod?: string;
  readonly becomePassword?: string;
}

/** Whom to become, and how. The password is a plain text: wrap it before it goes on. */
export interface BecomeSettings {
  readonly method: "sudo" | "su" | "doas";
  readonly user: string;
  readonly password?: string;
  /** The program instead of the method's own, with words of its own behind it. */
  readonly exe?: string;
  /** Replaces the method's own flags. */
  readonly flags?: string;
}

/** Whom a host's programs run as, or undefined for the user who logs in. The error names what cannot be obeyed. */
export const becomeSettings = (
  vars: PlainMap,
  keywords: BecomeKeywords,
  defaults: BecomeDefaults,
): Result<BecomeSettings | undefined, string> => {
  const variable = booleanOf(vars, "ansible_become");
  if (!variable.ok) return variable;
  if ((variable.value ?? keywords.become ?? defaults.become ?? false) === false) return ok(undefined);
  const method = textOf(vars, "ansible_become_method") ?? keywords.becomeMethod ?? defaults.becomeMethod ?? "sudo";
  const short = method.replace(/^(?:ansible\.builtin|community\.general)\./, "");
  if (short !== "sudo" && short !== "su" && short !== "doas") {
    return err(`become_method "${method}" is not supported here; expected one of doas, su, sudo`);
  }
  const user = textOf(vars, "ansible_become_user") ?? keywords.becomeUser ?? defaults.becomeUser ?? "root";
  if (!/^[^-\s\p{C}][^\s\p{C}]*$/u.test(user)) return err(`become_user "${user}" cannot be the name of a user`);
  const password =
    textOf(vars, "ansible_become_password", "ansible_become_pass", "ansible_sudo_pass") ?? defaults.becomePassword;
  const exe = textOf(vars, "ansible_become_exe") ?? keywords.becomeExe;
  const flags = textOf(vars, "ansible_become_flags") ?? keywords.becomeFlags;
  return ok({
    method: short,
    user,
    ...(password === undefined ? {} : { password }),
    ...(exe === undefined || exe.trim() === "" ? {} : { exe }),
    ...(flags === undefined ? {} : { flags }),
  });
};
