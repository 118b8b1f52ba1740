import { Command, CommanderError, Option } from "commander";
import { escapeForTerminal } from "../util/escape.ts";
import { exitCodes } from "../run/exit-code.ts";
import type { Io } from "./io.ts";
import {
  docOptions,
  extendOptions,
  type GivenOptions,
  grantOptions,
  inventoryOptions,
  ledgerExportOptions,
  ledgerShowOptions,
  openStackInventoryOptions,
  type OptionSpec,
  revokeOptions,
  runOptions,
  scriptOptions,
  serveOptions,
  statusOptions,
  validateOptions,
  vaultOptions,
  verifyOptions,
} from "./options.ts";
import { version } from "./version.ts";

/** Runs one command line and gives its exit code. What is not needed by a command is not loaded. */
export const runCli = async (args: readonly string[], io: Io): Promise<number> => {
  let exitCode: number = exitCodes.ok;
  const program = createProgram(io);
  addOptions(program.command("run"), runOptions)
    .argument("<playbooks...>")
    .description("run playbooks on the hosts of an inventory")
    .action(async (playbooks: string[], options: GivenOptions) => {
      const { runCommand } = await import("./commands/run.ts");
      exitCode = await runCommand(playbooks, options, io);
    });
  addOptions(program.command("grant"), grantOptions)
    .description("open access for a ticket, with an end")
    .action(async (options: GivenOptions) => {
      const { grantCommand } = await import("./commands/grant.ts");
      exitCode = await grantCommand(options, io);
    });
  addOptions(program.command("validate"), validateOptions)
    .argument("<paths...>")
    .description(
      "find mistakes in playbooks, roles, files of tasks or variables, and inventories, without touching a host",
    )
    .action(async (paths: string[], options: GivenOptions) => {
      const { validateCommand } = await import("./commands/validate.ts");
      exitCode = await validateCommand(paths, options, io);
    });
  addOptions(program.command("script"), scriptOptions)
    .argument("<playbooks...>")
    .description("write a script that a customer runs as root to open access, and to close it")
    .action(async (playbooks: string[], options: GivenOptions) => {
      const { scriptCommand } = await import("./commands/script.ts");
      exitCode = await scriptCommand(playbooks, options, io);
    });
  addOptions(program.command("revoke"), revokeOptions)
    .description("close access: of a grant, of a ticket, or all on some hosts")
    .action(async (options: GivenOptions) => {
      const { revokeCommand } = await import("./commands/grant.ts");
      exitCode = await revokeCommand(options, io);
    });
  addOptions(program.command("extend"), extendOptions)
    .description("give an open grant another end")
    .action(async (options: GivenOptions) => {
      const { extendCommand } = await import("./commands/grant.ts");
      exitCode = await extendCommand(options, io);
    });
  addOptions(program.command("status"), statusOptions)
    .description("show which grants are open, whose, and until when; or, with --sweep, where keys were left")
    .action(async (options: GivenOptions) => {
      const { statusCommand } = await import("./commands/status.ts");
      exitCode = await statusCommand(options, io);
    });
  addOptions(program.command("verify"), verifyOptions)
    .argument("[receipt]")
    .description(
      "check that access is closed on the hosts of an inventory; or the receipt of a revoke, and its signature",
    )
    .action(async (receipt: string | undefined, options: GivenOptions) => {
      const { verifyCommand } = await import("./commands/verify.ts");
      exitCode = await verifyCommand(receipt, options, io);
    });
  const inventory = addOptions(program.command("inventory"), inventoryOptions)
    .description("show what the inventory says, as ansible-inventory does")
    .action(async (options: GivenOptions) => {
      const { inventoryCommand } = await import("./commands/inventory.ts");
      exitCode = await inventoryCommand(options, io);
    });
  addOptions(inventory.command("openstack"), openStackInventoryOptions)
    .description("show the servers of an OpenStack cloud as an inventory")
    .action(async (options: GivenOptions) => {
      const { openStackInventoryCommand } = await import("./commands/inventory.ts");
      exitCode = await openStackInventoryCommand(options, io);
    });
  addOptions(program.command("serve"), serveOptions)
    .description(
      "serve customers' scripts over HTTP for trying them out: 'curl -sLf http://ADDRESS:PORT/ | sh -' runs the directory's index.sh",
    )
    .action(async (options: GivenOptions) => {
      const { serveCommand } = await import("./commands/serve.ts");
      exitCode = await serveCommand(options, io);
    });
  const vault = program.command("vault").description("seal files and texts as ansible-vault does, and open them");
  const verbs = [
    ["encrypt", "[files...]", vaultOptions.seal, "seal files; without one, standard input"],
    ["decrypt", "[files...]", vaultOptions.open, "open files for good; without one, standard input"],
    ["view", "<files...>", vaultOptions.open, "print what is in files, and leave them as they are"],
    ["create", "<file>", vaultOptions.seal, "write a new file with $EDITOR, and seal it"],
    ["edit", "<file>", vaultOptions.open, "change a file with $EDITOR, and seal it again"],
    ["rekey", "<files...>", vaultOptions.rekey, "seal files with another password"],
    ["encrypt-string", "", vaultOptions.sealText, "seal a text of standard input as a value for YAML"],
  ] as const;
  for (const [verb, files, options, description] of verbs) {
    const command = addOptions(vault.command(`${verb} ${files}`.trim()), options).description(description);
    command.action(async () => {
      const { vaultCommand } = await import("./commands/vault.ts");
      exitCode = await vaultCommand(verb, command.args, command.opts(), io);
    });
  }
  const ledger = program.command("ledger").description("the record of grants that were opened and closed from here");
  ledger
    .command("verify")
    .description("check that no record was changed, removed or moved")
    .action(async () => {
      const { ledgerVerifyCommand } = await import("./commands/ledger.ts");
      exitCode = await ledgerVerifyCommand(io);
    });
  addOptions(ledger.command("show"), ledgerShowOptions)
    .description("show the records as a table")
    .action(async (options: GivenOptions) => {
      const { ledgerShowCommand } = await import("./commands/ledger.ts");
      exitCode = await ledgerShowCommand(options, io);
    });
  addOptions(ledger.command("export"), ledgerExportOptions)
    .description("write out all records, for other programs")
    .action(async (options: GivenOptions) => {
      const { ledgerExportCommand } = await import("./commands/ledger.ts");
      exitCode = await ledgerExportCommand(options, io);
    });
  program
    .command("explain")
    .argument("[codes...]")
    .description("show the page of a diagnostic's code, such as V21; without a code, list them")
    .action(async (codes: string[]) => {
      const { explainCommand } = await import("./commands/explain.ts");
      exitCode = explainCommand(codes, io);
    });
  program
    .command("schema")
    .argument("<name>")
    .description("print the JSON Schema of a playbook, an inventory, an event or a module, for editors")
    .action(async (name: string) => {
      const { schemaCommand } = await import("./commands/schema.ts");
      exitCode = await schemaCommand(name, io);
    });
  addOptions(program.command("doc"), docOptions)
    .argument("[modules...]")
    .description("show what a module does, its options and its result; without a module, list them")
    .action(async (modules: string[], options: GivenOptions) => {
      const { docCommand } = await import("./commands/doc.ts");
      exitCode = await docCommand(modules, options, io);
    });
  program
    .command("completion")
    .argument("<shell>")
    .description("print the completion of bash, zsh or fish: source <(latchkey completion bash)")
    .action(async (shell: string) => {
      const { completionCommand } = await import("./commands/completion.ts");
      exitCode = completionCommand(shell, program, io);
    });
  program
    .command("modules")
    .description("list the modules")
    .action(async () => {
      const { moduleEntries } = await import("../modules/registry.ts");
      io.stdout.write(
        moduleEntries()
          .map((entry) => `${entry.name}\n`)
          .join(""),
      );
    });
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version are asked for, and no mistake.
    exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  }
  return exitCode;
};

