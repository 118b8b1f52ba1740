import { describe, expect, it } from "vitest";
import { inventoryOf, shown } from "../../test/helpers/inventory-of.ts";
import { Template } from "../vars/value.ts";

const problems = (text: string): string => shown(inventoryOf(text).diagnostics);

describe("readIni", () => {
  it("says nothing about a good inventory", () => {
    const { inventory, diagnostics } = inventoryOf("[web:vars]\na=1\n[top:children]\nweb\n[web]\nh1 b='{{ a }}' # x\n");
    expect(diagnostics).toEqual([]);
    expect([...inventory.groups.keys()]).toEqual(["all", "ungrouped", "top", "web"]);
    expect(inventory.hosts.get("h1")?.groups).toEqual(["web"]);
  });

  it("makes templates of texts with markers, lists included, with their place", () => {
    const { inventory } = inventoryOf(`h1 a={{x}} b="['{{ y }}', 1]"\n`);
    const { a, b } = inventory.hosts.get("h1")?.vars ?? {};
    expect(a).toBeInstanceOf(Template);
    expect(a).toMatchObject({ source: "{{x}}", span: { start: 5, end: 10 } });
    expect(b).toMatchObject([{ source: "{{ y }}" }, 1]);
  });

  it.each([
    [
      "an undeclared group with children",
      "[web:children]\ndbs\n[db]\nx\n",
      `hosts:2:1: "[web:children]" names the group "dbs", which does not exist [V41]
  2 | dbs
    | ^~~
  = did you mean "db"?`,
    ],
    [
      "variables of an undeclared group",
      "[wbe:vars]\na=1\n[web]\nx\n",
      `hosts:1:1: "[wbe:vars]" sets variables of the group "wbe", which does not exist [V41]
  1 | [wbe:vars]
    | ^~~~~~~~~~
  = did you mean "web"?`,
    ],
    [
      "a word that is no assignment",
      "[web]\nh1 a=1 foo\n",
      `hosts:2:8: "foo" is not an assignment [V41]
  2 | h1 a=1 foo
    |        ^~~
  = after the host come variables as NAME=VALUE; quote a value with spaces`,
    ],
    [
      "an unknown suffix",
      "[x]\n[web:childen]\nx\n",
      `hosts:2:6: the section "[web:childen]" has an unknown suffix "childen" [V41]
  2 | [web:childen]
    |      ^~~~~~~
  = did you mean "children"?`,
    ],
    [
      "a variable without a value",
      "[web]\n[web:vars]\nabc\n",
      `hosts:3:1: "abc" is not an assignment [V41]
  3 | abc
    | ^~~
  = expected NAME=VALUE`,
    ],
    [
      "an open quote",
      '[web]\nh v="a\n',
      `hosts:2:5: the " has no closing " [V41]
  2 | h v="a
    |     ^~`,
    ],
    [
      "a value that loses its end to a comment",
      "h ansible_become_pass=ab#cd\n",
      `hosts:1:25: warning: what follows "#" is a comment [V41]
  1 | h ansible_become_pass=*****
    |                         ^~~
  = quote a value with #`,
    ],
    [
      "a cycle",
      "[a:children]\nb\n[b:children]\nc\n[c:children]\na\n",
      `hosts:6:1: the groups contain each other: c > a > b > c [V41]
  6 | a
    | ^
  = remove one of these children
  hosts:2:1: "a" has "b" here
  2 | b
    | ^
  hosts:4:1: "b" has "c" here
  4 | c
    | ^`,
    ],
    [
      "a misspelt connection variable",
      "h ansible_ssh_hostt=1.2.3.4\n",
      `hosts:1:3: warning: there is no connection variable "ansible_ssh_hostt" [V42]
  1 | h ansible_ssh_hostt=1.2.3.4
    |   ^~~~~~~~~~~~~~~~~~~~~~~~~
  = did you mean "ansible_ssh_host"?`,
    ],
    [
      "a bad port",
      "h:ssh\ng ansible_port=70000\n",
      `hosts:1:1: "ssh" is not a port: expected a number from 1 to 65535 [V42]
  1 | h:ssh
    | ^~~~~
hosts:2:16: "70000" is not a port: expected a number from 1 to 65535 [V42]
  2 | g ansible_port=70000
    |                ^~~~~`,
    ],
    [
      "a login instead of a host",
      "root@h1\n",
      `hosts:1:1: "root@h1" is a login, not a host name [V42]
  1 | root@h1
    | ^~~~~~~
  = name the host "h1" and set ansible_user to "root"`,
    ],
    [
      "two addresses of one host",
      "[a]\nh ansible_host=10.0.0.1\n[b]\nh ansible_host=10.0.0.2\n",
      `hosts:4:16: warning: the host "h" has two addresses: 10.0.0.1, and 10.0.0.2, which is used [V41]
  4 | h ansible_host=10.0.0.2
    |                ^~~~~~~~
  hosts:2:16: first set here
  2 | h ansible_host=10.0.0.1
    |                ^~~~~~~~`,
    ],
    [
      "one address of two hosts",
      "a ansible_host=10.0.0.1\nb ansible_host=10.0.0.1 ansible_port=23\n10.0.0.1\n",
      `hosts:3:1: warning: the hosts "a" and "10.0.0.1" are both 10.0.0.1 [V41]
  3 | 10.0.0.1
    | ^~~~~~~~
  hosts:1:16: "a" is here
  1 | a ansible_host=10.0.0.1
    |                ^~~~~~~~`,
    ],
    [
      "a group and a host of one name",
      "[web]\nweb\n",
      `hosts:2:1: warning: "web" is the name of a group and of a host: a pattern means the group [V41]
  2 | web
    | ^~~
  hosts:1:2: the group is here
  1 | [web]
    |  ^~~`,
    ],
    [
      "a number that is not the text it looks like",
      "h version=1.0 big=12345678901234567890 fine=1.5\n",
      `hosts:1:11: warning: this is the number 1, and not the text "1.0" [V41]
  1 | h version=1.0 big=12345678901234567890 fine=1.5
    |           ^~~
  = write '"1.0"' to keep it as a text
hosts:1:19: warning: this is the number 12345678901234567000, and not the text "12345678901234567890" [V41]
  1 | h version=1.0 big=12345678901234567890 fine=1.5
    |                   ^~~~~~~~~~~~~~~~~~~~
  = write '"12345678901234567890"' to keep it as a text`,
    ],
    [
      "a value that only Python has",
      "h a={1,2}\n",
      `hosts:1:5: a set cannot be a variable's value [V41]
  1 | h a={1,2}
    |     ^~~~~
  = quote it to make it a text`,
    ],
  ])("reports %s", (_what, text, expected) => {
    expect(problems(text)).toBe(expected);
  });

  it("reports everything at once and leaves the lines of a wrong section alone", () => {
    const { diagnostics } = inventoryOf("[a b]\nx y\n[c:d:e]\n[]\nh[2:1]\n[g]\nh[1:\n-x\nh1 =2\n");
    expect(diagnostics.map((diagnostic) => diagnostic.span?.start)).toEqual([0, 10, 18, 32, 37, 43]);
  });
});
