import { describe, expect, it } from "vitest";
import { defaultUser } from "./default-user.ts";

describe("defaultUser", () => {
  it.each([
    ["Ubuntu 24.04 LTS", "ubuntu"],
    ["ubuntu-jammy-server-cloudimg-amd64", "ubuntu"],
    ["debian-12-genericcloud", "debian"],
    ["Rocky-9-GenericCloud-Base.latest.x86_64", "rocky"],
    ["AlmaLinux 9", "almalinux"],
    ["CentOS 7 x86_64", "centos"],
    ["CentOS-Stream-GenericCloud-8", "centos"],
    ["CentOS-Stream-GenericCloud-x86_64-9", "cloud-user"],
    ["rhel-9.4-x86_64-kvm", "cloud-user"],
    ["Red Hat Enterprise Linux 8", "cloud-user"],
    ["Fedora-Cloud-Base-40", "fedora"],
    ["openSUSE-Leap-15.6", "opensuse"],
    ["amzn2-kvm", "ec2-user"],
    ["Flatcar Container Linux", "core"],
    ["Arch Linux", "arch"],
    ["search-engine", undefined],
    ["appliance-3", undefined],
  ])("%s: %s", (name, user) => expect(defaultUser({ name })).toBe(user));

  it("believes the image's properties before its name", () => {
    expect(defaultUser({ name: "ubuntu-hardened", adminUser: "ops" })).toBe("ops");
    expect(defaultUser({ name: "golden", distro: "rocky" })).toBe("rocky");
    expect(defaultUser({ name: "golden", distro: "centos", version: "9" })).toBe("cloud-user");
    expect(defaultUser({ name: "debian", distro: "unheard-of" })).toBe("debian");
    expect(defaultUser({ name: "golden" })).toBeUndefined();
    expect(defaultUser({ name: "ubuntu", adminUser: "-oProxyCommand=x" })).toBe("ubuntu");
  });
});
