import { undoFunctions, undoProgramParts } from "../shell/grant.ts";
import { escapeForTerminal } from "../util/escape.ts";
import { quote } from "../shell/quote.ts";
import { withoutComments } from "../shell/shell-function.ts";
import type { CompiledScript, ScriptGrant, ScriptStep } from "./compile-script.ts";

/** What a script says of itself. */
export interface ScriptDescription {
  /** Its playbooks' file names, and the SHA-256 of each in hex. */
  readonly playbooks: readonly { readonly name: string; readonly hash: string }[];
  /** The SHA-256 of its playbooks and variables, in hex. */
  readonly hash: string;
  readonly version: string;
  readonly made: Date;
  readonly account: string;
  /** The variable of the environment by which a customer ends access. */
  readonly deleteVariable: string;
  readonly grant: ScriptGrant;
}

/** What the script does where nothing else is asked: `none` asks for a word. */
export type DefaultVerb = "grant" | "revoke" | "none";

const runtime = new URL("runtime.sh", import.meta.url);
const facts = new URL("facts.sh", import.meta.url);

/**
 * Writes a script out. All of it is one compound command that ends in `exit`: a shell runs nothing of it before it has read
 * the last character, so that a download which was cut off does nothing.
 */
export const scriptText = (script: CompiledScript, about: ScriptDescription, verb: DefaultVerb): string => {
  const { before, library, after } = undoProgramParts(about.grant.id);
  const known = new Set(undoFunctions);
  const { lasts } = about.grant;
  const own = [
    `cu_id=${quote(about.grant.id)} cu_user=${quote(about.account)} cu_name=${quote(playbookNames(about))}\n`,
    `cu_sum=${quote(about.hash)} cu_made=${seconds(about.made)} cu_until=${"until" in lasts ? lasts.until : "''"}\n`,
    `cu_undo_before=${quote(before)}\ncu_undo_after=${quote(after)}\n`,
    withoutComments(runtime),
    verb !== "revoke" && script.text.includes("\ncu_find_facts\n") ? withoutComments(facts) : "",
    ...(verb === "revoke" ? script.end.functions : script.functions)
      .filter((fn) => !known.has(fn))
      .map(({ text }) => text),
    verb === "revoke" ? script.end.text : script.end.text + script.text,
  ].join("");
  return [
    "#!/bin/sh\n",
    ...header(script.steps, about, verb).map((line) => (line === "" ? "#\n" : `# ${line}\n`)),
    "{\n",
    // Whoever runs it may have asked their shell for something else.
    "set +eufC\n",
    `cu_default=${verb === "none" ? "''" : verb} cu_variable=${about.deleteVariable}\n`,
    languageText,
    `cu_library=${quote(library)}\n`,
    `cu_own=${quote(own)}\n`,
    'eval "$cu_library$cu_own"\n',
    'cu_start "$@"\n',
    "exit 1\n",
    "}\n",
  ].join("");
};

/** Before anything changes the locale: Korean where the reader's is Korean, in UTF-8. */
const languageText = `case \${LATCHKEY_LANG:-\${LC_ALL:-\${LC_MESSAGES:-\${LANG-}}}} in
ko | ko_*[Uu][Tt][Ff]8 | ko_*[Uu][Tt][Ff]-8 | ko_KR) cu_lang=ko ;;
*) cu_lang=en ;;
esac
`;

const seconds = (time: Date): number => Math.floor(time.getTime() / 1000);

const header = (steps: readonly ScriptStep[], about: ScriptDescription, verb: DefaultVerb): readonly string[] => {
  const { playbooks, version, made, account, deleteVariable: variable } = about;
  const ends = verb === "revoke";
  return [
    ends
      ? `Closes SSH access of the account ${account} on this host.`
      : `Opens SSH access for the account ${account} on this host, and closes it again.`,
    "",
    `Made by Latchkey ${version} on ${made.toISOString().slice(0, 10)} from`,
    ...playbooks.map(({ name, hash }) => `${name} sha256 ${hash}`),
    "",
    ...uses(variable, verb),
    "",
    "Look for the last line that it prints: ACCESS IS OPEN … or ACCESS IS CLOSED …",
    ...(ends ? [] : ["", "What it does, in this order:", ...steps.map(({ names }) => `- ${names[0]}`)]),
    // A line break would end the comment.
  ].map(escapeForTerminal);
};

const playbookNames = ({ playbooks }: ScriptDescription): string => playbooks.map(({ name }) => name).join(", ");

/** The customer's lines, one under the other. */
const uses = (variable: string, verb: DefaultVerb): readonly string[] => {
  const lines: readonly (readonly [string, string])[] = [
    ...(verb === "revoke"
      ? [["sh -", "closes access"] as const]
      : [
          [verb === "none" ? "sh -s -- grant" : "sh -", "opens access"] as const,
          [`${variable}=yes sh -`, "closes access"] as const,
        ]),
    ["sh -s -- status", "says whether access is open"],
  ];
  const width = Math.max(...lines.map(([line]) => line.length));
  return lines.map(([line, does]) => `curl -sLf URL | ${line.padEnd(width)}   ${does}`);
};
