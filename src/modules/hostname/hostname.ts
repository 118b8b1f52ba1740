import { accountsLibrary } from "../../shell/accounts.ts";
import { filesLibrary, pathsLibrary, undoLibrary, writeLibrary } from "../../shell/libraries.ts";
import type { FieldValue } from "../../shell/program.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { err, ok } from "../../util/result.ts";
import type { HostModule } from "../module.ts";
import { fullName } from "../setup/full-name.ts";
import { type HostnameArguments, hostnameSchema, hostnameReturns } from "./hostname.schema.ts";

/** Gives a host its name, now and after each boot. */
export const hostname: HostModule<HostnameArguments> = {
  runs: "host",
  name: "ansible.builtin.hostname",
  summary: "Gives a host its name, now and after each boot.",
  schema: hostnameSchema,
  normalize: (args) => {
    if (args.name.length > 64) {
      return err("name cannot be longer than 64 characters on systemd servers, try a shorter name");
    }
    return isName.test(args.name) ? ok(args) : err(`invalid name of a host: ${JSON.stringify(args.name)}`);
  },
  functions: [
    accountsLibrary,
    pathsLibrary,
    filesLibrary,
    writeLibrary,
    undoLibrary,
    shellBody("m_hostname", new URL("hostname.sh", import.meta.url)),
  ],
  // A container's /etc/hostname is mounted: it can only be written in place.
  params: ({ name, use }) => ok({ name, use: use ?? "auto", unsafe_writes: true }),
  result: ({ fields }, { name }) => {
    const { hosts, resolved, ...others } = fields;
    return { name, ...others, ansible_facts: nameFacts(name, textOf(resolved), textOf(hosts)) };
  },
  checkMode: "full",
  returns: hostnameReturns,
  examples: `
- name: The host is called web01
  ansible.builtin.hostname:
    name: web01
`,
};

/** What hostnamectl and hostname(1) take. */
const isName = /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/;

const textOf = (value: FieldValue | undefined): string => (typeof value === "string" ? value : "");

const nameFacts = (name: string, resolved: string, hosts: string): Readonly<Record<string, FieldValue>> => {
  const fqdn = fullName(name, resolved, hosts);
  return {
    ansible_hostname: name.split(".")[0] ?? name,
    ansible_nodename: name,
    ansible_fqdn: fqdn,
    ansible_domain: fqdn.split(".").slice(1).join("."),
  };
};
