import type { HostModule } from "../modules/module.ts";
import { shellLibrary } from "../shell/shell-function.ts";
import type { LineinfileArguments } from "../modules/lineinfile/lineinfile.schema.ts";
import { err, ok } from "../util/result.ts";

const library = shellLibrary("customer_edit", new URL("edit.sh", import.meta.url));

/** Options of lineinfile that need Python's patterns, or attributes that are compared on the controller. */
const refused = [
  "regexp",
  "search_string",
  "insertafter",
  "insertbefore",
  "owner",
  "group",
  "mode",
  "attributes",
] as const;

/** The module lineinfile as a script has it: one line that is there, or is not, decided on the host itself. */
export const lineinfileOnHost = (module: HostModule): HostModule => {
  const { next: _, ...others } = module;
  return {
    ...others,
    functions: [...module.functions.slice(0, -1), library, ...module.functions.slice(-1)],
    params: (args, context) => {
      const given = args as LineinfileArguments;
      const strange = refused.find((option) => given[option] !== undefined && given[option] !== "EOF");
      if (strange !== undefined) return err(`"${strange}" of lineinfile is worked out on the controller`);
      const params = module.params(args, context);
      return params.ok ? ok({ ...params.value, line: given.line ?? "" }) : params;
    },
  };
};

/** What stands between the parameters of lineinfile and its body. */
export const lineDecision = (state: unknown): string => `cu_decide ${state === "absent" ? "absent" : "present"}`;
