import type { Plain, PlainMap } from "../../vars/value.ts";
import type { ControllerContext, ControllerModule, ControllerResult } from "../module.ts";
import { argumentErrors } from "./argument-errors.ts";
import { type ValidateArgumentSpecArguments, validateArgumentSpecSchema } from "./validate_argument_spec.schema.ts";

/** Fails unless variables are as a specification wants them. */
export const validateArgumentSpec: ControllerModule<ValidateArgumentSpecArguments> = {
  runs: "controller",
  name: "ansible.builtin.validate_argument_spec",
  summary: "Fails unless variables are as a specification wants them.",
  schema: validateArgumentSpecSchema,
  returns: {
    argument_errors: {
      type: "array",
      description: "What is wrong, one sentence each.",
      returned: "when something is wrong",
    },
    argument_spec_data: {
      type: "object",
      description: "The specification.",
      returned: "when something is wrong",
    },
    validate_args_context: { type: "object", description: "The argument of this name." },
  },
  run: (args, context) => validate(args, context),
  examples: `
- name: The ticket is there, and the hours are a number
  ansible.builtin.validate_argument_spec:
    argument_spec:
      ticket: { type: str, required: true }
      hours: { type: int, default: 4 }
    provided_arguments:
      ticket: "{{ ticket | default(omit) }}"
`,
};

const validate = (args: ValidateArgumentSpecArguments, context: ControllerContext): ControllerResult => {
  const spec = args.argument_spec as PlainMap;
  const validate_args_context = args.validate_args_context as PlainMap;
  const given: Record<string, Plain> = {};
  const errors: string[] = [];
  const provided = args.provided_arguments as PlainMap;
  for (const name of Object.keys(spec)) {
    const value = name in provided || !/^[A-Za-z_]\w*$/.test(name) ? undefined : context.lookup(name);
    if (value?.ok === false) errors.push(value.error);
    else if (value?.value !== undefined) given[name] = value.value;
  }
  errors.push(...argumentErrors(spec, { ...given, ...provided }));
  if (errors.length === 0)
    return { outcome: "ok", fields: { msg: "The arg spec validation passed", validate_args_context } };
  const msg = `Validation of arguments failed:\n${errors.join("\n")}`;
  const fields = { argument_errors: errors, argument_spec_data: spec, msg, validate_args_context };
  return { outcome: "failed", fields };
};
