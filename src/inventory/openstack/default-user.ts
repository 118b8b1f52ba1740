/** What is known of the system on a server. */
export interface KnownImage {
  readonly name?: string | undefined;
  /** Glance's properties `os_distro`, `os_version` and `os_admin_user`. */
  readonly distro?: string | undefined;
  readonly version?: string | undefined;
  readonly adminUser?: string | undefined;
}

/** The account that cloud-init makes in the images that each distribution publishes. */
const users: Readonly<Record<string, string>> = {
  almalinux: "almalinux",
  amazon: "ec2-user",
  arch: "arch",
  cirros: "cirros",
  debian: "debian",
  fedora: "fedora",
  flatcar: "core",
  freebsd: "freebsd",
  opensuse: "opensuse",
  rhel: "cloud-user",
  rocky: "rocky",
  sles: "sles",
  ubuntu: "ubuntu",
};

/** How names of images spell them; the first that fits counts. */
const spellings: readonly (readonly [RegExp, string])[] = [
  [/^alma ?linux|\balma\b/, "almalinux"],
  [/amzn|amazon ?linux/, "amazon"],
  [/\bcentos/, "centos"],
  [/\bred ?hat|\brhel/, "rhel"],
  [/\bopensuse|open suse/, "opensuse"],
  [/\bsles\b|suse linux enterprise/, "sles"],
  ...["rocky", "ubuntu", "debian", "fedora", "flatcar", "cirros", "freebsd"].map((name): readonly [RegExp, string] => [
    new RegExp(String.raw`\b${name}`),
    name,
  ]),
  [/\barch ?linux|^arch$/, "arch"],
];

/** The account to log in with, where the image tells; undefined where nothing is known. */
export const defaultUser = ({ name = "", distro, version = "", adminUser }: KnownImage): string | undefined => {
  if (adminUser !== undefined && /^[a-z_][a-z0-9_-]{0,31}$/.test(adminUser)) return adminUser;
  for (const text of [distro, name]) {
    const words = (text ?? "")
      .toLowerCase()
      .replaceAll(/[_.-]+/g, " ")
      .trim();
    const system = spellings.find(([spelling]) => spelling.test(words))?.[1];
    if (system === undefined) continue;
    if (system !== "centos") return users[system];
    // CentOS Stream 9 has the account of Red Hat's own images.
    const major = Number(/\d+/.exec(version)?.[0] ?? /\b(\d+)\b/.exec(name)?.[1]);
    return major >= 9 && major < 100 ? "cloud-user" : "centos";
  }
  return undefined;
};
