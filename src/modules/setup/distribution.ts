import type { Fields } from "../command/command-result.ts";
import { parseAssignments } from "./parse-assignments.ts";

/** Texts of the host that tell which system it is. */
export interface ReleaseFiles {
  readonly osRelease: string;
  readonly debianVersion: string;
  readonly redhatRelease: string;
  readonly lsbRelease: string;
  /** The kernel's name, for a host without os-release. */
  readonly system: string;
}

/** Ansible's names of systems by the ID of os-release(5). */
const names: Readonly<Record<string, string>> = {
  almalinux: "AlmaLinux",
  alpine: "Alpine",
  amzn: "Amazon",
  arch: "Archlinux",
  archarm: "Archlinux",
  centos: "CentOS",
  debian: "Debian",
  devuan: "Devuan",
  fedora: "Fedora",
  gentoo: "Gentoo",
  kali: "Kali",
  linuxmint: "Linux Mint",
  manjaro: "Manjaro",
  mariner: "Mariner",
  ol: "OracleLinux",
  opensuse: "openSUSE",
  "opensuse-leap": "openSUSE Leap",
  "opensuse-tumbleweed": "openSUSE Tumbleweed",
  openwrt: "OpenWrt",
  pop: "Pop!_OS",
  raspbian: "Debian",
  rhel: "RedHat",
  rocky: "Rocky",
  sled: "SLED",
  sles: "SLES",
  sles_sap: "SLES_SAP",
  ubuntu: "Ubuntu",
  void: "Void",
};

const families: Readonly<Record<string, string>> = {
  AlmaLinux: "RedHat",
  Amazon: "RedHat",
  CentOS: "RedHat",
  Devuan: "Debian",
  Fedora: "RedHat",
  Kali: "Debian",
  "Linux Mint": "Debian",
  Manjaro: "Archlinux",
  OracleLinux: "RedHat",
  "Pop!_OS": "Debian",
  Rocky: "RedHat",
  SLED: "Suse",
  SLES: "Suse",
  SLES_SAP: "Suse",
  Ubuntu: "Debian",
  openSUSE: "Suse",
  "openSUSE Leap": "Suse",
  "openSUSE Tumbleweed": "Suse",
};

/** The facts about the distribution, and the family that decides which tools a host has. */
export const distributionFacts = (files: ReleaseFiles): Fields => {
  const release = parseAssignments(files.osRelease);
  const id = release["ID"] ?? "";
  if (id === "") {
    const { system } = files;
    return { distribution: system, distribution_version: "NA", distribution_release: "NA", os_family: system };
  }
  const distribution = names[id] ?? release["NAME"] ?? id;
  const version = versionOf(id, release, files);
  const [major = "NA", minor] = version.split(".");
  return {
    distribution,
    distribution_version: version,
    distribution_major_version: major,
    ...(minor === undefined ? {} : { distribution_minor_version: minor }),
    distribution_release: releaseOf(release),
    distribution_file_path: "/etc/os-release",
    distribution_file_parsed: true,
    os_family: families[distribution] ?? familyOf(release, distribution),
  };
};

/** A system that nobody listed is of the family of the first known one that it says it is like. */
const familyOf = (release: Readonly<Record<string, string>>, distribution: string): string => {
  for (const id of (release["ID_LIKE"] ?? "").split(/\s+/)) {
    const like = id === "suse" ? "openSUSE" : names[id];
    if (like !== undefined) return families[like] ?? like;
  }
  return distribution;
};

const versionOf = (id: string, release: Readonly<Record<string, string>>, files: ReleaseFiles): string => {
  const own = release["VERSION_ID"] ?? "NA";
  const debian = files.debianVersion.trim();
  if (id === "debian" || id === "raspbian") return /^\d/.test(debian) ? debian : own === "NA" ? debian || own : own;
  // os-release of CentOS 7 knows no minor version.
  if (id === "centos") return /release (\d+\.\d+)/.exec(files.redhatRelease)?.[1] ?? own;
  return own;
};

const releaseOf = (release: Readonly<Record<string, string>>): string =>
  release["VERSION_CODENAME"] || (/\(([^)]+)\)/.exec(release["VERSION"] ?? "")?.[1] ?? "NA");

/** The facts of lsb_release(1), from its file, or from os-release where only the command is there. */
export const lsbFacts = (files: ReleaseFiles, hasCommand: boolean): Fields => {
  const lsb = parseAssignments(files.lsbRelease);
  const id = lsb["DISTRIB_ID"];
  const release = lsb["DISTRIB_RELEASE"];
  if (id !== undefined && release !== undefined) {
    const { DISTRIB_CODENAME: codename = "", DISTRIB_DESCRIPTION: description = "" } = lsb;
    return { id, release, codename, description, major_release: release.split(".")[0] ?? "" };
  }
  const os = parseAssignments(files.osRelease);
  if (!hasCommand || os["ID"] === undefined) return {};
  const version = os["VERSION_ID"] ?? "NA";
  return {
    id: names[os["ID"]] ?? os["NAME"] ?? os["ID"],
    release: version,
    codename: os["VERSION_CODENAME"] ?? "NA",
    description: os["PRETTY_NAME"] ?? "",
    major_release: version.split(".")[0] ?? "",
  };
};
