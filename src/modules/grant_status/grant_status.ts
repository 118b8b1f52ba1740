import { grantLibraries } from "../../shell/grant.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { ok } from "../../util/result.ts";
import type { FieldValue } from "../../shell/program.ts";
import { keyLinesLibrary } from "../authorized_key/key-lines.ts";
import { blobFingerprint } from "../authorized_key/public-key.ts";
import type { HostModule } from "../module.ts";
import { type GrantStatusArguments, grantStatusSchema, grantStatusReturns } from "./grant_status.schema.ts";

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
  result: ({ fields }) => ({
    ...fields,
    grants: mapValues(isMap(fields["grants"]) ? fields["grants"] : {}, withKeys),
    leftovers: fields["leftovers"] ?? [],
    remains: fields["remains"] ?? [],
  }),
  checkMode: "full",
  returns: grantStatusReturns,
  examples: `
- name: Look which grants are open
  latchkey.access.grant_status:
  register: found
`,
};

type FieldMap = Readonly<Record<string, FieldValue>>;

const isMap = (value: FieldValue | undefined): value is FieldMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const mapValues = (map: FieldMap, change: (value: FieldValue) => FieldValue): FieldMap =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));

/** A grant's keys and authorities, which the host tells as `BLOB FILE`, with their fingerprints. */
const withKeys = (grant: FieldValue): FieldValue =>
  isMap(grant) ? { ...grant, keys: keysOf(grant["keys"]), authorities: keysOf(grant["authorities"]) } : grant;

const keysOf = (lines: FieldValue | undefined): FieldValue =>
  (Array.isArray(lines) ? lines : []).map((line) => {
    const [blob = "", ...file] = String(line).split(" ");
    return { file: file.join(" "), blob, fingerprint: blobFingerprint(blob) };
  });
