/** The name with a domain: the node's own, else what the resolver said, else what /etc/hosts has for it. */
export const fullName = (nodename: string, resolved: string, hosts: string): string => {
  if (nodename.includes(".")) return nodename;
  if (resolved.includes(".")) return resolved;
  const lines = hosts.split("\n").map((line) => line.replace(/#.*/, "").trim().split(/\s+/).slice(1));
  const own = lines.find((names) => names.includes(nodename)) ?? [];
  return own.find((name) => name.includes(".")) ?? (resolved || nodename);
};
