import type { FieldValue } from "../../shell/program.ts";
import type { Fields } from "../command/command-result.ts";
import { dateTimeFacts, userFacts, environmentFacts } from "./account-and-time.ts";
import { distributionFacts, lsbFacts, type ReleaseFiles } from "./distribution.ts";
import { fullName } from "./full-name.ts";
import { localFacts } from "./local-facts.ts";
import { networkFacts } from "./network.ts";
import { parseAssignments } from "./parse-assignments.ts";
import type { Subset } from "./subsets.ts";
import { virtualFacts } from "./virtualization.ts";

/** What the body said: texts by key, nested as their keys are. */
export class HostTexts {
  readonly #fields: Fields;
  constructor(fields: Fields) {
    this.#fields = fields;
  }

  /** A text of the host, trimmed; empty where the host had none. Parts of the key are separated by `/`. */
  text(key: string): string {
    const value = this.#at(key);
    return typeof value === "string" ? value.trim() : "";
  }

  list(key: string): readonly string[] {
    const value = this.#at(key);
    return Array.isArray(value) ? value.map(String) : [];
  }

  is(key: string): boolean {
    return this.#at(key) === true;
  }

  #at(key: string): FieldValue | undefined {
    let value: FieldValue | undefined = this.#fields;
    for (const part of key.split("/")) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
      value = (value as Fields)[part];
    }
    return value;
  }
}

/** The facts of each group, made from what the host said. */
export const factsOf = (texts: HostTexts, wanted: ReadonlySet<Subset>): Fields => {
  const there = new Set(texts.list("there"));
  const release = releaseFiles(texts);
  const makers: Readonly<Partial<Record<Subset, () => Fields>>> = {
    platform: () => platformFacts(texts),
    distribution: () => distributionFacts(release),
    lsb: () => ({ lsb: lsbFacts(release, there.has("/usr/bin/lsb_release")) }),
    pkg_mgr: () => ({ pkg_mgr: packageManager(there, distributionFacts(release)["os_family"]) }),
    service_mgr: () => ({ service_mgr: serviceManager(texts.text("init"), there) }),
    user: () => userFacts(texts.text("id"), texts.text("passwd")),
    env: () => ({ env: environmentFacts(texts.text("env")) }),
    date_time: () => ({ date_time: dateTimeFacts(texts.text("date")) }),
    selinux: () => ({ selinux: selinuxFacts(texts) }),
    apparmor: () => ({ apparmor: { status: there.has("/sys/module/apparmor") ? "enabled" : "disabled" } }),
    fips: () => ({ fips: texts.text("fips") === "1" }),
    cmdline: () => ({ cmdline: commandLine(texts.text("cmdline")) }),
    loadavg: () => loadFacts(texts.text("loadavg")),
    python: () => pythonFacts(texts.text("python/executable"), texts.text("python/target")),
    ssh_pub_keys: () => sshKeyFacts(texts),
    local: () => ({ local: localFacts(texts.list("local_names"), texts.list("local_texts")) }),
    virtual: () => virtualOf(texts, there),
    hardware: () => hardwareFacts(texts),
    network: () => networkOf(texts),
  };
  return Object.assign({}, ...[...wanted].map((subset) => makers[subset]?.() ?? {})) as Fields;
};

const releaseFiles = (texts: HostTexts): ReleaseFiles => ({
  osRelease: texts.text("os_release"),
  debianVersion: texts.text("etc/debian_version"),
  redhatRelease: texts.text("etc/redhat-release"),
  lsbRelease: texts.text("etc/lsb-release"),
  system: texts.text("uname").split(" ")[0] ?? "",
});

const platformFacts = (texts: HostTexts): Fields => {
  const [system = "", nodename = "", kernel = "", machine = ""] = texts.text("uname").split(" ");
  const fqdn = fullName(nodename, texts.text("fqdn"), texts.text("etc/hosts"));
  const dot = fqdn.indexOf(".");
  const bits = /64|s390x/.test(machine) ? "64" : "32";
  return {
    system,
    kernel,
    kernel_version: texts.text("kernel_version"),
    machine,
    architecture: /^i[3-6]86$/.test(machine) ? "i386" : machine,
    userspace_bits: bits,
    userspace_architecture: /^i[3-6]86$/.test(machine) ? "i386" : machine,
    nodename,
    hostname: nodename.split(".")[0] ?? nodename,
    fqdn,
    domain: dot === -1 ? "" : fqdn.slice(dot + 1),
    machine_id: texts.text("machine_id_dbus") || texts.text("machine_id"),
    is_chroot: texts.is("is_chroot"),
  };
};

const packageManager = (there: ReadonlySet<string>, family: FieldValue | undefined): string => {
  const tools: readonly (readonly [string, string])[] = [
    ["/usr/bin/apt-get", "apt"],
    ["/usr/bin/dnf5", "dnf5"],
    ["/usr/bin/dnf", "dnf"],
    ["/usr/bin/yum", "yum"],
    ["/usr/bin/zypper", "zypper"],
    ["/usr/bin/pacman", "pacman"],
    ["/sbin/apk", "apk"],
    ["/usr/bin/apk", "apk"],
    ["/usr/bin/emerge", "portage"],
    ["/usr/bin/xbps-install", "xbps"],
    ["/usr/bin/opkg", "opkg"],
  ];
  const found = tools.filter(([path]) => there.has(path)).map(([, name]) => name);
  const usual: Readonly<Record<string, readonly string[]>> = {
    Debian: ["apt"],
    RedHat: ["dnf", "dnf5", "yum"],
    Suse: ["zypper"],
    Alpine: ["apk"],
    Archlinux: ["pacman"],
  };
  return found.find((name) => typeof family === "string" && usual[family]?.includes(name)) ?? found[0] ?? "unknown";
};

