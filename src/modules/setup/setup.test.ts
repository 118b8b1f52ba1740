import { describe, expect, it } from "vitest";
import { environmentFacts } from "./account-and-time.ts";
import { distributionFacts } from "./distribution.ts";
import { filterFacts } from "./filter-facts.ts";
import { localFacts } from "./local-facts.ts";
import { networkFacts } from "./network.ts";
import { chooseSubsets } from "./subsets.ts";
import { virtualFacts } from "./virtualization.ts";

const distributionOf = (
  osRelease: string,
  others: { debianVersion?: string; redhatRelease?: string } = {},
): unknown => {
  const facts = distributionFacts({
    osRelease,
    debianVersion: "",
    redhatRelease: "",
    lsbRelease: "",
    system: "Linux",
    ...others,
  });
  return [facts["distribution"], facts["distribution_version"], facts["distribution_release"], facts["os_family"]];
};

describe("distributionFacts", () => {
  // Lines of os-release(5) as the systems ship them.
  it.each([
    [
      'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n',
      { debianVersion: "12.11\n" },
      ["Debian", "12.11", "bookworm", "Debian"],
    ],
    [
      "ID=debian\nVERSION_CODENAME=trixie\n",
      { debianVersion: "trixie/sid\n" },
      ["Debian", "trixie/sid", "trixie", "Debian"],
    ],
    [
      'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="22.04"\nVERSION_CODENAME=jammy\n',
      { debianVersion: "bookworm/sid" },
      ["Ubuntu", "22.04", "jammy", "Debian"],
    ],
    ['ID="rocky"\nVERSION="9.3 (Blue Onyx)"\nVERSION_ID="9.3"\n', {}, ["Rocky", "9.3", "Blue Onyx", "RedHat"]],
    [
      'ID="almalinux"\nVERSION="8.9 (Midnight Oncilla)"\nVERSION_ID="8.9"\n',
      {},
      ["AlmaLinux", "8.9", "Midnight Oncilla", "RedHat"],
    ],
    [
      'ID="centos"\nVERSION="7 (Core)"\nVERSION_ID="7"\n',
      { redhatRelease: "CentOS Linux release 7.9.2009 (Core)" },
      ["CentOS", "7.9", "Core", "RedHat"],
    ],
    ['ID="amzn"\nVERSION_ID="2023"\n', {}, ["Amazon", "2023", "NA", "RedHat"]],
    ['ID="opensuse-leap"\nVERSION_ID="15.5"\n', {}, ["openSUSE Leap", "15.5", "NA", "Suse"]],
    ["ID=alpine\nVERSION_ID=3.18.4\n", {}, ["Alpine", "3.18.4", "NA", "Alpine"]],
    ["ID=arch\nNAME='Arch Linux'\n", {}, ["Archlinux", "NA", "NA", "Archlinux"]],
    [
      'ID=nobara\nNAME="Nobara Linux"\nID_LIKE="rhel centos fedora"\nVERSION_ID=39\n',
      {},
      ["Nobara Linux", "39", "NA", "RedHat"],
    ],
    ["", {}, ["Linux", "NA", "NA", "Linux"]],
  ])("reads %j", (text, others, wanted) => {
    expect(distributionOf(text, others)).toEqual(wanted);
  });
});

describe("chooseSubsets", () => {
  const chosen = (...names: string[]): unknown => {
    const subsets = chooseSubsets(names);
    return subsets.ok
      ? [...subsets.value].filter((name) => ["env", "hardware", "network", "distribution"].includes(name)).toSorted()
      : subsets.error;
  };

  it.each([
    [["all"], ["distribution", "env", "hardware", "network"]],
    [["!all"], ["distribution", "env"]],
    [["!all", "!min"], []],
    [["min"], ["distribution", "env"]],
    [
      ["!all", "network"],
      ["distribution", "env", "network"],
    ],
    [["!all", "!min", "network"], ["network"]],
    [["!hardware"], ["distribution", "env", "network"]],
    [["!min", "distribution_version"], ["distribution"]],
    [["hardware"], ["distribution", "env", "hardware"]],
  ])("%j are %j", (names, wanted) => {
    expect(chosen(...names)).toEqual(wanted);
  });

  it("refuses what it does not know", () => {
    expect(chosen("hardwre")).toMatch(/^Bad subset 'hardwre' given to Ansible/);
  });
});

