// What playbooks of Ansible's can hold, and Latchkey has too, occurs in a case that both run alike.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { keywordsOf } from "../../src/playbook/keywords.ts";
import { moduleEntries } from "../../src/modules/registry.ts";
import { filterNames } from "../../src/vars/filters/registry.ts";
import { lookupNames } from "../../src/vars/lookups.ts";
import { testNames } from "../../src/vars/tests.ts";
import { readSituations } from "./situation.ts";

const situations = readSituations();
const texts = situations.map(({ text }) => text);
const found = (pattern: RegExp): ReadonlySet<string> =>
  new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map(([, name = ""]) => name)));

/** Names at the beginning of a line, after a dash or inside of { }: keys. */
const keys = found(/(?<=^|[-{,]|\s)"?((?:\w+\.){0,2}\w+)"?:(?=\s|$)/gm);
const quoted = found(/["'](\w+|[=!<>]+)["']/g);
const filters = found(/\|\s*(?:ansible\.builtin\.)?(\w+)/g);
const tests = found(/\bis\s+(?:not\s+)?([\w.]+|[=!<>]+)/g);

/** With a reason each: what Debian's ansible-core 2.14 has not, or not on a host of the lab. */
const newer = "later than ansible-core 2.14";
const excusedModules = {
  "ansible.posix.firewalld": "needs firewalld's own Python library",
  "ansible.builtin.hostname": "Ansible's asks systemd, which does not run there",
  "openstack.cloud.security_group_rule": "speaks to a cloud; test/openstack does",
  "openstack.cloud.security_group_rule_info": "speaks to a cloud; test/openstack does",
};

const atTerminal = "of vars_prompt, which then needs a terminal";
const fromWeb = "asks a web server; src/cli/fetch-url.test.ts does";
const excusedKeywords = {
  break_when: newer,
  encrypt: atTerminal,
  salt: atTerminal,
  salt_size: atTerminal,
  with_url: fromWeb,
};

/** The names that no case has, save those with an excuse; one that is not needed any longer is an error. */
const missingFrom = (names: readonly string[], has: (name: string) => boolean, excused: object): readonly string[] => {
  const stale = Object.keys(excused).filter((name) => !names.includes(name) || has(name));
  expect(stale, "no longer to be excused").toEqual([]);
  return names.filter((name) => !has(name) && !Object.hasOwn(excused, name));
};

describe("the corpus", () => {
  it("differs only where docs/differences-from-ansible.md tells people so", () => {
    const page = readFileSync(new URL("../../docs/differences-from-ansible.md", import.meta.url), "utf8");
    const named = [...page.matchAll(/\| ([-\w, ]+) \|$/gm)].flatMap(([, cell = ""]) => cell.split(", "));
    const differing = situations.filter(({ differs }) => differs !== undefined).map(({ name }) => name);
    expect(differing.filter((name) => !named.includes(name))).toEqual([]);
    const known = new Set(["case", ...situations.map(({ name }) => name)]);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it("has 120 cases and more, each recorded", () => {
    const recorded = readdirSync(new URL("recorded", import.meta.url)).map((file) => file.replace(/\.json$/, ""));
    expect(recorded.toSorted()).toEqual(situations.map(({ name }) => name).toSorted());
    expect(situations.length).toBeGreaterThanOrEqual(120);
  });

  it("has every keyword", () => {
    const names = [...new Set(Object.values(keywordsOf).flatMap((level) => Object.keys(level)))];
    expect(missingFrom(names, (name) => keys.has(name), excusedKeywords)).toEqual([]);
  });

  it("has every module", () => {
    const names = moduleEntries()
      .map(({ name }) => name)
      .filter((name) => !name.startsWith("latchkey."));
    const short = (name: string): string => name.split(".").at(-1) ?? name;
    expect(missingFrom(names, (name) => keys.has(name) || keys.has(short(name)), excusedModules)).toEqual([]);
  });

  it("has every filter", () => {
    expect(
      missingFrom(filterNames, (name) => filters.has(name) || quoted.has(name), { normpath: newer, commonpath: newer }),
    ).toEqual([]);
  });

  it("has every test", () => {
    expect(missingFrom(testNames, (name) => tests.has(name) || quoted.has(name), { timedout: newer })).toEqual([]);
  });

  it("has every lookup", () => {
    expect(missingFrom(lookupNames, (name) => quoted.has(name) || keys.has(`with_${name}`), {})).toEqual([]);
  });
});
