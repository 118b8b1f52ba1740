import { existsSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SourceFile } from "../source/source-file.ts";
import { explainMissingModule, findModule, looksLikeModule, moduleEntries } from "./registry.ts";
import { findUnsupported } from "./unsupported.ts";

const span = { file: new SourceFile("t.yml", "x"), start: 0, end: 1 };

describe("registry", () => {
  it.each([
    ["user", "ansible.builtin.user"],
    ["ansible.builtin.user", "ansible.builtin.user"],
    ["ansible.legacy.user", "ansible.builtin.user"],
    ["authorized_key", "ansible.posix.authorized_key"],
    ["ansible.builtin.authorized_key", "ansible.posix.authorized_key"],
    ["ansible.posix.authorized_key", "ansible.posix.authorized_key"],
    ["community.general.sudoers", "community.general.sudoers"],
    ["firewall", "latchkey.access.firewall"],
    ["latchkey.access.firewall", "latchkey.access.firewall"],
    ["openstack.cloud.security_group_rule", "openstack.cloud.security_group_rule"],
    ["systemd", "ansible.builtin.systemd_service"],
    ["ansible.builtin.systemd", "ansible.builtin.systemd_service"],
  ])("finds %s", (name, full) => {
    expect(findModule(name)?.name).toBe(full);
  });

  it.each([
    "usr",
    "ansible.posix.user",
    "community.general.authorized_key",
    "community.docker.user",
    "latchkey.access.user",
    "security_group_rule",
    "ansible.builtin.security_group_rule",
    "constructor",
  ])("does not find %s", (name) => {
    expect(findModule(name)).toBeUndefined();
  });

  it("holds every module that has a folder, under the name that it gives itself", async () => {
    const folders = readdirSync(new URL(".", import.meta.url)).filter((name) =>
      existsSync(new URL(`${name}/${name}.ts`, import.meta.url)),
    );
    expect(moduleEntries().map((entry) => entry.shortName)).toEqual(folders.toSorted());
    for (const entry of moduleEntries()) {
      const module = await entry.load();
      expect(module.name).toBe(entry.name);
      expect(module.summary).toMatch(/^[A-Z].*\.$/);
      expect(findUnsupported(entry.shortName)).toBeUndefined();
    }
  });

  it.each([
    ["usr", "V10", 'there is no module "usr"', 'did you mean "user"?'],
    [
      "ansible.builtin.comand",
      "V10",
      'there is no module "ansible.builtin.comand"',
      'did you mean "ansible.builtin.command"?',
    ],
    ["ansible.posix.user", "V10", 'there is no module "ansible.posix.user"', 'did you mean "ansible.builtin.user"?'],
    ["apt", "V04", 'module "apt" is Ansible\'s, and not part of Latchkey', "run the package manager with `command`"],
    ["ansible.builtin.include", "V04", undefined, "bring the tasks in with include_tasks or import_tasks"],
    ["community.docker.docker_image", "V04", undefined, undefined],
    ["latchkey.access.grnt", "V10", undefined, undefined],
  ])("explains %s", (name, code, message, hint) => {
    const found = explainMissingModule(name, span);
    expect(found.code).toBe(code);
    if (message !== undefined) expect(found.message).toBe(message);
    if (hint !== undefined) expect(found.hint).toBe(hint);
  });

  it("tells a module from a keyword", () => {
    expect(["user", "apt", "a.b.c"].map(looksLikeModule)).toEqual([true, true, true]);
    expect(["whne", "usr", "notify"].map(looksLikeModule)).toEqual([false, false, false]);
  });
});
