/** Options of a request that a host makes by HTTP: those that get_url and uri share. */
export const requestOptions = {
  headers: {
    type: "object",
    additionalProperties: { type: ["string", "number", "boolean"] },
    description: "More headers of the request. Needs curl on the host.",
  },
  http_agent: { type: "string", default: "ansible-httpget", description: "The User-Agent of the request." },
  url_username: { type: "string", description: "Who asks, where the server wants to know. Needs curl on the host." },
  url_password: { type: "string", description: "The password of url_username. Needs curl on the host." },
  force_basic_auth: {
    type: "boolean",
    default: false,
    description: "Give the password at once (as HTTP Basic), not only when the server asks for it.",
  },
  use_netrc: { type: "boolean", default: true, description: "Whether curl looks into ~/.netrc for a password." },
  use_proxy: { type: "boolean", default: true, description: "Whether http_proxy and its like count." },
  validate_certs: {
    type: "boolean",
    default: true,
    description: "Whether the server's certificate must be good. BusyBox's wget cannot tell.",
  },
  decompress: {
    type: "boolean",
    default: true,
    description: "No compressed answer is asked for, so there is nothing to decompress.",
  },
  ciphers: { type: "array", items: { type: "string" }, description: "Not supported yet: the ciphers of TLS." },
  unredirected_headers: {
    type: "array",
    items: { type: "string" },
    description: "Not supported yet: headers that a redirect does not get.",
  },
  use_gssapi: { type: "boolean", default: false, description: "Not supported yet: Kerberos." },
} as const;
