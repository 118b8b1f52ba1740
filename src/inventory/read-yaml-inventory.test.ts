import { describe, expect, it } from "vitest";
import { inventoryOf, shown } from "../../test/helpers/inventory-of.ts";

const problems = (text: string): string => shown(inventoryOf(text, "yaml").diagnostics);

describe("readYamlInventory", () => {
  it.each([
    [
      "hosts as a list",
      "web:\n  hosts:\n    - h1\n",
      `hosts.yml:3:5: "hosts" of the group "web" must be a mapping, not a list [V41]
  3 |     - h1
    |     ^~~~
  = write each name with a colon and without a dash:  hosts: {a: , b: }`,
    ],
    [
      "a number as a host",
      "web:\n  hosts:\n    1234:\n",
      `hosts.yml:3:5: the host name 1234 must be a text [V41]
  3 |     1234:
    |     ^~~~
  = enclose it in quotation marks`,
    ],
    [
      "a misspelt key of a group",
      "web:\n  host: {h1: }\n",
      `hosts.yml:2:3: a group has no "host"; expected one of children, hosts, vars [V41]
  2 |   host: {h1: }
    |   ^~~~
  = did you mean "hosts"?`,
    ],
    [
      "a strange key of a group",
      "web:\n  owner: me\n",
      `hosts.yml:2:3: warning: a group has no "owner"; expected one of children, hosts, vars; it is not read [V41]
  2 |   owner: me
    |   ^~~~~`,
    ],
    [
      "a group that is a text",
      "web: h1\n",
      `hosts.yml:1:6: the group "web" is not a mapping [V41]
  1 | web: h1
    |      ^~
  = expected a mapping with "hosts", "vars" and "children"`,
    ],
    [
      "variables that are a text",
      "web:\n  hosts: {h1: x}\n",
      `hosts.yml:2:15: the variables of "h1" are not a mapping [V41]
  2 |   hosts: {h1: x}
    |               ^
  = after a host come its variables, as a mapping`,
    ],
    [
      "a plugin",
      "plugin: amazon.aws.aws_ec2\nregions: [x]\n",
      `hosts.yml:1:1: the inventory plugin "amazon.aws.aws_ec2" is not supported here [V04]
  1 | plugin: amazon.aws.aws_ec2
    | ^~~~~~
  = write its result to a file: ansible-inventory -i hosts.yml --list --yaml > hosts.yml`,
    ],
    [
      "a cycle",
      "a:\n  children: {b: {children: {a: }}}\n",
      `hosts.yml:2:29: the groups contain each other: b > a > b [V41]
  2 |   children: {b: {children: {a: }}}
    |                             ^
  = remove one of these children
  hosts.yml:2:14: "a" has "b" here
  2 |   children: {b: {children: {a: }}}
    |              ^`,
    ],
    [
      "all as a child",
      "a:\n  children: {all: }\n",
      `hosts.yml:2:14: "all" cannot be the child of a group: it contains every group [V41]
  2 |   children: {all: }
    |              ^~~`,
    ],
    [
      "the output of a script",
      '{"_meta": {"hostvars": {}}}\n',
      `hosts.yml:1:2: this looks like the output of an inventory script [V41]
  1 | {"_meta": {"hostvars": {}}}
    |  ^~~~~~~
  = write hosts as a mapping, or make the file an executable script that prints it`,
    ],
    [
      "a bad address",
      "all:\n  hosts:\n    h1: {ansible_host: '[::1]', ansible_prot: 22}\n",
      `hosts.yml:3:24: the address "[::1]" has brackets: an IPv6 address is written without them [V42]
  3 |     h1: {ansible_host: '[::1]', ansible_prot: 22}
    |                        ^~~~~~~
hosts.yml:3:33: warning: there is no connection variable "ansible_prot" [V42]
  3 |     h1: {ansible_host: '[::1]', ansible_prot: 22}
    |                                 ^~~~~~~~~~~~
  = did you mean "ansible_port"?`,
    ],
  ])("reports %s", (_what, text, expected) => {
    expect(problems(text)).toBe(expected);
  });

  it("reads an empty file as no hosts", () => {
    const { inventory, diagnostics } = inventoryOf("", "yaml");
    expect(inventory.hosts.size).toBe(0);
    expect(diagnostics).toEqual([]);
  });
});
