import { requestOptions } from "./request-options.ts";
import type { FromSchema } from "json-schema-to-ts";
import { fileOptions } from "../file-options.ts";
import { pathReturns, writeReturns } from "../common-returns.ts";
import type { ReturnedValues } from "../module.ts";

export const getUrlSchema = {
  type: "object",
  properties: {
    url: { type: "string", description: "What is downloaded: http or https; with curl on the host also ftp and file." },
    dest: {
      type: "string",
      description: "Where it goes on the host. In a directory it is named as the last part of the URL's path.",
    },
    force: {
      type: "boolean",
      default: false,
      description: "Download it even where the file is there, and the server has no newer one or its checksum fits.",
    },
    checksum: {
      type: "string",
      default: "",
      description:
        "The digest that it must have, as algorithm:hex (md5, sha1, sha224, sha256, sha384, sha512). A file that has it already is not downloaded.",
    },
    backup: { type: "boolean", default: false, description: "Keep the old file beside the new one." },
    timeout: {
      type: "integer",
      minimum: 1,
      default: 10,
      description: "Seconds in which the server must say something. Not every wget knows it.",
    },
    tmp_dest: {
      type: "string",
      description: "The directory for the download until it is checked; else TMPDIR or /tmp.",
    },
    client_cert: { type: "string", description: "Not supported yet: a certificate of the client." },
    client_key: { type: "string", description: "Not supported yet: the key of client_cert." },
    ...requestOptions,
    ...fileOptions,
  },
  required: ["url", "dest"],
  additionalProperties: false,
} as const;

/** Arguments of get_url. */
export type GetUrlArguments = FromSchema<typeof getUrlSchema>;

/** The keys of get_url's result. */
export const getUrlReturns: ReturnedValues = {
  ...pathReturns,
  ...writeReturns,
  url: { description: "The URL.", type: "string" },
  dest: { description: "The file.", type: "string" },
  elapsed: { description: "How many seconds it took.", type: "integer" },
  status_code: {
    description: "The server's status; -1 where it gave none.",
    type: "integer",
    returned: "where it was asked",
  },
  response: { description: "What the server said.", type: "string", returned: "when it refused" },
  checksum_src: { description: "The SHA-1 of what was downloaded.", type: "string", returned: "when downloaded" },
  checksum_dest: { description: "The file's SHA-1.", type: "string", returned: "when downloaded" },
  md5sum: { description: "The MD5 of what was downloaded.", type: "string", returned: "when downloaded" },
};
