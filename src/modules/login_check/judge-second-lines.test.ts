import { expect, it } from "vitest";
import { parsePublicKey } from "../authorized_key/public-key.ts";
import { judgeSecondLines } from "./judge-second-lines.ts";

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHRoZS1zdXBwb3J0LXRlYW0tcy1wdWJsaWMta2V5LTMy";
const other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP1MvjXSls2Q7TyyCzsmzsqu+njQMpZnrlc3awn0muyN";

/** What a line lacks that the given one has. */
const missing = (given: string, text: string): string | undefined => {
  const parsed = parsePublicKey(given);
  const [found] = judgeSecondLines({ 1: { file: "/f", line: 7, text } }, parsed.ok ? [parsed.value] : []);
  return found === undefined ? undefined : /^\/f:7 .* without the (.*) that it was given with/.exec(found)?.[1];
};

it.each([
  [`restrict ${key}`, `restrict,pty ${key} me`, undefined],
  [`restrict ${key}`, `pty,RESTRICT ${key}`, undefined],
  [`restrict ${key}`, `  ${key}`, "restrict"],
  [`restrict ${key}`, `\t# ${key}`, undefined],
  [`restrict ${key}`, other, undefined],
  [`restrict ${key}`, `from="x ${key}`, undefined],
  [`from="10.0.0.1,10.0.0.2" ${key}`, `from="10.0.0.1,10.0.0.2",pty ${key}`, undefined],
  [`from="10.0.0.1",restrict ${key}`, `from="*",restrict ${key}`, "from"],
  [`restrict,expiry-time="20300101Z" ${key}`, `expiry-time="20990101Z" ${key}`, "expiry-time and restrict"],
  [String.raw`command="a \"b,c\"" ${key}`, String.raw`command="a \"b,d\"" ${key}`, "command"],
  [String.raw`command="a \"b,c\"" ${key}`, String.raw`pty,command="a \"b,c\"" ${key}`, undefined],
  [`cert-authority,principals="a" ${key}`, `cert-authority,principals="b" ${key}`, undefined],
  [`cert-authority,principals="a" ${key}`, `cert-authority,principals="b,a" ${key}`, "principals"],
  [`cert-authority,principals="a" ${key}`, `cert-authority ${key}`, "principals"],
  [`restrict ${key}`, `restrict,cert-authority,principals="a" ${key}`, "cert-authority"],
  [`cert-authority,principals="a" ${key}`, key, "cert-authority and principals"],
  [`restrict ${key}`, `restrict,cert-authority ${key}`, "cert-authority"],
])("given %j, finds %j: %j", (given, text, expected) => {
  expect(missing(given, text)).toBe(expected);
});

it.each([undefined, "x", { 1: null }, { 1: { text: 5 } }])("takes what a host says for text: %j", (found) => {
  expect(judgeSecondLines(found as never, [])).toEqual([]);
});
