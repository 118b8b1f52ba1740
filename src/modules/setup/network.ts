import type { FieldValue } from "../../shell/program.ts";
import type { Fields } from "../command/command-result.ts";

/** What the host said about its interfaces: `NAME TYPE MTU STATE MAC` each, and the answers of `ip`. */
export interface NetworkTexts {
  readonly links: readonly string[];
  readonly addresses: string;
  readonly route4: string;
  readonly route6: string;
}

interface Address {
  readonly device: string;
  readonly family: "inet" | "inet6";
  readonly address: string;
  readonly prefix: number;
  readonly scope: string;
  readonly broadcast: string;
}

/** Facts about interfaces, addresses and the default route. */
export const networkFacts = (texts: NetworkTexts): Fields => {
  const addresses = texts.addresses.split("\n").flatMap(parseAddress);
  const links = new Map(texts.links.map((line) => [line.split(" ")[0] ?? "", linkFacts(line)]));
  const shown = addresses.filter((address) => address.scope !== "host" && !isLoopback(address.address));
  const list = (family: string): string[] => shown.filter((item) => item.family === family).map((item) => item.address);
  const interfaces = Object.fromEntries(
    [...links].map(([name, facts]) => [name.replaceAll(/[-:]/g, "_"), { ...facts, ...addressFacts(name, addresses) }]),
  );
  return {
    ...interfaces,
    interfaces: [...links.keys()],
    all_ipv4_addresses: list("inet"),
    all_ipv6_addresses: list("inet6"),
    default_ipv4: defaultRoute(texts.route4, addresses, links),
    default_ipv6: defaultRoute(texts.route6, addresses, links),
  };
};

const isLoopback = (address: string): boolean => address.startsWith("127.") || address === "::1";

/** One line of `ip -o addr show`. */
const parseAddress = (line: string): readonly Address[] => {
  const [, device, family, address, prefix, rest] =
    /^\d+:\s+(\S+?)(?:@\S+)?\s+(inet6?)\s+([0-9a-fA-F.:]+)(?:\s+peer\s+\S+?)?(?:\/(\d+))?\s*(.*)$/.exec(line) ?? [];
  if (device === undefined || address === undefined || rest === undefined) return [];
  return [
    {
      device,
      family: family === "inet6" ? "inet6" : "inet",
      address,
      prefix: Number(prefix ?? (family === "inet6" ? 128 : 32)),
      scope: /\bscope (\S+)/.exec(rest)?.[1] ?? "global",
      broadcast: /\bbrd (\S+)/.exec(rest)?.[1] ?? "",
    },
  ];
};

const linkFacts = (line: string): Fields => {
  const [device = "", type = "", mtu = "0", state = "", mac = "-"] = line.split(" ");
  const kind = type === "772" ? "loopback" : type === "1" ? "ether" : "unknown";
  const address = mac === "-" || kind === "loopback" ? {} : { macaddress: mac };
  return { device, type: kind, mtu: Number(mtu), active: state === "up" || kind === "loopback", ...address };
};

const addressFacts = (device: string, addresses: readonly Address[]): Fields => {
  const own = addresses.filter((address) => address.device === device);
  const [first, ...others] = own.filter((address) => address.family === "inet").map(ipv4Facts);
  const six = own.filter((address) => address.family === "inet6");
  return {
    ...(first === undefined ? {} : { ipv4: first }),
    ...(others.length === 0 ? {} : { ipv4_secondaries: others }),
    ...(six.length === 0
      ? {}
      : { ipv6: six.map(({ address, prefix, scope }) => ({ address, prefix: String(prefix), scope })) }),
  };
};

const ipv4Facts = ({ address, prefix, broadcast }: Address): Fields => {
  const mask = prefix === 0 ? 0 : (0xff_ff_ff_ff << (32 - prefix)) >>> 0;
  const number = address.split(".").reduce((total, part) => total * 256 + Number(part), 0);
  const dotted = (value: number): string => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
  return { address, broadcast, netmask: dotted(mask), network: dotted((number & mask) >>> 0), prefix: String(prefix) };
};

const defaultRoute = (route: string, addresses: readonly Address[], links: ReadonlyMap<string, Fields>): Fields => {
  const word = (name: string): string | undefined => new RegExp(`\\b${name} (\\S+)`).exec(route)?.[1];
  const [device, source, gateway] = [word("dev"), word("src"), word("via")];
  if (device === undefined || source === undefined) return {};
  const address = addresses.find((item) => item.address === source);
  const { macaddress, mtu, type } = links.get(device) ?? {};
  const link = { mtu: mtu ?? 0, type: type ?? "unknown", ...(macaddress === undefined ? {} : { macaddress }) };
  const common: Record<string, FieldValue> = { interface: device, address: source, ...link };
  if (gateway !== undefined) common["gateway"] = gateway;
  if (address === undefined) return common;
  if (address.family === "inet") return { ...common, ...ipv4Facts(address), alias: device };
  return { ...common, prefix: String(address.prefix), scope: address.scope };
};
