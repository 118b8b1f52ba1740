import type { Fields } from "../command/command-result.ts";

/** What tells whether a machine is virtual: files that exist, the container manager, and the firmware's names. */
export interface VirtualTexts {
  readonly there: ReadonlySet<string>;
  readonly container: string;
  readonly vendor: string;
  readonly product: string;
  readonly bios: string;
}

const products: readonly (readonly [RegExp, string])[] = [
  [/^OpenStack (?:Nova|Compute)/, "openstack"],
  [/^(?:KVM|KVM Server|Bochs|AHV|Google Compute Engine|Alibaba Cloud ECS)$/, "kvm"],
  [/VMware/, "VMware"],
  [/VirtualBox/, "virtualbox"],
  [/^RHEV|^oVirt/, "RHEV"],
  [/^HVM domU|Xen/, "xen"],
  [/^Virtual Machine$/, "VirtualPC"],
  [/^Parallels/, "parallels"],
];

const vendors: readonly (readonly [RegExp, string])[] = [
  [/^QEMU|^Red Hat|^DigitalOcean|^Hetzner|^linode|^Linode|^NutanixR|^Scaleway|^UpCloud|^Vultr|^Yandex/, "kvm"],
  [/^Amazon EC2$/, "kvm"],
  [/^OpenStack Foundation/, "openstack"],
  [/^VMware/, "VMware"],
  [/^innotek|^Oracle/, "virtualbox"],
  [/^Xen/, "xen"],
  [/^Microsoft Corporation$/, "VirtualPC"],
  [/^Parallels/, "parallels"],
];

/** The type and role of virtualization; `NA` where nothing tells. The innermost layer counts: a container in a VM is one. */
export const virtualFacts = (texts: VirtualTexts): Fields => {
  const container = texts.there.has("/.dockerenv")
    ? "docker"
    : texts.there.has("/run/.containerenv")
      ? "podman"
      : texts.container.trim();
  if (container !== "") return facts(container === "systemd-nspawn" ? "container" : container, "guest");
  const found =
    products.find(([pattern]) => pattern.test(texts.product)) ??
    vendors.find(([pattern]) => pattern.test(texts.vendor)) ??
    vendors.find(([pattern]) => pattern.test(texts.bios));
  if (found !== undefined) return facts(found[1], "guest");
  if (texts.there.has("/dev/kvm")) return facts("kvm", "host");
  return facts("NA", "NA");
};

const facts = (type: string, role: string): Fields => ({ virtualization_type: type, virtualization_role: role });
