import { describe, expect, it } from "vitest";
import { kindOfFile } from "./file-kind.ts";

describe("what a file is", () => {
  const kindOf = (path: string, text: string, isNamed = false) => {
    const folders = path.split("/").slice(0, -1);
    return kindOfFile(path, text, { folders, isNamed });
  };

  it.each([
    ["site.yml", "# all\n---\n- name: one\n  hosts: all\n", "playbook"],
    ["site.yml", "-\n  hosts: all\n  tasks: []\n", "playbook"],
    ["site.yml", "  - tasks: []\n    hsots: all\n", "playbook"],
    ["site.yml", "- import_playbook: other.yml\n", "playbook"],
    ["site.json", '[{"hosts": "all"}]', "playbook"],
    ["roles/x/tasks/site.yml", '- "hosts": all\n', "playbook"],
    ["roles/x/tasks/main.yml", "- name: say it\n  debug:\n    msg: |\n      - hosts: all\n", "tasks"],
    ["roles/x/tasks/more/a.yml", "- mysterious: {}\n", "tasks"],
    ["roles/x/tasks/empty.yml", "---\n# later\n", "tasks"],
    ["more.yml", "- ansible.builtin.debug: {}\n", "tasks"],
    ["more.yml", "- debug: {}\n  when: x\n", "tasks"],
    ["roles/x/tasks/wrong.yml", "debug: {}\n", "tasks"],
    ["roles/x/vars/main.yml", "- a\n", "variables"],
    ["roles/x/handlers/main.yml", "- service: {}\n", "handlers"],
    ["roles/x/defaults/main.yml", "all:\n  hosts: {}\n", "variables"],
    ["roles/x/meta/main.yml", "dependencies: []\n", "meta"],
    ["group_vars/all", "a: 1\n", "variables"],
    ["secret-vars.yml", "a: 1\n", "variables"],
    ["prod.yml", "all:\n  children:\n    web:\n", "inventory"],
    ["prod.yml", "web:\n  hosts:\n    a:\ndb:\n  vars: {}\n  hosts: {b: }\nempty:\n", "inventory"],
    ["hosts", "vm1\n", "inventory"],
    ["production", "[web]\nvm1 ansible_port=22 x='a = b'\n\n[web:vars]\nx = 1\n", "inventory"],
    ["cloud.openstack.yml", "plugin: openstack.cloud.openstack\n", "plugin"],
    ["hosts.py", "#!/usr/bin/python3\n", "script"],
  ])("%s with %j", (path, text, kind) => {
    expect(kindOf(path, text)).toBe(kind);
    expect(kindOf(path, text, true)).toBe(kind);
  });

  it("takes what is vaulted for what its folder says, and for a playbook where somebody named it", () => {
    const text = "$ANSIBLE_VAULT;1.1;AES256\n3030\n";
    expect(kindOf("site.yml", text)).toBe("encrypted");
    expect(kindOf("site.yml", text, true)).toBe("playbook");
  });

  it.each([
    ["users.yml", "- name: kim\n  user: kim\n  port: 22\n", "tasks"],
    ["compose.yml", "services:\n  web:\n    image: nginx\n", "variables"],
    ["cluster.yml", "web:\n  hosts:\n    a:\n  size: 3\n", "variables"],
    ["tox.ini", "[tox]\nenvlist = py3\n", "inventory"],
    ["README", "Some words.\n", "inventory"],
    ["requirements.yml", "- src: https://example.com/role.tgz\n  version: '1'\n", undefined],
    ["words.yml", "- a\n- b\n", undefined],
    ["vars/words.yml", "- a\n- b\n", undefined],
  ])("%s is only by its name what somebody says", (path, text, kind) => {
    expect(kindOf(path, text)).toBeUndefined();
    expect(kindOf(path, text, true)).toBe(kind);
  });
});
