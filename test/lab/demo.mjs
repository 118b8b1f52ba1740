// The demo: five throw-away hosts with a real sshd are opened for support, used, and closed again, and what is left on
// them is shown. Run by `npm run demo [-- --mode chroots]`; needs root or sudo. Exit code 1 when something is not as it
// should be.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const HOSTS = 5;
/** Where a host notes that someone logged in or used sudo, whoever it was. */
const LOGIN_RECORDS = /^\/(var\/log\/|run\/utmp$|run\/motd\.dynamic$|run\/sudo(\/|$)|var\/lib\/sudo\/)/;

const { values } = parseArgs({ options: { mode: { type: "string", default: "auto" } } });
const root = fileURLToPath(new URL("../..", import.meta.url));
const dir = mkdtempSync(join(tmpdir(), "latchkey-demo-"));
const lab = join(dir, "lab");
const key = join(dir, "support_ed25519");
const variables = join(dir, "support.json");
const inventory = join(lab, "inventory.ini");
const started = Date.now();
/** The record of grants is the demo's own. */
const environment = { ...process.env, XDG_STATE_HOME: join(dir, "state") };

/** The child that runs now, to be ended by Ctrl-C. */
let current;
let interrupted = false;
/** What takes the lab down runs to its end, whatever is pressed meanwhile. */
let ending = false;
let problems = 0;

const print = (text = "") => process.stdout.write(`${text}\n`);
const step = (title) => print(`\n== ${title}`);
const problem = (text) => {
  problems += 1;
  print(`   NOT AS IT SHOULD BE: ${text}`);
};

class Interrupted extends Error {}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs a program; with "inherit" on this terminal, else its output is collected.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {"inherit" | "pipe"} output
 * @returns {Promise<{ code: number | null, stdout: string, stderr: string }>}
 */
function run(command, args, output = "pipe") {
  if (interrupted) throw new Interrupted();
  return new Promise((resolve, reject) => {
    const stdio = ["ignore", output, output];
    // A process group of its own gets no Ctrl-C of the terminal.
    const child = spawn(command, args, { cwd: root, env: environment, stdio, detached: ending });
    let stdout = "";
    let stderr = "";
    current = child;
    child.stdout?.setEncoding("utf8").on("data", (text) => (stdout += text));
    child.stderr?.setEncoding("utf8").on("data", (text) => (stderr += text));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      // The child's end may be known before the signal that ended it, which was for this process, too.
      if (interrupted || signals.includes(signal)) reject(new Interrupted());
      else resolve({ code, stdout, stderr });
    });
  });
}

/** lab.sh as root. */
function labScript(args, output) {
  const call = ["sh", "test/lab/lab.sh", ...args];
  const asRoot = process.getuid?.() === 0 ? call : ["sudo", "-n", ...call];
  return run(asRoot[0], asRoot.slice(1), output);
}

/** A playbook by the built program, as a person would type it. */
async function playbook(name, output = "inherit") {
  const args = ["run", `playbooks/${name}`, "-i", inventory, "-e", `@${variables}`];
  print(`$ node dist/main.js ${args.join(" ")}`);
  const result = await run(process.execPath, ["dist/main.js", ...args], output);
  if (output === "pipe") print((result.stdout + result.stderr).trimEnd());
  // Without it, what follows would show nothing.
  if (result.code !== 0) throw new Error(`${name} ended with exit code ${result.code}`);
  return result;
}

async function startLab() {
  step(`A lab of ${HOSTS} hosts with real OpenSSH servers`);
  const up = await labScript(["up", lab, String(HOSTS), "--mode", values.mode], "inherit");
  if (up.code !== 0) throw new Error("the lab did not start");
  const environment = readFileSync(join(lab, "lab.env"), "utf8");
  const addresses = [...readFileSync(inventory, "utf8").matchAll(/^(vm\d+) ansible_host=(\S+)$/gm)];
  print(`\n${inventory}:`);
  print(readFileSync(inventory, "utf8").replace(/^/gm, "  ").trimEnd());
  const hosts = addresses.map(([, name, address]) => ({ name, address }));
  // What ends the grant on time with nobody there. In chroots it would be this machine's processes that it looks after.
  if (/^LAB_MODE=namespaces$/m.test(environment)) {
    for (const { name } of hosts) await labScript(["exec", lab, name, "--", "cron"]);
    await labScript(["mark", lab]);
  }
  return {
    controller: /^LAB_CONTROLLER=(.*)$/m.exec(environment)?.[1] ?? "",
    port: /^LAB_PORT=(.*)$/m.exec(environment)?.[1] ?? "22",
    hosts,
  };
}

