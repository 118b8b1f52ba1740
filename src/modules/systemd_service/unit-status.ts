import type { FieldValue } from "../../shell/program.ts";
import { shellLibrary } from "../../shell/shell-function.ts";

/** Words about units of systemd, for the two modules that bring services to a state. */
export const systemctlLibrary = shellLibrary("systemctl", new URL("systemctl.sh", import.meta.url));

type Fields = Readonly<Record<string, FieldValue>>;

/** The result with `status`: the properties that `systemctl show` printed as `Name=value` lines. */
export const withStatus = ({ show, ...others }: Fields): Fields =>
  typeof show === "string" ? { ...others, status: readProperties(show) } : others;

const readProperties = (text: string): Fields => {
  const properties: Record<string, string> = {};
  let name = "";
  for (const line of text.split("\n")) {
    const [, next, value = ""] = /^([A-Za-z][A-Za-z0-9]*)=(.*)$/.exec(line) ?? [];
    // A value of several lines goes on until the next name.
    if (next === undefined) properties[name] = `${properties[name] ?? ""}\n${line}`;
    else properties[(name = next)] = value;
  }
  return properties;
};
