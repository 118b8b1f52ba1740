import { grantLibraries } from "../../shell/grant.ts";
import type { FieldValue } from "../../shell/program.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { ok } from "../../util/result.ts";
import { keyLinesLibrary } from "../authorized_key/key-lines.ts";
import { keyFingerprint } from "../authorized_key/public-key.ts";
import type { HostModule } from "../module.ts";
import { type GrantStatusArguments, grantStatusSchema } from "./grant_status.schema.ts";

/** The comment of an account that playbooks/grant.yml makes, unless it is told another: `support_comment` there. */
export const supportComment = "Vendor support account";

/** Tells which grants there are on a host. */
export const grantStatus: HostModule<GrantStatusArguments> = {
  runs: "host",
  name: "latchkey.access.grant_status",
  summary: "Tells which grants there are on a host, whose, and until when.",
  schema: grantStatusSchema,
  readOnly: true,
  functions: [
    ...grantLibraries,
    keyLinesLibrary,
    shellBody("m_grant_status", new URL("grant_status.sh", import.meta.url)),
  ],
  params: ({ id }) => ok({ id, comment: supportComment }),
  result: ({ fields }) => {
    const grants = Object.entries(mapOf(fields["grants"])).map(([id, grant]) => [id, withKeys(mapOf(grant))] as const);
    return { ...fields, grants: Object.fromEntries(grants), leftovers: fields["leftovers"] ?? [] };
  },
  checkMode: "full",
  examples: `
- name: Look which grants are open
  latchkey.access.grant_status:
  register: found
`,
};

type Fields = Readonly<Record<string, FieldValue>>;

/** With the fingerprints of the keys that a grant lets in, and of authorities, which are named as such. */
const withKeys = ({ keys, authorities, ...grant }: Fields): Fields => ({
  ...grant,
  keys: [...fingerprintsOf(keys), ...fingerprintsOf(authorities).map((print) => `authority ${print}`)],
});

const fingerprintsOf = (lines: FieldValue | undefined): readonly string[] =>
  (Array.isArray(lines) ? lines : []).flatMap((line) => {
    const print = keyFingerprint(String(line));
    return print.ok ? [print.value] : [];
  });

const mapOf = (value: FieldValue | undefined): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
