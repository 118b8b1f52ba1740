/**
 * The stable codes of diagnostics, one sentence each. A number is never used again for something else.
 */
export const diagnosticCodes = {
  V01: "The file is not YAML that Latchkey reads: syntax, a tab, a duplicate key, an alias loop.",
  V02: "A key does not exist at this level.",
  V03: "Something required is missing, or a task has no module or two.",
  V04: "This is Ansible's, and not part of Latchkey.",
  V05: "Two handlers have the same name.",
  V06: "The value of a keyword has the wrong type, or is not among its choices.",
  V07: "A comment that ignores a finding names no code, gives no reason, or has no use.",
  V10: "There is no module of this name.",
  V11: "An option of a module is unknown, missing, of the wrong type, or not among its choices.",
  V12: "An option does nothing in this combination.",
  V13: "A task can change nothing.",
  V20: "An expression or template does not parse.",
  V21: "A variable is not defined.",
  V22: "A filter, test, lookup or method does not exist, or is called in a way that it does not take.",
  V23: "Values are compared or combined that do not go together, or an option gets what it cannot take.",
  V24: "A task's result has no such key, or is read before the task.",
  V25: "A loop's variable stands where there is no loop.",
  V26: "A variable is defined for some hosts of the play only.",
  V27: "A condition gives no boolean, or always the same.",
  V30: "A handler is notified that does not exist, or nothing calls a handler.",
  V31: "A task is never reached.",
  V32: "A file is missing, unreadable, or includes itself.",
  V33: "No task has the tag or the name that the command line asks for.",
  V34: "A number is out of its range, or can have no effect.",
  V40: "A host pattern or a limit matches nothing.",
  V41: "The inventory contradicts itself or cannot be read.",
  V42: "A host name, address, port or connection variable is wrong.",
  V43: "There is no such way to a host.",
  V44: "A private key file is missing, unreadable, open to others, or not a private key.",
  V45: "The keys of hosts are not checked.",
  V46: "A vault cannot be opened: there is no password for it, none fits, or it is damaged.",
  V50: "A public key is wrong, weak, truncated, or a private key.",
  V51: "An account's name is not legal, reserved, or that of the account by which a host is reached.",
  V52: "A rule of sudoers would be refused, not read, or allow more than it looks like.",
  V53: "An address or a network is wrong, or every one.",
  V54: "A grant does not say its ticket or its end, or says it wrongly, or where it makes no grant.",
  V55: "A task of a grant cannot be taken back, does not say how, or is left by its revoke.",
  V56: "The account by which a host is reached would be removed.",
  V57: "A secret stands in clear; or a grant does not say what the policy requires, or the policy is wrong.",
  V58: "A task cannot stand in a script for a customer: it needs a controller, or a secret.",
  V60: "A shell would not read a command: its syntax is wrong.",
  V61: "A text that comes from a host becomes part of a command.",
  V62: "A command waits for a person, never ends, or removes more than it should when a variable is empty.",
  V63: "A task needs root's rights, and does not become root.",
  V70: "A file to send is not there, or the path, mode or owner of a file is wrong.",
} as const;

/** A code's sentence as the heading of its page: without a capital and a full stop. */
export const titleOfCode = (code: DiagnosticCode): string => {
  const sentence = diagnosticCodes[code].replace(/\.$/, "");
  return /^[A-Z](?:[a-z]|\s)/.test(sentence) ? sentence.charAt(0).toLowerCase() + sentence.slice(1) : sentence;
};

/** Whether a text is the code of a diagnostic. */
export const isDiagnosticCode = (text: string): text is DiagnosticCode => Object.hasOwn(diagnosticCodes, text);

/** The code of a diagnostic, such as `V11`. */
export type DiagnosticCode = keyof typeof diagnosticCodes;
