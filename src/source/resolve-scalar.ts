import type { Scalar } from "./node.ts";

/**
 * The value of a plain YAML scalar as PyYAML's safe loader (YAML 1.1, which Ansible uses) resolves it.
 *
 * Source: the implicit resolvers of PyYAML and https://yaml.org/type/. Dates stay texts, as they are when rendered.
 */
export const resolvePlainScalar = (text: string): Scalar => {
  if (text === "" || text === "~" || /^(?:null|Null|NULL)$/.test(text)) return null;
  if (/^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/.test(text)) return true;
  if (/^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/.test(text)) return false;
  return resolveInteger(text) ?? resolveFloat(text) ?? text;
};

const resolveInteger = (text: string): number | undefined => {
  const match = /^([-+]?)(0b[0-1_]+|0x[0-9a-fA-F_]+|0[0-7_]*|[1-9][0-9_]*(?::[0-5]?[0-9])*)$/.exec(text);
  if (match === null) return undefined;
  const sign = match[1] === "-" ? -1 : 1;
  const digits = (match[2] ?? "").replaceAll("_", "");
  return sign * unsignedInteger(digits);
};

const unsignedInteger = (digits: string): number => {
  if (digits.startsWith("0b")) return Number.parseInt(digits.slice(2), 2);
  if (digits.startsWith("0x")) return Number.parseInt(digits.slice(2), 16);
  // YAML 1.1: a leading zero means octal, so `mode: 0644` is 420.
  if (digits.startsWith("0")) return Number.parseInt(digits, 8);
  return sexagesimal(digits);
};

const resolveFloat = (text: string): number | undefined => {
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return Number.NaN;
  if (/^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/.test(text)) {
    const sign = text.startsWith("-") ? -1 : 1;
    return sign * sexagesimal(text.replace(/^[-+]/, "").replaceAll("_", ""));
  }
  if (/^[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)$/.test(text)) {
    return Number(text.replaceAll("_", ""));
  }
  return undefined;
};

/** Base 60, as YAML 1.1 has it: `1:30` is 90. */
const sexagesimal = (digits: string): number => digits.split(":").reduce((total, part) => total * 60 + Number(part), 0);
