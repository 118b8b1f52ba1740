import { shellBody } from "../../shell/shell-function.ts";
import { ok } from "../../util/result.ts";
import type { Fields } from "../command/command-result.ts";
import type { HostModule } from "../module.ts";
import { factsOf, HostTexts } from "./facts.ts";
import { filterFacts } from "./filter-facts.ts";
import { type SetupArguments, setupSchema, setupReturns } from "./setup.schema.ts";
import { chooseSubsets, type Subset } from "./subsets.ts";

/** Finds out what kind of system a host is. Facts are named without `ansible_`; the run adds the variables with it. */
export const setup: HostModule<SetupArguments> = {
  runs: "host",
  name: "ansible.builtin.setup",
  summary: "Finds out what kind of system a host is.",
  schema: setupSchema,
  normalize: (args) => {
    const subsets = chooseSubsets(args.gather_subset);
    return subsets.ok ? ok(args) : subsets;
  },
  functions: [shellBody("m_setup", new URL("setup.sh", import.meta.url))],
  params: (args) => {
    const wanted = wantedOf(args);
    return ok({
      want_user: wanted.has("user"),
      want_env: wanted.has("env"),
      want_date_time: wanted.has("date_time"),
      want_python: wanted.has("python"),
      want_fqdn: wanted.has("platform"),
      want_hardware: wanted.has("hardware"),
      want_network: wanted.has("network"),
      want_local: wanted.has("local"),
      fact_path: args.fact_path,
    });
  },
  result: ({ fields }, args): Fields => {
    const facts = factsOf(new HostTexts(fields), wantedOf(args));
    const about = { gather_subset: args.gather_subset, module_setup: true };
    return { ansible_facts: filterFacts({ ...facts, ...about }, args.filter) };
  },
  readOnly: true,
  checkMode: "full",
  returns: setupReturns,
  examples: `
- name: Only what tells systems apart
  ansible.builtin.setup:
    gather_subset: ["!all"]
`,
};

const wantedOf = (args: SetupArguments): ReadonlySet<Subset> => {
  const subsets = chooseSubsets(args.gather_subset);
  return subsets.ok ? subsets.value : new Set();
};
