import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { capturedIo } from "../../../test/helpers/captured-io.ts";
import { moduleEntries } from "../../modules/registry.ts";
import { docCommand } from "./doc.ts";
import { schemaCommand } from "./schema.ts";

const say = async (run: (io: ReturnType<typeof capturedIo>["io"]) => Promise<number>) => {
  const { io, said } = capturedIo("/");
  return { code: await run(io), ...said };
};

describe("latchkey doc", () => {
  it("shows what a module does, its options, its result and examples", async () => {
    const { out } = await say((io) => docCommand(["group"], {}, io));
    expect(out).toMatch(/^ansible\.builtin\.group\n {2}\S.*\n {2}It runs on the host\. A dry run asks the host/);
    expect(out).toMatch(/\nOptions\n {2}name \(str; required\)\n {6}\S/);
    expect(out).toContain("  state (str; one of present, absent; default present)\n");
    expect(out).toMatch(/\nResult\n {2}\w+ \(/);
    expect(out).toMatch(/\nExamples\n {2}- name: /);
    expect(out.split("\n").every((line) => line.length <= 100)).toBe(true);
  });

  it("tells programs the same", async () => {
    const { out } = await say((io) => docCommand(["user", "copy"], { format: "json" }, io));
    const option = { name: "name", type: "str", required: true, aliases: ["user"], description: "The account's name." };
    expect(JSON.parse(out)).toMatchObject([
      { name: "ansible.builtin.user", options: expect.arrayContaining([option]) as unknown },
      { name: "ansible.builtin.copy" },
    ]);
  });

  it("lists all modules with a sentence", async () => {
    const { out } = await say((io) => docCommand([], {}, io));
    expect(out.trimEnd().split("\n")).toHaveLength(moduleEntries().length);
    expect(out).toMatch(/^ansible\.builtin\.user +\S.*\.$/m);
  });

  it.each(moduleEntries().map(({ shortName }) => shortName))("can show %s", async (name) => {
    const { code, out } = await say((io) => docCommand([name], {}, io));
    expect(code).toBe(0);
    expect(out).not.toMatch(/undefined|\[object/);
  });

  it.each([
    ["usr", 'latchkey: there is no module "usr": did you mean "user"?\n'],
    ["xyzzy", 'latchkey: there is no module "xyzzy": latchkey doc lists all modules\n'],
    ["kubernetes.core.k8s", expect.stringContaining("is Ansible's, and not part of Latchkey: ")],
  ])("says why there is no %s", async (name, err) => {
    expect(await say((io) => docCommand([name], {}, io))).toEqual({ code: 5, out: "", err });
  });
});

describe("latchkey schema", () => {
  const compiled = async (name: string) => {
    const { out } = await say((io) => schemaCommand(name, io));
    // A reference to another file would not be found.
    return new Ajv({ strict: false, allErrors: true }).compile(JSON.parse(out) as object);
  };

  it("holds the modules of a playbook in itself", async () => {
    const validate = await compiled("playbook");
    expect(validate([{ hosts: "all", tasks: [{ user: { name: "kim", state: "{{ x }}" } }] }])).toBe(true);
    expect(validate([{ hosts: "all", tasks: [{ user: { name: "kim", stat: "absent" } }] }])).toBe(false);
  });

  it.each(["inventory", "event", "user", "ansible.builtin.user"])("needs no other file for %s", async (name) => {
    await expect(compiled(name)).resolves.toBeTypeOf("function");
  });

  it("says which there are", async () => {
    expect((await say((io) => schemaCommand("playbok", io))).err).toBe(
      'latchkey: there is no schema of "playbok", only of playbook, inventory, event and modules: did you mean "playbook"?\n',
    );
  });
});
