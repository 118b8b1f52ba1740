import type { FieldValue } from "../../shell/program.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { sshdConfigLibraries } from "../../shell/sshd-config.ts";
import { err, ok } from "../../util/result.ts";
import type { HostModule } from "../module.ts";
import { type SshdPortArguments, sshdPortSchema, sshdPortReturns } from "./sshd_port.schema.ts";

/** Has sshd listen on one more port, or no longer. */
export const sshdPort: HostModule<SshdPortArguments> = {
  runs: "host",
  name: "latchkey.access.sshd_port",
  summary:
    "Has sshd listen on one more port, or no longer; the host takes it back unless a new connection confirms it.",
  schema: sshdPortSchema,
  normalize: (args) => {
    if (args.port < 1 || args.port > 65_535) return err("port: a number from 1 to 65535");
    if (args.confirm < 1 || args.confirm > 3600) return err("confirm: from 1 to 3600 seconds");
    return ok(args);
  },
  functions: [...sshdConfigLibraries, shellBody("m_sshd_port", new URL("sshd_port.sh", import.meta.url))],
  params: ({ port, state, confirm }) => ok({ port, state, confirm }),
  confirmBy: "new-connection",
  result: ({ fields }) => ({ ...fields, ...("ports" in fields ? { ports: numbersOf(fields["ports"]) } : {}) }),
  checkMode: "full",
  returns: sshdPortReturns,
  examples: `
- name: Support reaches sshd on port 22 as well
  latchkey.access.sshd_port:
    port: 22
`,
};

const numbersOf = (value: FieldValue | undefined): readonly number[] =>
  Array.isArray(value) ? value.map(Number) : [Number(value)];