describe("networkFacts", () => {
  it("reads what ip says", () => {
    const facts = networkFacts({
      links: ["eth0 1 1400 up 02:fc:00:00:00:01", "lo 772 65536 unknown 00:00:00:00:00:00"],
      addresses: [
        "1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever",
        "2: eth0    inet 192.0.2.130/25 brd 192.0.2.255 scope global eth0\\       valid_lft forever",
        "2: eth0    inet6 fd00::2/64 scope global \\       valid_lft forever preferred_lft forever",
      ].join("\n"),
      route4: "8.8.8.8 via 192.0.2.129 dev eth0 src 192.0.2.130 uid 0 \n    cache",
      route6: "",
    });
    expect(facts).toMatchObject({
      interfaces: ["eth0", "lo"],
      all_ipv4_addresses: ["192.0.2.130"],
      all_ipv6_addresses: ["fd00::2"],
      default_ipv4: {
        address: "192.0.2.130",
        gateway: "192.0.2.129",
        interface: "eth0",
        netmask: "255.255.255.128",
        network: "192.0.2.128",
        prefix: "25",
        macaddress: "02:fc:00:00:00:01",
      },
      default_ipv6: {},
      eth0: { active: true, mtu: 1400, ipv6: [{ address: "fd00::2", prefix: "64", scope: "global" }] },
      lo: { type: "loopback", ipv4: { address: "127.0.0.1" } },
    });
  });
});

describe("other facts", () => {
  it("keeps lines of a value together", () => {
    expect(environmentFacts("A=1\nB=x\ny=\n z\nC=")).toEqual({ A: "1", B: "x", y: "\n z", C: "" });
  });

  it("filters with and without ansible_", () => {
    const facts = { distribution: "x", distribution_version: "1", os_family: "y", env: {} };
    expect(Object.keys(filterFacts(facts, ["ansible_distribution*", "os_famil[xy]"]))).toEqual([
      "distribution",
      "distribution_version",
      "os_family",
    ]);
    expect(filterFacts(facts, [])).toBe(facts);
    expect(filterFacts(facts, ["*.*"])).toEqual({});
  });

  it("reads facts of the host's own", () => {
    expect(localFacts(["a.fact", "b.fact", "c.fact"], ['{"x": [1]}', "[S]\nKey = v\n", "nonsense"])).toEqual({
      a: { x: [1] },
      b: { S: { key: "v" } },
      c: "error loading facts as JSON or ini - please check content: c.fact",
    });
  });

  it.each([
    [{ product: "OpenStack Nova", vendor: "OpenStack Foundation" }, ["openstack", "guest"]],
    [{ vendor: "QEMU", product: "Standard PC (i440FX + PIIX, 1996)" }, ["kvm", "guest"]],
    [{ vendor: "VMware, Inc.", product: "VMware7,1" }, ["VMware", "guest"]],
    [{ vendor: "QEMU", container: "lxc\n" }, ["lxc", "guest"]],
    [{ there: new Set(["/.dockerenv"]) }, ["docker", "guest"]],
    [{ vendor: "Dell Inc.", there: new Set(["/dev/kvm"]) }, ["kvm", "host"]],
    [{ vendor: "Dell Inc." }, ["NA", "NA"]],
  ])("tells what a machine runs on: %j", (texts, wanted) => {
    const facts = virtualFacts({ there: new Set(), container: "", vendor: "", product: "", bios: "", ...texts });
    expect([facts["virtualization_type"], facts["virtualization_role"]]).toEqual(wanted);
  });
});
