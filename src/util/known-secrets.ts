/** Texts that are secrets by their form alone, whatever their name: what issues them, and how they look. */
export const secretForms: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: "a private key", pattern: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----(?=\s*[A-Za-z0-9+/=:,\s-]{20})/ },
  { what: "an access key of AWS", pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/ },
  { what: "a token of GitHub", pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})/ },
  { what: "a token of GitLab", pattern: /\bglpat-[A-Za-z0-9_-]{20,}/ },
  { what: "a token of Slack", pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/ },
  { what: "a key of Stripe", pattern: /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/ },
  { what: "a key of an API", pattern: /\bsk-(?:[a-z]+[0-9]*-)*[A-Za-z0-9_]{20,}/ },
  { what: "a key of Google", pattern: /\bAIza[0-9A-Za-z_-]{35}/ },
  { what: "a token of npm", pattern: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { what: "a key of age", pattern: /\bAGE-SECRET-KEY-1[0-9A-Z]{50,}/ },
  { what: "a password in a URL", pattern: /(?<=\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@{}$<>"']+:)[^\s/:@{}$<>"']{3,}(?=@)/i },
];
