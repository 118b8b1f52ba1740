import type { CloudServer } from "../../cloud/cloud.ts";
import { mapOf } from "../../cloud/openstack/json.ts";
import type { PlainMap } from "../../vars/value.ts";
import type { KnownImage } from "./default-user.ts";
import type { OpenStackSource } from "./source-options.ts";

/** openstacksdk's names of what Nova tells; the plugin gives all of them, null where Nova is silent. */
const attributes = {
  access_ipv4: "accessIPv4",
  access_ipv6: "accessIPv6",
  addresses: "addresses",
  attached_volumes: "os-extended-volumes:volumes_attached",
  availability_zone: "OS-EXT-AZ:availability_zone",
  compute_host: "OS-EXT-SRV-ATTR:host",
  config_drive: "config_drive",
  created_at: "created",
  description: "description",
  disk_config: "OS-DCF:diskConfig",
  fault: "fault",
  has_config_drive: "config_drive",
  host_id: "hostId",
  host_status: "host_status",
  hostname: "OS-EXT-SRV-ATTR:hostname",
  hypervisor_hostname: "OS-EXT-SRV-ATTR:hypervisor_hostname",
  id: "id",
  instance_name: "OS-EXT-SRV-ATTR:instance_name",
  is_locked: "locked",
  kernel_id: "OS-EXT-SRV-ATTR:kernel_id",
  key_name: "key_name",
  launch_index: "OS-EXT-SRV-ATTR:launch_index",
  launched_at: "OS-SRV-USG:launched_at",
  metadata: "metadata",
  name: "name",
  power_state: "OS-EXT-STS:power_state",
  progress: "progress",
  project_id: "tenant_id",
  ramdisk_id: "OS-EXT-SRV-ATTR:ramdisk_id",
  reservation_id: "OS-EXT-SRV-ATTR:reservation_id",
  root_device_name: "OS-EXT-SRV-ATTR:root_device_name",
  security_groups: "security_groups",
  server_groups: "server_groups",
  status: "status",
  tags: "tags",
  task_state: "OS-EXT-STS:task_state",
  terminated_at: "OS-SRV-USG:terminated_at",
  trusted_image_certificates: "trusted_image_certificates",
  updated_at: "updated",
  user_id: "user_id",
  vm_state: "OS-EXT-STS:vm_state",
  volumes: "os-extended-volumes:volumes_attached",
} as const;

/** The variable `openstack` of a host. What a server was told at its start (`user_data`) is left out: it holds secrets. */
export const serverFacts = (
  { details }: CloudServer,
  place: { readonly cloud: string; readonly region: string | undefined; readonly image: KnownImage | undefined },
): PlainMap => {
  const facts = Object.fromEntries(
    Object.entries(attributes).map(([name, key]) => [name, details[key] ?? null]),
  ) as PlainMap;
  const { cloud, region } = place;
  const name = place.image?.name;
  return {
    ...facts,
    cloud: { name: cloud, ...(region === undefined ? {} : { region }) },
    flavor: flavorFacts(mapOf(details["flavor"])),
    image: { id: imageOf(details) ?? null, ...(name === undefined ? {} : { name }) },
  };
};

const flavorFacts = ({ links: _links, ...flavor }: PlainMap): PlainMap => {
  const { original_name: name } = flavor;
  return typeof name === "string" ? { id: name, ...flavor, name } : flavor;
};

/** The id of a server's image; undefined for one that was started from a volume. */
export const imageOf = (details: PlainMap): string | undefined => {
  const { id } = mapOf(details["image"]);
  return typeof id === "string" ? id : undefined;
};

/** The address by which a server is reached; undefined where it has none that fits. */
export const addressOf = (
  { addresses, details }: CloudServer,
  { isPrivate, onlyIpv4 }: Pick<OpenStackSource, "isPrivate" | "onlyIpv4">,
): string | undefined => {
  const fixed = addresses.find(({ floating, family }) => !floating && (!onlyIpv4 || family === "IPv4"))?.address;
  if (isPrivate) return fixed;
  const { accessIPv4: access } = details;
  if (typeof access === "string" && access !== "") return access;
  return addresses.find(({ floating }) => floating)?.address ?? fixed;
};
