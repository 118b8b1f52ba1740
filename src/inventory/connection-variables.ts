import { didYouMean } from "../diagnostics/suggest.ts";
import { Template, type Value } from "../vars/value.ts";
import { addressProblem, portNumber } from "./host-name.ts";

/** The connection variables that Latchkey obeys. */
export const connectionVariables = [
  "ansible_become",
  "ansible_become_exe",
  "ansible_become_flags",
  "ansible_become_method",
  "ansible_become_pass",
  "ansible_become_password",
  "ansible_become_user",
  "ansible_connection",
  "ansible_host",
  "ansible_host_key_checking",
  "ansible_password",
  "ansible_port",
  "ansible_private_key_file",
  "ansible_private_key_passphrase",
  "ansible_ssh_args",
  "ansible_ssh_common_args",
  "ansible_ssh_extra_args",
  "ansible_ssh_host",
  "ansible_ssh_host_key_checking",
  "ansible_ssh_pass",
  "ansible_ssh_password",
  "ansible_ssh_port",
  "ansible_ssh_private_key_file",
  "ansible_ssh_private_key_passphrase",
  "ansible_ssh_retries",
  "ansible_ssh_timeout",
  "ansible_ssh_user",
  "ansible_sudo_pass",
  "ansible_timeout",
  "ansible_user",
  "latchkey_host_key_policy",
] as const;

/** Variables with a meaning in Ansible that changes nothing here: no Python on the host, one connection of our own. */
const ignoredVariables = [
  "ansible_control_path",
  "ansible_control_path_dir",
  "ansible_group_priority",
  "ansible_pipelining",
  "ansible_python_interpreter",
  "ansible_remote_tmp",
  "ansible_scp_extra_args",
  "ansible_scp_if_ssh",
  "ansible_sftp_batch_mode",
  "ansible_sftp_extra_args",
  "ansible_shell_type",
  "ansible_ssh_control_path",
  "ansible_ssh_pipelining",
  "ansible_ssh_transfer_method",
  "ansible_ssh_use_tty",
] as const;

/** A host's variables that tasks obey, and no connection: those with `async`, and those of `shell`. */
const taskVariables = ["ansible_async_dir", "ansible_shell_executable"];

const known = new Set<string>([...connectionVariables, ...ignoredVariables, ...taskVariables]);

/** Names of facts that lie near a connection variable and are none. */
const notMisspelt = new Set(["ansible_hostname", "ansible_user_id", "ansible_user_uid", "ansible_user_dir"]);

/** What is wrong with a variable of a host or group: a connection variable misspelt, or with a value it cannot have. */
export const connectionVariableProblem = (
  name: string,
  value: Value,
): { severity: "error" | "warning"; message: string; hint?: string } | undefined => {
  if (!/^(?:ansible|latchkey)_/.test(name)) return undefined;
  if (known.has(name)) return valueProblem(name, value);
  // No connection variable holds a list or a mapping: that is somebody's own.
  if (notMisspelt.has(name) || (typeof value === "object" && value !== null && !(value instanceof Template)))
    return undefined;
  const hint = didYouMean(name, known);
  return hint === undefined
    ? undefined
    : { severity: "warning", message: `there is no connection variable "${name}"`, hint };
};

const valueProblem = (
  name: string,
  value: Value,
): { severity: "error" | "warning"; message: string; hint?: string } | undefined => {
  if (value !== null && typeof value === "object") return undefined;
  if (name === "ansible_port" || name === "ansible_ssh_port") {
    if (portNumber(value) !== undefined) return undefined;
    return { severity: "error", message: `"${String(value)}" is not a port: expected a number from 1 to 65535` };
  }
  if (name === "ansible_host" || name === "ansible_ssh_host") {
    const message = addressProblem(String(value ?? ""));
    return message === undefined ? undefined : { severity: "error", message };
  }
  return undefined;
};