/** The support team's own key, and the grant's variables: that key, from this machine only, for a ticket and an hour. */
async function makeSupport(controller) {
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "engineer@vendor", "-f", key]);
  const publicKey = readFileSync(`${key}.pub`, "utf8").trim();
  const grant = { ticket: "DEMO-1", owner: "demo", reason: "a look around", expires: "1h" };
  const given = { support_keys: [publicKey], support_sources: [controller], latchkey_grant: grant };
  writeFileSync(variables, JSON.stringify(given, null, 2));
  print(`\n${variables}:`);
  print(readFileSync(variables, "utf8").replace(/^/gm, "  "));
}

/** The support account's login by the system's own ssh, on every host at once. */
function logIn({ hosts, port }, command) {
  const given = ["BatchMode=yes", "ConnectTimeout=10", "IdentitiesOnly=yes", "IdentityAgent=none"];
  const options = [...given, `UserKnownHostsFile=${join(lab, "known_hosts")}`].flatMap((option) => ["-o", option]);
  print(`$ ssh -i ${key} support@HOST ${command}`);
  return Promise.all(
    hosts.map(async (host) => ({
      host,
      result: await run("ssh", [
        "-F",
        "none",
        "-n",
        "-p",
        port,
        "-i",
        key,
        ...options,
        `support@${host.address}`,
        command,
      ]),
    })),
  );
}

async function checkAgain() {
  step("The same again: nothing changes");
  const { stdout } = await playbook("grant.yml", "pipe");
  const unchanged = [...stdout.matchAll(/^\S+ +: ok=\d+ +changed=0 .*failed=0 /gm)].length;
  if (unchanged !== HOSTS) problem(`${unchanged} of ${HOSTS} hosts say changed=0`);
}

/** What the hosts themselves say of their grants. */
async function showStatus(title, isOpen) {
  step(title);
  const args = ["dist/main.js", "status", "-i", inventory];
  print(`$ node ${args.join(" ")}`);
  const { code, stdout, stderr } = await run(process.execPath, args);
  print((stdout + stderr).trimEnd());
  const open = [...stdout.matchAll(/^vm\d+ +open /gm)].length;
  if (code !== 0 || open !== (isOpen ? HOSTS : 0)) problem(`${open} of ${HOSTS} hosts say that a grant is open`);
}

async function checkLogin(machine) {
  step("The support account logs in with its key and is root by sudo");
  for (const { host, result } of await logIn(machine, "sudo -n id -u")) {
    print(`   ${host.name} ${host.address}: exit code ${result.code}, ${says(result)}`);
    if (result.code !== 0 || result.stdout !== "0\n") problem(`no root on ${host.name}`);
  }
}

async function checkRefused(machine) {
  step("The same login is refused");
  for (const { host, result } of await logIn(machine, "true")) {
    print(`   ${host.name} ${host.address}: exit code ${result.code}, ${says(result)}`);
    if (result.code !== 255 || !result.stderr.includes("Permission denied"))
      problem(`${host.name} did not refuse the login`);
  }
}

const says = ({ stdout, stderr }) => JSON.stringify((stdout + stderr).trim());

/** Compares the files of every host with those before the grant. */
async function checkFiles({ hosts }) {
  step("Files of the hosts that differ from before the grant");
  for (const { name } of hosts) {
    const { code, stdout, stderr } = await labScript(["changed", lab, name]);
    if (code !== 0) throw new Error(`lab.sh changed: ${stderr}`);
    const lines = stdout.split("\n").filter((line) => line !== "");
    const traces = lines.filter((line) => !LOGIN_RECORDS.test(line.replace(/^\w+ /, "")));
    print(`   ${name}: ${lines.join(", ") || "none"}`);
    for (const trace of traces) problem(`a trace of the grant on ${name}: ${trace}`);
  }
  if (problems === 0) print("   Logs and login records only: no trace of the grant is left.");
}

async function demo() {
  print("Latchkey: open support access on a fleet, and close it again.");
  const machine = await startLab();
  await makeSupport(machine.controller);
  step("The grant");
  await playbook("grant.yml");
  await checkAgain();
  await showStatus("Who is let in, and until when", true);
  await checkLogin(machine);
  step("The revoke");
  await playbook("revoke.yml");
  await checkRefused(machine);
  await showStatus("Nobody is let in any more", false);
  await checkFiles(machine);
}

async function takeDown() {
  interrupted = false;
  ending = true;
  step("The lab is taken down");
  const { code } = await labScript(["down", lab], "inherit");
  rmSync(dir, { recursive: true, force: true });
  if (code !== 0) problem("the lab did not end");
}

// The terminal sends Ctrl-C to the child as well; a kill of this process alone has to be passed on.
for (const signal of signals) {
  process.on(signal, () => {
    if (ending) return;
    interrupted = true;
    current?.kill(signal);
  });
}

try {
  await demo();
} catch (error) {
  if (error instanceof Interrupted) process.exitCode = 130;
  else problem(error.message);
}
await takeDown();
if (problems > 0) process.exitCode = 1;
const seconds = ((Date.now() - started) / 1000).toFixed(1);
print(process.exitCode === undefined ? `\nAll as it should be, in ${seconds} s.` : `\nEnded after ${seconds} s.`);
