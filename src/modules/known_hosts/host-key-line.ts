import { createHmac } from "node:crypto";
import { err, ok, type Result } from "../../util/result.ts";
import { holdsPrivateKey } from "../authorized_key/public-key.ts";

/** A line of known_hosts (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export interface HostKeyLine {
  /** `@cert-authority`, `@revoked`, or empty. */
  readonly marker: string;
  /** The patterns of names as written, or one hashed name. */
  readonly hosts: string;
  readonly type: string;
  readonly blob: string;
  /** What stands behind the key, with the blank before it; empty where there is nothing. */
  readonly comment: string;
  /** All of it, without a line break. */
  readonly text: string;
}

/** Reads the line of a task, which is to be about the host `name`. */
export const parseHostKeyLine = (key: string, name: string): Result<HostKeyLine, string> => {
  if (holdsPrivateKey(key)) return err("key is a private key: known_hosts holds public keys of hosts");
  const text = key.replace(/[\r\n]+$/, "");
  if (/[\r\n]/.test(text)) return err("key holds several lines: give one line a task, with a loop over them");
  // oxlint-disable-next-line no-control-regex -- nothing of it belongs into the file
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(text)) return err("key holds a control character");
  const [, marker = "", hosts = "", type = "", blob = "", comment = ""] = lineParts.exec(text) ?? [];
  if (blob === "" || hosts.startsWith("#") || !namesHost(hosts, name)) {
    return err(`Host parameter does not match hashed host field in supplied key: ${shown(name)} in ${shown(text)}`);
  }
  if (marker !== "" && marker !== "@cert-authority" && marker !== "@revoked") {
    return err(`key begins with a marker that ssh does not know: ${marker}`);
  }
  return ok({ marker, hosts, type, blob, comment, text });
};

const lineParts = /^[ \t]*(?:(@\S+)[ \t]+)?(\S+)[ \t]+(\S+)[ \t]+(\S+)(.*)$/;

const shown = (text: string): string => JSON.stringify(text);

/** Whether a line's patterns, or its hash, stand for a host, as ssh sees it. */
const namesHost = (hosts: string, name: string): boolean => {
  const wanted = name.toLowerCase();
  if (hosts.startsWith("|")) return isHashOf(hosts, wanted);
  let found = false;
  for (const pattern of hosts.toLowerCase().split(",")) {
    const matches = globOf(pattern.replace(/^!/, "")).test(wanted);
    if (matches && pattern.startsWith("!")) return false;
    found ||= matches;
  }
  return found;
};

const isHashOf = (hosts: string, name: string): boolean => {
  const [, salt, hash] = /^\|1\|([A-Za-z0-9+/=]+)\|([A-Za-z0-9+/=]+)$/.exec(hosts) ?? [];
  if (salt === undefined) return false;
  return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash;
};

const globOf = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replaceAll(/[\\^$.+()[\]{}|]/g, String.raw`\$&`)
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
  );