/** What runs as process 1 names the manager, unless it is called `init` or is a shell: then files tell. */
const serviceManager = (init: string, there: ReadonlySet<string>): string => {
  const known: Readonly<Record<string, string>> = {
    procd: "openwrt_init",
    "runit-init": "runit",
    "openrc-init": "openrc",
    svscan: "svc",
  };
  const isSystemd = ["/run/systemd/system", "/dev/.run/systemd", "/dev/.systemd"].some((path) => there.has(path));
  if (isSystemd) return "systemd";
  if (init !== "" && init !== "init" && !init.endsWith("sh")) return known[init] ?? init;
  if (there.has("/sbin/openrc")) return "openrc";
  return there.has("/etc/init.d") ? "sysvinit" : "service";
};

const selinuxFacts = (texts: HostTexts): Fields => {
  const enforce = texts.text("selinux/enforce");
  if (enforce === "") return { status: "disabled" };
  const config = parseAssignments(texts.text("selinux/config"));
  return {
    status: "enabled",
    mode: enforce === "1" ? "enforcing" : "permissive",
    config_mode: config["SELINUX"] ?? "unknown",
    type: config["SELINUXTYPE"] ?? "unknown",
    policyvers: Number(texts.text("selinux/policyvers")) || "unknown",
  };
};

const commandLine = (text: string): Fields =>
  Object.fromEntries(
    text
      .split(/\s+/)
      .filter((word) => word !== "")
      .map((word) => {
        const at = word.indexOf("=");
        return at === -1 ? [word, true] : [word.slice(0, at), word.slice(at + 1)];
      }),
  );

const loadFacts = (text: string): Fields => {
  const [one, five, fifteen] = text.split(" ").map(Number);
  return one === undefined || five === undefined || fifteen === undefined
    ? {}
    : { loadavg: { "1m": one, "5m": five, "15m": fifteen } };
};

/** The interpreter and what its file's name tells of its version: starting it would cost more than all other facts. */
const pythonFacts = (executable: string, target: string): Fields => {
  if (executable === "") return {};
  const [, major, minor] = /python(\d+)\.(\d+)$/.exec(target) ?? [];
  const facts = { discovered_interpreter_python: executable };
  if (major === undefined || minor === undefined) return { ...facts, python: { executable } };
  const version = { major: Number(major), minor: Number(minor) };
  return { ...facts, python: { executable, type: "cpython", version }, python_version: `${major}.${minor}` };
};

const sshKeyFacts = (texts: HostTexts): Fields =>
  Object.assign(
    {},
    ...["rsa", "dsa", "ecdsa", "ed25519"].map((kind) => {
      const [type, key] = texts.text(`keys/${kind}`).split(" ");
      if (type === undefined || key === undefined) return {};
      return { [`ssh_host_key_${kind}_public`]: key, [`ssh_host_key_${kind}_public_keytype`]: type };
    }),
  ) as Fields;

const virtualOf = (texts: HostTexts, there: ReadonlySet<string>): Fields =>
  virtualFacts({
    there,
    container: texts.text("container"),
    vendor: texts.text("dmi/sys_vendor"),
    product: texts.text("dmi/product_name"),
    bios: texts.text("dmi/bios_vendor"),
  });

const hardwareFacts = (texts: HostTexts): Fields => {
  const mb = (name: string): number => {
    const kb = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(texts.text("meminfo"))?.[1];
    return Math.trunc(Number(kb ?? 0) / 1024);
  };
  const cpus = countCpus(texts.text("cpus"));
  const dmi = (name: string): string => texts.text(`dmi/${name}`) || "NA";
  return {
    memtotal_mb: mb("MemTotal"),
    memfree_mb: mb("MemFree"),
    swaptotal_mb: mb("SwapTotal"),
    swapfree_mb: mb("SwapFree"),
    ...(cpus === 0 ? {} : { processor_vcpus: cpus, processor_nproc: cpus }),
    uptime_seconds: Math.trunc(Number(texts.text("uptime").split(" ")[0] ?? 0)),
    system_vendor: dmi("sys_vendor"),
    product_name: dmi("product_name"),
    product_version: dmi("product_version"),
    product_serial: dmi("product_serial"),
    product_uuid: dmi("product_uuid"),
    bios_vendor: dmi("bios_vendor"),
    bios_version: dmi("bios_version"),
    bios_date: dmi("bios_date"),
  };
};

/** How many CPUs `0-3,8` names. */
const countCpus = (text: string): number =>
  text
    .split(",")
    .filter((part) => part !== "")
    .reduce((total, part) => {
      const [first = 0, last = first] = part.split("-").map(Number);
      return total + last - first + 1;
    }, 0);

const networkOf = (texts: HostTexts): Fields =>
  networkFacts({
    links: texts.list("links"),
    addresses: texts.text("addresses"),
    route4: texts.text("route4"),
    route6: texts.text("route6"),
  });
