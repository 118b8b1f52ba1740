import { filesLibrary, pathsLibrary, writeLibrary } from "../../shell/libraries.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { err, ok } from "../../util/result.ts";
import type { HostModule } from "../module.ts";
import { parseHostKeyLine } from "./host-key-line.ts";
import { type KnownHostsArguments, knownHostsSchema, knownHostsReturns } from "./known_hosts.schema.ts";

/** Puts the key of a host into known_hosts, or takes keys out. */
export const knownHosts: HostModule<KnownHostsArguments> = {
  runs: "host",
  name: "ansible.builtin.known_hosts",
  summary: "Puts the public key of a host into a file of known hosts, or takes keys out.",
  schema: knownHostsSchema,
  optionAliases: { host: "name" },
  rules: {
    requiredIf: [{ option: "state", is: "present", needs: ["key"] }],
    ignored: [{ options: ["hash_host"], option: "state", is: ["absent"] }],
  },
  normalize: (args) => {
    if (args.name.includes(",")) {
      return err(
        "Comma separated list of names is not supported. Please pass a single name to lookup in the known_hosts file.",
      );
    }
    // oxlint-disable-next-line no-control-regex -- no name has any of these
    if (args.name === "" || /[\s|*?!#\u0000-\u001f\u007f]/.test(args.name)) {
      return err(`invalid name of a host: ${JSON.stringify(args.name)}`);
    }
    const line = args.key === undefined ? undefined : parseHostKeyLine(args.key, args.name);
    return line === undefined || line.ok ? ok(args) : line;
  },
  functions: [
    pathsLibrary,
    filesLibrary,
    writeLibrary,
    shellBody("m_known_hosts", new URL("known_hosts.sh", import.meta.url)),
  ],
  params: ({ name, key, path, state, hash_host: hash }) => {
    // ssh looks for names in lower case.
    const common = { name: name.toLowerCase(), path, state, hash };
    if (key === undefined) return ok(common);
    const line = parseHostKeyLine(key, name);
    return line.ok ? ok({ ...common, ...line.value }) : line;
  },
  result: ({ fields }, { name, key, hash_host }) => ({ name, key: key ?? null, hash_host, ...fields }),
  checkMode: "full",
  returns: knownHostsReturns,
  examples: `
- name: The host knows the server that it sends its logs to
  ansible.builtin.known_hosts:
    name: logs.example.org
    key: logs.example.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHRoZS1zdXBwb3J0LXRlYW0tcy1wdWJsaWMta2V5LTMy
    path: /etc/ssh/ssh_known_hosts

- name: One that is gone, on its port
  ansible.builtin.known_hosts:
    name: "[git.example.org]:2222"
    state: absent
`,
};
