import { describe, expect, it } from "vitest";
import { judgeSudoCommand, judgeSudoersFile } from "./sudo-command.ts";

describe("judgeSudoCommand", () => {
  it.each([
    "ALL",
    "!/bin/su",
    "/usr/bin/systemctl restart nginx",
    "/usr/bin/",
    "NOPASSWD: /usr/bin/id",
    "sha256:abc= /usr/bin/id",
    "WEB_TOOLS",
    "sudoedit /etc/motd",
    '/usr/bin/id ""',
    "/usr/bin/cat ^/var/log/[a-z]+$",
    "/usr/bin/echo \\*",
  ])("has nothing against %s", (command) => {
    expect(judgeSudoCommand(command)).toBeUndefined();
  });

  it.each(["systemctl restart nginx", "./run", "", "  ", "!su"])("refuses %j", (command) => {
    expect(judgeSudoCommand(command)).toMatchObject({ severity: "error" });
  });

  it.each(["/bin/cat /var/log/*", "/usr/bin/id ?", "/bin/ls /home/[ab]"])("warns of %s", (command) => {
    expect(judgeSudoCommand(command)).toMatchObject({ severity: "warning" });
  });
});

describe("judgeSudoersFile", () => {
  it("knows what sudo skips", () => {
    expect(judgeSudoersFile("90-support_team")).toBeUndefined();
    for (const name of ["support.team", "support~", "", "a/b"]) expect(judgeSudoersFile(name)).toBeDefined();
  });
});
