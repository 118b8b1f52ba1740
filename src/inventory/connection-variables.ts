import { didYouMean } from "../diagnostics/suggest.ts";
import { Template, type Value, Vaulted } from "../vars/value.ts";
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

/** What is wrong with a variable, at its name or at its value. */
export interface VariableProblem {
  readonly problem: { readonly severity: "error" | "warning"; readonly message: string; readonly hint?: string };
  readonly at: "name" | "value";
}

/** What is wrong with a variable of a host or group: a connection variable misspelt, or with a value it cannot have. */
export const connectionVariableProblem = (name: string, value: Value): VariableProblem | undefined => {
  if (!/^(?:ansible|latchkey)_/.test(name)) return undefined;
  if (known.has(name)) {
    const problem = valueProblem(name, value);
    return problem === undefined ? undefined : { problem, at: "value" };
  }
  // No connection variable holds a list or a mapping: that is somebody's own.
  if (notMisspelt.has(name) || (typeof value === "object" && value !== null && !(value instanceof Template)))
    return undefined;
  const hint = didYouMean(name, known);
  return hint === undefined
    ? undefined
    : { problem: { severity: "warning", message: `there is no connection variable "${name}"`, hint }, at: "name" };
};

const ports: readonly string[] = ["ansible_port", "ansible_ssh_port"];
const addresses: readonly string[] = ["ansible_host", "ansible_ssh_host"];

const valueProblem = (name: string, value: Value): VariableProblem["problem"] | undefined => {
  if (value instanceof Template || value instanceof Vaulted) return undefined;
  if (!ports.includes(name) && !addresses.includes(name)) return undefined;
  if (value !== null && typeof value === "object") {
    const kind = Array.isArray(value) ? "a list" : "a mapping";
    return {
      severity: "error",
      message: `"${name}" takes one ${ports.includes(name) ? "port" : "address"}, not ${kind}`,
    };
  }
  if (ports.includes(name)) {
    if (portNumber(value) !== undefined) return undefined;
    return { severity: "error", message: `"${String(value)}" is not a port: expected a number from 1 to 65535` };
  }
  const message = addressProblem(String(value ?? ""));
  return message === undefined ? undefined : { severity: "error", message };
};
