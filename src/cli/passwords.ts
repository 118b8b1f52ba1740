import { accessSync, constants, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { spawnSync } from "node:child_process";
import { err, ok, type Result } from "../util/result.ts";
import type { Io } from "./io.ts";
import type { GivenOptions } from "./options.ts";
import { promptFor } from "./prompt.ts";

/** Passwords that the command line asks for: each once for the whole run. */
export interface Passwords {
  readonly password?: string;
  readonly becomePassword?: string;
}

/** Asks for the passwords, or reads them from their files. */
export const readPasswords = async (given: GivenOptions, io: Io): Promise<Result<Passwords, string>> => {
  const login = await readOne(given["askPass"], given["connectionPasswordFile"], "SSH password: ", io);
  if (!login.ok) return login;
  const prompt = login.value === undefined ? "BECOME password: " : "BECOME password[defaults to SSH password]: ";
  const become = await readOne(given["askBecomePass"], given["becomePasswordFile"], prompt, io);
  if (!become.ok) return become;
  const becomePassword = become.value === "" ? login.value : become.value;
  return ok({
    ...(login.value === undefined ? {} : { password: login.value }),
    ...(becomePassword === undefined ? {} : { becomePassword }),
  });
};

const readOne = async (
  asked: GivenOptions[string],
  file: GivenOptions[string],
  prompt: string,
  io: Io,
): Promise<Result<string | undefined, string>> => {
  if (typeof file === "string") return readPasswordFile(resolve(io.cwd, file));
  return asked === true ? promptFor(prompt, false, io) : ok(undefined);
};

/** A password file's first line; an executable file is run and prints it, as in Ansible. */
const readPasswordFile = (path: string): Result<string, string> => {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    return readPlainFile(path);
  }
  const done = spawnSync(path, [], { encoding: "utf8", stdio: ["inherit", "pipe", "inherit"] });
  if (done.error !== undefined) return err(`${path}: ${done.error.message}`);
  return done.status === 0 ? ok(firstLine(done.stdout)) : err(`${path} ended with ${done.status ?? done.signal}`);
};

const readPlainFile = (path: string): Result<string, string> => {
  try {
    return ok(firstLine(readFileSync(path, "utf8")));
  } catch (error) {
    return err(`cannot read the password file: ${error instanceof Error ? error.message : String(error)}`);
  }
};

const firstLine = (text: string): string => text.split(/\r?\n/, 1)[0] ?? "";
