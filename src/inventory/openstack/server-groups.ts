import type { CloudServer } from "../../cloud/cloud.ts";
import { mapOf } from "../../cloud/openstack/json.ts";
import type { Plain, PlainMap } from "../../vars/value.ts";

/**
 * The groups that Ansible's plugin puts a server into by itself, and one by its status. Owners of servers choose names:
 * what no host pattern could name becomes `_`.
 */
export const serverGroups = (server: CloudServer, facts: PlainMap): readonly string[] => {
  const { name: cloud, region } = mapOf(facts["cloud"]);
  const zone = facts["availability_zone"];
  const { group, groups = "" } = server.metadata;
  const places = [[cloud], [region], [cloud, region], [zone], [region, zone], [cloud, region, zone]].flatMap((parts) =>
    parts.every(isName) ? [parts.join("_")] : [],
  );
  const all = [
    ...places,
    group,
    ...groups.split(",").map((each) => each.trim()),
    ...Object.entries(server.metadata).map(([key, value]) => `meta-${key}_${value}`),
    `instance-${server.id}`,
    ...["flavor", "image"].flatMap((kind) => {
      const { name } = mapOf(facts[kind]);
      return isName(name) ? [`${kind}-${name}`] : [];
    }),
    `status-${server.status}`,
  ];
  return [...new Set(all.filter(isName).map((name) => name.replaceAll(/[\s\p{C}:,![\]&*?~]/gu, "_")))];
};

const isName = (value: Plain | undefined): value is string => typeof value === "string" && value !== "";
