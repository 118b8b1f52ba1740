import type { ValueMap } from "../vars/value.ts";
import type { Role, VarsFile } from "./playbook.ts";

/** The variables that a role's own tasks see by it, and those around it; each list from the strongest to the weakest. */
interface RoleVariables {
  readonly params: readonly ValueMap[];
  readonly vars: readonly ValueMap[];
  readonly defaults: readonly ValueMap[];
}

/** What a role hands to its tasks: its own before that of the roles that brought it, and what it depends on. */
export const roleVariables = (role: Role): RoleVariables => {
  let known = made.get(role);
  if (known === undefined) {
    const outwards = [role, ...role.parents.toReversed()];
    known = {
      params: outwards.map(({ params }) => params),
      vars: [...exported(role, "vars"), ...outwards.slice(1).flatMap(({ vars }) => valuesOf(vars))],
      defaults: [
        ...outwards.flatMap(({ defaults }) => valuesOf(defaults)),
        ...role.dependencies.toReversed().flatMap((dependency) => exported(dependency, "defaults")),
      ],
    };
    made.set(role, known);
  }
  return known;
};

/** Each step of each host asks. */
const made = new WeakMap<Role, RoleVariables>();

/** What a role hands to the whole play, with what it depends on: from the strongest to the weakest. */
export const exported = (role: Role, kind: "vars" | "defaults"): readonly ValueMap[] => [
  ...valuesOf(role[kind]),
  ...role.dependencies.toReversed().flatMap((dependency) => exported(dependency, kind)),
];

const valuesOf = (files: readonly VarsFile[]): readonly ValueMap[] => files.map(({ values }) => values).toReversed();
