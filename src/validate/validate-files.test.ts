import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { capturedIo } from "../../test/helpers/captured-io.ts";
import { createLookups } from "../cli/lookups.ts";
import { renderDiagnostic } from "../diagnostics/render-text.ts";
import { usualOptions } from "../plan/plan.ts";
import { validateFiles } from "./validate-files.ts";

const project = {
  "site.yml": "- hosts: web\n  vars_files: [vars/main.yml]\n  tasks:\n    - usr: {}\n",
  "all.yml": "- import_playbook: site.yml\n",
  "vars/main.yml": 'a: "{{ b | nofilter }}"\n',
  "roles/x/vars/main.yml": "- a\n",
  "roles/x/tasks/main.yml":
    "- debg: {}\n- debug: { msg: '{{ of_the_user }}' }\n  notify: of the user\n- copy: { src: a, dest: /a }\n",
  "roles/y/meta/main.yml": "dependencies: [z]\n",
  "roles/y/tasks/main.yml": "- import_tasks: tasks/more.yml\n- copy: { src: there, dest: /a }\n",
  "roles/y/tasks/more.yml": "- copy: { src: not-there, dest: /b }\n",
  "roles/y/files/there": "",
  "roles/z/tasks/main.yml": "- debug:\n",
  "roles/x/tasks/sub/one.yml": "name: not a list\n",
  "roles/x/handlers/main.yml": "- name: a\n  servce: { name: x }\n",
  "roles/x/defaults/main.yml": "a: [\n",
  "roles/x/meta/main.yml": "- a\n",
  "roles/x/files/a": "- hosts: all\n  taskz: []\n",
  "roles/x/templates/b.yml": "{{ x\n",
  "group_vars/all.yml": "ansible_port: many\n",
  "inventory/hosts.ini": "[web]\nvm1 ansible_port=70000\n",
  "inventory/more.yml": "all:\n  children:\n    web:\n",
  "inventory/run.py": "#!/bin/sh\ntouch ran\n",
  ".git/bad.yml": "- hosts: all\n  taskz: []\n",
  "node_modules/bad.yml": "- hosts: all\n  taskz: []\n",
  "compose.yml": "services: [\n",
};

describe("files of a folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-validate-"));
  const { io } = capturedIo(folder);
  beforeAll(() => {
    for (const [name, text] of Object.entries(project)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    chmodSync(join(folder, "inventory/run.py"), 0o755);
    symlinkSync("..", join(folder, "roles/loop"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const validate = async (paths: readonly string[], inventory: readonly string[] = []) => {
    const { files, diagnostics } = await validateFiles({
      paths,
      inventory,
      extraVars: [],
      limit: [],
      cwd: folder,
      options: usualOptions,
      lookups: createLookups(io)([folder]),
    });
    const shorten = (path: string): string => path.replace(`${folder}/`, "");
    const said = diagnostics.map((one) => renderDiagnostic(one, shorten).split("\n")[0]);
    return { said, files: files.map(({ path }) => shorten(path)) };
  };

  it("are told apart, and each is held against what it is", async () => {
    const { said, files } = await validate(["."]);
    expect(said).toEqual([
      'group_vars/all.yml:1:15: "many" is not a port: expected a number from 1 to 65535 [V42]',
      'inventory/hosts.ini:2:18: "70000" is not a port: expected a number from 1 to 65535 [V42]',
      "roles/x/defaults/main.yml:1:4: the [ that stands here is never closed [V01]",
      'roles/x/handlers/main.yml:2:3: there is no module "servce" [V10]',
      "roles/x/meta/main.yml:1:1: a role's meta is a mapping, with `dependencies` for instance [V03]",
      'roles/x/tasks/main.yml:1:3: there is no module "debg" [V10]',
      "roles/x/tasks/sub/one.yml:1:1: a file of tasks is a list of tasks [V03]",
      "roles/x/vars/main.yml:1:1: a file of variables is a mapping of names to values [V03]",
      'roles/y/tasks/more.yml:1:16: there is no file "not-there" [V70]',
      'site.yml:4:7: there is no module "usr" [V10]',
      'vars/main.yml:1:8: warning: "b" is not defined [V21]',
      "vars/main.yml:1:12: there is no filter 'nofilter' [V22]",
    ]);
    expect(files).toHaveLength(16);
  });

  it("are each read once, in the order of their names", async () => {
    const { files } = await validate(["roles", "site.yml", "./site.yml", "roles/x"]);
    expect(files).toEqual([...new Set(files)].toSorted());
    expect(files).toContain("site.yml");
  });

  it("say what of them is ignored, and where that has no use", async () => {
    writeFileSync(
      join(folder, "inventory/meant"),
      "[web]\n# latchkey-ignore: V41 why\na\nb x=1#2 # latchkey-ignore: V41 why\n",
    );
    writeFileSync(
      join(folder, "roles/y/tasks/other.yml"),
      "- debug: { msg: '{{ x }}' } # latchkey-ignore: V21 the user has it\n- debug: # latchkey-ignore: V22 why\n",
    );
    expect((await validate(["inventory/meant", "roles/y/tasks/other.yml"])).said).toEqual([
      "inventory/meant:2:20: warning: nothing here is V41, so nothing is ignored [V07]",
      "roles/y/tasks/other.yml:2:29: warning: nothing here is V22, so nothing is ignored [V07]",
    ]);
  });

  it("are each told what a shell says of a text that several have", async () => {
    mkdirSync(join(folder, "scripts/tasks"), { recursive: true });
    const tasks = "- shell: if true; then echo a\n- shell: echo a; fi\n";
    writeFileSync(join(folder, "scripts/a.yml"), `- hosts: all\n  tasks:\n${tasks.replaceAll(/^/gm, "  ")}\n`);
    writeFileSync(join(folder, "scripts/b.yml"), "- hosts: all\n  tasks:\n  - import_tasks: tasks/c.yml\n");
    writeFileSync(join(folder, "scripts/tasks/c.yml"), tasks);
    expect((await validate(["scripts"])).said).toEqual([
      'scripts/a.yml:3:12: the shell would not read this: "if" is never ended: "fi" is missing [V60]',
      'scripts/a.yml:4:20: the shell would not read this: "fi" is not expected here [V60]',
      'scripts/tasks/c.yml:1:10: the shell would not read this: "if" is never ended: "fi" is missing [V60]',
      'scripts/tasks/c.yml:2:18: the shell would not read this: "fi" is not expected here [V60]',
    ]);
  });

  it("may be named themselves", async () => {
    expect((await validate(["roles/y/tasks/main.yml"])).said).toEqual([
      'roles/y/tasks/more.yml:1:16: there is no file "not-there" [V70]',
    ]);
    expect((await validate(["roles/x/tasks/sub/one.yml"])).said).toHaveLength(1);
    expect((await validate(["inventory/run.py"])).said).toEqual([
      'warning: "run.py" is a program that writes an inventory, and nothing is run here [V41]',
    ]);
    expect((await validate(["nothing.yml"])).said).toEqual([
      expect.stringMatching(/^cannot read ".*nothing\.yml": there is no such file \[V32\]$/),
      'group_vars/all.yml:1:15: "many" is not a port: expected a number from 1 to 65535 [V42]',
    ]);
  });
});
