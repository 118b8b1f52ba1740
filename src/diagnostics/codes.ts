/**
 * The stable codes of diagnostics, one sentence each. A number is never used again for something else.
 */
export const diagnosticCodes = {
  V01: "The file is not YAML that Latchkey reads: syntax, a tab, a duplicate key, an alias loop.",
  V02: "A key does not exist at this level.",
  V03: "Something required is missing, or a task has no module or two.",
  V04: "This is Ansible's, and not part of Latchkey.",
  V06: "The value of a keyword has the wrong type, or is not among its choices.",
  V10: "There is no module of this name.",
  V11: "An option of a module is unknown, missing, of the wrong type, or not among its choices.",
  V20: "An expression or template does not parse.",
  V21: "A variable is not defined.",
  V22: "There is no filter, test or lookup of this name.",
  V30: "A handler is notified that does not exist.",
  V32: "A file is missing, unreadable, or includes itself.",
  V33: "No task has the tag or the name that the command line asks for.",
  V40: "A host pattern or a limit matches nothing.",
  V41: "The inventory contradicts itself or cannot be read.",
  V42: "A host name, address, port or connection variable is wrong.",
  V44: "A private key file is missing, unreadable, or not a private key.",
  V46: "A vault cannot be opened: there is no password for it, none fits, or it is damaged.",
  V50: "A public key is wrong, weak, truncated, or a private key.",
  V51: "An account's name is not legal, reserved, or that of the account by which a host is reached.",
  V52: "A rule of sudoers would be refused, not read, or allow more than it looks like.",
  V53: "An address or a network is wrong, or every one.",
  V54: "A grant does not say its ticket or its end, or says it wrongly, or where it makes no grant.",
  V55: "A task of a grant cannot be taken back, does not say how, or is left by its revoke.",
  V56: "The account by which a host is reached would be removed.",
  V57: "A grant does not say what the policy requires, or the policy is wrong.",
  V58: "A task cannot stand in a script for a customer: it needs a controller, or a secret.",
} as const;

/** The code of a diagnostic, such as `V11`. */
export type DiagnosticCode = keyof typeof diagnosticCodes;
