import type { FieldValue, ProgramResult } from "../../shell/program.ts";

/** What the body says of a job itself, beside what the job's own program answered. */
export const jobOf = ({ fields }: ProgramResult): { readonly [key: string]: FieldValue } => {
  const { job } = fields;
  return isMap(job) ? job : {};
};

const isMap = (value: FieldValue | undefined): value is { readonly [key: string]: FieldValue } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
