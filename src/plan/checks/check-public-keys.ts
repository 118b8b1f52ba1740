import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { holdsPrivateKey, parsePublicKey } from "../../modules/authorized_key/public-key.ts";
import type { Play } from "../../playbook/playbook.ts";
import { tasksOfPlay } from "../../playbook/tasks-of.ts";
import { entryOf, type MapEntry, type Node, type ScalarNode } from "../../source/node.ts";
import { parseYaml } from "../../source/parse-yaml.ts";
import { SourceFile } from "../../source/source-file.ts";
import { hasMarkers } from "../../vars/from-node.ts";
import { freeVariables } from "../../vars/check-template.ts";
import type { Value } from "../../vars/value.ts";
import type { Plan } from "../plan.ts";
import { templatesIn } from "./task-values.ts";

/** Variables that end up in `authorized_key` and hold no public key: a private one above all, or one cut short. */
export const checkPublicKeys = (plan: Plan, extraVars: readonly MapEntry[]): readonly Diagnostic[] =>
  plan.playbooks
    .flatMap(({ playbook }) => playbook.plays)
    .flatMap((play) => {
      const names = namesOfKeys(play);
      if (names.size === 0) return [];
      // Of a variable that is set in several places, the strongest is the one that counts.
      const sources = [
        extraVars.toReversed(),
        ...play.varsFiles.map((file) => file.entries).toReversed(),
        varsOf(play),
      ];
      return [...names].flatMap((name) => {
        const entry = sources.flat().find((candidate) => String(candidate.key.value) === name);
        return entry === undefined ? [] : checkValue(entry.value);
      });
    });

const varsOf = (play: Play): readonly MapEntry[] => {
  const vars = entryOf(play.node, "vars")?.value;
  return vars?.kind === "map" ? vars.entries : [];
};

/** The variables that a play's keys are made of, followed through the play's own variables. */
const namesOfKeys = (play: Play): ReadonlySet<string> => {
  const names = new Set<string>();
  const follow = (value: Value | undefined): void => {
    for (const template of templatesIn(value)) {
      // What a lookup reads is not what the variables in it hold.
      if (/\b(?:lookup|query|q)\(/.test(template.source)) continue;
      for (const name of freeVariables(template)) {
        if (names.has(name)) continue;
        names.add(name);
        follow(play.vars[name]);
      }
    }
  };
  const tasks = tasksOfPlay(play);
  for (const task of tasks) {
    if (task.module.shortName !== "authorized_key") continue;
    follow(task.args["key"]);
    if (names.has("item")) follow(task.loop?.terms);
  }
  return names;
};

const checkValue = (node: Node): readonly Diagnostic[] => {
  if (node.kind === "seq") return node.items.flatMap(checkValue);
  if (node.kind !== "scalar" || typeof node.value !== "string" || hasMarkers(node.value)) return [];
  if (holdsPrivateKey(node.value)) return [privateKey(node)];
  return textsOf(node.value).flatMap((line) => {
    const key = parsePublicKey(line);
    return key.ok
      ? []
      : [{ code: "V50", severity: "error", message: `this is no public key: ${key.error}`, span: node.span } as const];
  });
};

const privateKey = ({ span }: ScalarNode): Diagnostic => ({
  code: "V50",
  severity: "error",
  message: "this is a private key, where a public one belongs",
  span,
  hint: "use the content of the .pub file beside it; a private key that was shown to others should be replaced",
});

/** The keys of a text: lines, or the items of a list in JSON or YAML, which is how a list comes from the command line. */
const textsOf = (text: string): readonly string[] => {
  if (text.trimStart().startsWith("[")) {
    const { root } = parseYaml(new SourceFile("", text));
    if (root?.kind === "seq") return root.items.flatMap((item) => (item.kind === "scalar" ? [String(item.value)] : []));
  }
  return text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
};
