import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Lab } from "../lab/lab.ts";
import type { Situation } from "./situation.ts";

/** Where one of the programs runs a case: a folder, and hosts of a lab under the names h1 ... hN. */
export interface Place {
  readonly folder: string;
  readonly lab: Lab;
  /** The lab's name of each host, by the case's. */
  readonly hosts: ReadonlyMap<string, string>;
  /** A text without what is this place's alone: paths, addresses, the lab's names. */
  readonly plain: (text: string) => string;
  readonly remove: () => void;
}

const write = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, /\.(?:sh|py)$/.test(path) ? 0o755 : 0o644);
};

/** Writes a case's playbook, files and inventory into a new folder, and prepares its hosts. */
export async function preparePlace(situation: Situation, lab: Lab, names: readonly string[]): Promise<Place> {
  const made = mkdtempSync(join(tmpdir(), "lk-compare-"));
  const folder = join(made, "case");
  const hosts = new Map(names.map((name, index) => [`h${index + 1}`, name]));
  const addressOf = (name: string): string => {
    const host = lab.hosts.find((each) => each.name === name);
    return host === undefined ? "" : `ansible_host=${host.address} ansible_port=${host.port}`;
  };
  const lines = [...hosts].map(([name, own]) => `${name} ${addressOf(own)} ${situation.hostvars?.[name] ?? ""}`);
  const common = [
    "[lab:vars]",
    "ansible_user=debian",
    `ansible_ssh_private_key_file=${lab.key}`,
    `ansible_ssh_common_args='-o UserKnownHostsFile=${lab.knownHosts}'`,
  ];
  write(join(folder, "inventory/hosts"), ["[lab]", ...lines, ...common, situation.inventory ?? "", ""].join("\n"));
  for (const [path, text] of Object.entries(situation.inventoryFiles ?? {})) {
    write(join(folder, "inventory", path), text);
  }
  for (const [path, text] of Object.entries(situation.files ?? {})) write(join(folder, path), text);
  write(join(folder, "play.yml"), situation.playbook);
  if (situation.given !== undefined) {
    for (const own of hosts.values()) {
      const given = await lab.exec(own, ["sh", "-euc", situation.given]);
      if (given.code !== 0) throw new Error(`given: ${given.stderr}${given.stdout}`);
    }
  }
  return { folder, lab, hosts, plain: plainer(folder, lab, hosts), remove: () => rmSync(made, { recursive: true }) };
}

const plainer = (folder: string, lab: Lab, hosts: ReadonlyMap<string, string>): ((text: string) => string) => {
  const words = new Map<string, string>([
    [folder, "/CASE"],
    [lab.dir, "/LAB"],
    [lab.controller, "CONTROLLER"],
  ]);
  for (const [name, own] of hosts) {
    words.set(own, name.replace("h", "vm"));
    words.set(lab.hosts.find((each) => each.name === own)?.address ?? own, `ADDRESS-${name}`);
  }
  const escaped = [...words.keys()].filter((word) => word !== "").map((word) => word.replace(/[.\\]/g, "\\$&"));
  const pattern = new RegExp(`(?<![\\w])(?:${escaped.join("|")})(?![\\w])`, "g");
  return (text) =>
    text
      .replace(pattern, (word) => words.get(word) ?? word)
      .replace(/\.\d+\.[-\d]+@[:\d]+~/g, ".BACKUP~")
      .replace(/(?<=Paused for )[\d.]+(?= seconds)/g, "N");
};
