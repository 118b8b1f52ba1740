/** The names that Ansible's language gives a meaning of their own ("Special Variables" of its documentation). */
export const magicNames: readonly string[] = [
  "environment",
  "group_names",
  "groups",
  "hostvars",
  "inventory_dir",
  "inventory_file",
  "inventory_hostname",
  "inventory_hostname_short",
  "omit",
  "play_hosts",
  "playbook_dir",
  "role_name",
  "role_path",
  "vars",
];
