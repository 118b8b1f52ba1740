import type { Plain } from "../vars/value.ts";

/** The name of a value's type in Python, as it stands in Ansible's messages. */
export const pythonType = (value: Plain): string => {
  if (value === null) return "NoneType";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  if (typeof value === "string") return "str";
  return Array.isArray(value) ? "list" : "dict";
};
