import { requestOptions } from "../get_url/request-options.ts";
import type { FromSchema } from "json-schema-to-ts";
import { pathReturns, writeReturns } from "../common-returns.ts";
import { fileOptions } from "../file-options.ts";
import type { ReturnedValues } from "../module.ts";

export const uriSchema = {
  type: "object",
  properties: {
    url: { type: "string", description: "What is asked: http or https." },
    method: { type: "string", default: "GET", description: "The method, in capitals." },
    body: { description: "What is sent: a text, or with `body_format` json or form-urlencoded a mapping or a list." },
    body_format: {
      type: "string",
      enum: ["raw", "json", "form-urlencoded", "form-multipart"],
      default: "raw",
      description: "How `body` is written. form-multipart is not supported yet.",
    },
    src: { type: "string", description: "A file that is sent instead of `body`." },
    remote_src: { type: "boolean", default: false, description: "Whether `src` is a file of the host." },
    status_code: {
      type: "array",
      items: { type: "integer" },
      default: [200],
      description: "The statuses that count as success.",
    },
    return_content: {
      type: "boolean",
      default: false,
      description: "Whether the result has the answer's text as `content`. JSON is in `json` without it.",
    },
    dest: {
      type: "string",
      description: "The file of the host that the answer becomes; in a directory, one of the URL's last name.",
    },
    creates: { type: "string", description: "Where this is on the host, nothing is asked." },
    removes: { type: "string", description: "Where this is not on the host, nothing is asked." },
    follow_redirects: {
      type: "string",
      enum: ["all", "no", "none", "safe", "urllib2", "yes"],
      default: "safe",
      description:
        "Whether to go where the server sends one: always (`all`), where nothing but GET and HEAD is asked (`safe`), or never.",
    },
    timeout: {
      type: "integer",
      minimum: 1,
      default: 30,
      description: "Seconds in which the server must say something. Not every wget knows it.",
    },
    ca_path: { type: "string", description: "The authorities for that, as a file of the host. Needs curl." },
    client_cert: { type: "string", description: "A certificate of the client, as a file of the host. Needs curl." },
    client_key: { type: "string", description: "The key of client_cert. Needs curl." },
    unix_socket: { type: "string", description: "A socket of the host instead of the URL's address. Needs curl." },
    force: {
      type: "boolean",
      default: false,
      description: "Nothing is kept between requests: there is nothing to force.",
    },
    ...requestOptions,
    ...fileOptions,
  },
  required: ["url"],
  additionalProperties: false,
} as const;

/** Arguments of uri. */
export type UriArguments = FromSchema<typeof uriSchema>;

/** The keys of uri's result. The answer's headers are keys, too: `content_type`. */
export const uriReturns: ReturnedValues = {
  ...pathReturns,
  ...writeReturns,
  status: {
    description: "The server's status; -1 where it gave none.",
    type: "integer",
    returned: "where it was asked",
  },
  url: { description: "The URL that answered in the end.", type: "string", returned: "where it was asked" },
  redirected: { description: "Whether that is another one.", type: "boolean", returned: "where it was asked" },
  elapsed: { description: "How many seconds it took.", type: "integer", returned: "where it was asked" },
  content: { description: "The answer's text.", type: "string", returned: "with `return_content`" },
  json: {
    description: "The answer, where it is JSON.",
    type: "any",
    returned: "where the server says that it is JSON",
  },
  cookies: { description: "The cookies that the server set.", type: "object", returned: "where it answered" },
  cookies_string: { description: "The same in one line.", type: "string", returned: "where it answered" },
  content_type: { description: "What the server says of the answer.", type: "string", returned: "where it says so" },
  content_length: { description: "The answer's size in bytes.", type: "string", returned: "where the server says so" },
  location: { description: "Where the server would send one.", type: "string", returned: "where it says so" },
  path: { description: "The file of the host.", type: "string", returned: "with `dest`" },
  stdout: { description: "Why nothing was asked.", type: "string", returned: "where `creates` or `removes` kept it" },
  stdout_lines: { description: "The same, line by line.", type: "array", returned: "with `stdout`" },
};
