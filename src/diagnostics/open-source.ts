import type { Node } from "../source/node.ts";
import { SourceFile } from "../source/source-file.ts";
import { isVaulted } from "../vault/envelope.ts";
import { Vault, type VaultProblem } from "../vault/vault.ts";
import type { Diagnostic } from "./diagnostic.ts";

/** Where findings go. */
interface Findings {
  readonly push: (...diagnostics: readonly Diagnostic[]) => unknown;
}

/** A file's text as the loader reads it: what is vaulted is opened. Undefined where it stays closed, which is reported. */
export const openSource = (
  path: string,
  text: string,
  vault: Vault | undefined,
  diagnostics: Findings,
): SourceFile | undefined => {
  if (!isVaulted(text)) return new SourceFile(path, text);
  const opened = (vault ?? new Vault()).open(text);
  if (opened.ok) return new SourceFile(path, opened.value.toString("utf8"), true);
  vault?.closed.add(path);
  if (opened.error.kind !== "locked" || vault?.passesOver !== true) {
    diagnostics.push(vaultDiagnostic(opened.error, new SourceFile(path, text)));
  }
  return undefined;
};

const vaultDiagnostic = ({ message, hint, start, end }: VaultProblem, file: SourceFile): Diagnostic => ({
  code: "V46",
  severity: "error",
  message,
  span: { file, start: start ?? 0, end: end ?? Math.max(1, file.line(1).length) },
  ...(hint === undefined ? {} : { hint }),
});

/**
 * What a vaulted file says, its texts and numbers being secrets from now on. For who must not have them the variables
 * stay closed like `!vault` values, and anything but variables is refused.
 */
export const secretContent = (
  file: SourceFile,
  root: Node | undefined,
  vault: Vault | undefined,
  diagnostics: Findings,
): Node | undefined => {
  if (!file.isSecret || vault === undefined || root === undefined) return root;
  if (!vault.keepsValuesClosed) {
    learn(root, "", vault, root.kind === "seq");
    return root;
  }
  if (root.kind === "map") return closed(root);
  const message = "what is vaulted cannot stand in a script for a customer";
  diagnostics.push({ code: "V58", severity: "error", message, span: { file, start: 0, end: 1 } });
  return undefined;
};

const closed = (node: Node): Node => {
  switch (node.kind) {
    case "scalar":
      return { ...node, value: node.text, tag: "!vault" };
    case "seq":
      return { ...node, items: node.items.map(closed) };
    case "map":
      return { ...node, entries: node.entries.map(({ key, value }) => ({ key, value: closed(value) })) };
  }
};

const learn = (node: Node, name: string, vault: Vault, hasTasks: boolean): void => {
  if (node.kind === "seq") for (const item of node.items) learn(item, name, vault, hasTasks);
  else if (node.kind === "map") {
    for (const { key, value } of node.entries) learn(value, String(key.value), vault, hasTasks);
  } else if (hasTasks && ofTasks.has(name)) return;
  else if (typeof node.value === "string") learnValue(name, node.value, vault);
  else if (typeof node.value === "number") learnValue(name, node.text, vault);
};

/** What tasks are called by, and words that are the same everywhere: without them nobody could follow a run. */
const ofTasks = new Set("name hosts tags register notify listen state mode owner group".split(" "));

/** Makes the value that a vaulted file gives to a variable a secret. */
export const learnValue = (name: string, text: string, vault: Vault): void => {
  if (!isOrdinary(name)) vault.learnText(text);
};

/** What a host is called and where it is, a run tells in any case, and the ledger is to know of whose grant it is. */
const isOrdinary = (name: string): boolean =>
  /^(?:latchkey_|ansible_(?:ssh_)?(?:host|port|user)$|ansible_connection$|ansible_become(?:_user|_method)?$)/.test(
    name,
  );
