import type { Judgement } from "./judgement.ts";

/** Accounts that distributions make for themselves (Debian, Fedora, Alpine, SUSE), and the groups of their powers. */
const reserved: ReadonlySet<string> = new Set(
  [
    "root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc gnats nobody nogroup nfsnobody",
    "adm halt shutdown operator ftp ftpuser sshd messagebus dbus polkitd avahi chrony ntp rpc rpcuser tss postfix apache",
    "nginx http mysql postgres redis named bind dnsmasq systemd-network systemd-resolve systemd-timesync systemd-oom",
    "systemd-coredump systemd-journal uuidd tcpdump landscape pollinate fwupd-refresh lxd syslog guest cron at squid",
    "smmsp sudo wheel admin staff users shadow disk docker toor _apt",
  ].flatMap((line) => line.split(" ")),
);

/** Whether this is an account of the system and nobody's to give away. */
export const isReservedAccount = (name: string): boolean => reserved.has(name);

/** What is wrong with the name of an account that a grant makes; undefined where nothing is. */
export const judgeAccountName = (name: string): Judgement | undefined => {
  if (isReservedAccount(name)) {
    const message = `"${name}" is an account of the system, and none to grant access with`;
    return { severity: "error", message, hint: "give the grant an account of its own, such as support" };
  }
  if (/^[a-z_][a-z0-9_-]{0,31}$/.test(name)) return undefined;
  const hint = "expected a lower-case letter or _, then up to 31 lower-case letters, digits, _ and -";
  return { severity: "error", message: `"${name}" is not a name that every useradd accepts`, hint };
};