const createProgram = (io: Io): Command =>
  new Command("latchkey")
    .description("opens SSH access for support on a fleet of VMs, and closes it again")
    .version(version())
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      outputError: (text, write) => {
        write(text.split("\n").map(escapeForTerminal).join("\n"));
      },
    })
    .showHelpAfterError("(latchkey --help shows the usage)")
    .exitOverride();

const addOptions = (command: Command, options: Readonly<Record<string, OptionSpec>>): Command => {
  for (const [name, spec] of Object.entries(options)) {
    const option = new Option(spec.flags, spec.description);
    option.attributeName = () => spec.means ?? name;
    if (spec.means !== undefined || spec.refused !== undefined) option.hideHelp();
    if (spec.choices !== undefined) option.choices([...spec.choices]);
    // Without a default of its own: the help would show it.
    if (spec.kind === "count") option.argParser((_value, before: number | undefined) => (before ?? 0) + 1);
    if (spec.kind === "texts") option.argParser((value, before: string[] | undefined) => [...(before ?? []), value]);
    command.addOption(option);
    const { refused } = spec;
    if (refused === undefined) continue;
    command.on(`option:${option.name()}`, () => {
      command.error(`error: ${spec.flags} is Ansible's, and not part of Latchkey: ${refused}`);
    });
  }
  return command.exitOverride();
};
