// Runs playbooks through ansible-playbook and through Latchkey on twin hosts of the lab, and tells what differs:
//
//   node test/compare/compare.mjs [CASE...]     all cases, or those whose names begin so
//
// Needs root, Debian's package `ansible`, and a build (npm run build). A case is a file cases/NAME.yml:
//
//   playbook:        the playbook's text; its plays have hosts h1 ... hN, all of them in the group `lab`
//   hosts:           N, 1 unless said
//   args:            more arguments for both commands
//   files:           files beside the playbook, by path
//   inventory:       more lines of the inventory; inventoryFiles: files beside it; hostvars: variables by host
//   given:           a script that prepares each host
//   differs:         what is meant to differ, as regular expressions for the lines that would tell it
//
// Compared are: exit code (by kind), outcome of each step, recap, the results' keys that Ansible has too, and the files
// of the hosts with content, mode and owner. The language is that of ansible-core 2.19; where Debian's older one means
// something else (`{{ none }}` inside a text), cases keep away from it.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";

const here = import.meta.dirname;
const lab = join(here, "../lab/lab.sh");
const latchkey = process.env.COMPARE_LATCHKEY ?? join(here, "../../dist/main.js");
const limitMs = 120_000;

const say = (text) => process.stdout.write(`${text}\n`);
const lines = (text) => text.split("\n").filter((line) => line !== "");
const labDo = (...args) => execFileSync("sh", [lab, ...args], { encoding: "utf8", maxBuffer: 1e8, stdio: "pipe" });

/** Runs a command to its end; a code of null means that it took too long. */
const run = (command, args, options) =>
  new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (data) => (stdout += data));
    child.stderr.on("data", (data) => (stderr += data));
    const timer = setTimeout(() => child.kill("SIGKILL"), limitMs);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr });
    });
  });

const runAnsible = async (situation, folder) => {
  const trace = join(folder, "trace.jsonl");
  const env = {
    ...process.env,
    COMPARE_TRACE: trace,
    ANSIBLE_CALLBACK_PLUGINS: here,
    ANSIBLE_CALLBACKS_ENABLED: "trace",
    ANSIBLE_CONFIG: join(folder, "ansible.cfg"),
    ANSIBLE_JINJA2_NATIVE: "1",
    ANSIBLE_NOCOLOR: "1",
    ANSIBLE_PIPELINING: "1",
    ANSIBLE_PYTHON_INTERPRETER: "/usr/bin/python3",
    ANSIBLE_SSH_ARGS: "-C -o ControlMaster=auto -o ControlPersist=5s",
    ANSIBLE_SSH_CONTROL_PATH_DIR: folder,
    PYTHONDONTWRITEBYTECODE: "1",
  };
  const ran = await run("ansible-playbook", ["-i", "a/hosts", "play.yml", ...(situation.args ?? [])], {
    cwd: folder,
    env,
  });
  const told = existsSync(trace) ? lines(readFileSync(trace, "utf8")).map((line) => JSON.parse(line)) : [];
  const stats = Object.entries(told.find((line) => "stats" in line)?.stats ?? {}).map(
    ([host, { failures, ...rest }]) => [host, { ...rest, failed: failures }],
  );
  return { ...ran, steps: told.filter((line) => "outcome" in line), stats: Object.fromEntries(stats) };
};

const runLatchkey = async (situation, folder) => {
  const args = [latchkey, "run", "-i", "b/hosts", "play.yml", "--reporter", "jsonl", ...(situation.args ?? [])];
  const ran = await run(process.execPath, args, { cwd: folder });
  const events = lines(ran.stdout).map((line) => JSON.parse(line));
  const names = new Map(events.filter(({ type }) => type === "step.start").map(({ step, name }) => [step, name]));
  const steps = events
    .filter(({ type }) => type === "step.end")
    .map(({ step, host, outcome, ignored, result }) => ({ host, name: names.get(step), outcome, ignored, result }));
  return { ...ran, steps, stats: events.at(-1)?.stats ?? {} };
};

/** Ansible's 4 means an unreachable host and a file that it cannot read. */
const ending = ({ code, stats }) => {
  if (code === 0) return "ok";
  if (code === 2) return "failed";
  const lost = Object.values(stats).some(({ unreachable }) => unreachable > 0);
  return code === 4 && lost ? "unreachable" : code === 1 || code === 4 ? "files" : `code ${code}`;
};

/** Keys that are about the moment, the machine or the way there. */
const passing = new Set(
  (
    "ansible_facts atime backup_file blocks charset ctime delta deprecations dev diff discovered_interpreter_python elapsed end " +
    "attr_flags attributes exception inode invocation mimetype module_stderr module_stdout mtime src start stop timedout version warnings"
  ).split(" "),
);

/** Of a failure, what people read differs, and with it most of what explains it. */
const ofFailure = new Set([
  "rc",
  "stdout",
  "stdout_lines",
  "failed_when_result",
  "attempts",
  "changed",
  "results",
  "item",
]);

/** Lines about what Ansible's result has and ours has not, or has in another way. */
const compareResults = (theirs, ours, path, isFailure = theirs?.failed === true) => {
  if (theirs === null || ours === null || typeof theirs !== "object" || typeof ours !== "object") {
    const backup = /\.\d+\.[-\d]+@[:\d]+~$/;
    const [a, b] = [theirs, ours].map((value) => (typeof value === "string" ? value.replace(backup, "") : value));
    return JSON.stringify(a) === JSON.stringify(b)
      ? []
      : [`${path}: ${JSON.stringify(theirs)} | ${JSON.stringify(ours)}`];
  }
  return Object.keys(theirs).flatMap((key) => {
    if (key.startsWith("_ansible") || passing.has(key) || (isFailure && !ofFailure.has(key))) return [];
    if (!(key in ours)) return [`${path}.${key}: ${JSON.stringify(theirs[key])} | missing`];
    return compareResults(theirs[key], ours[key], `${path}.${key}`);
  });
};

const compareSteps = (theirs, ours, host) => {
  const show = (step) =>
    step === undefined ? "nothing" : `${step.name}: ${step.outcome}${step.ignored ? ", ignored" : ""}`;
  const told = [];
  for (let index = 0; index < Math.max(theirs.length, ours.length); index++) {
    const [a, b] = [theirs[index], ours[index]];
    if (show(a) !== show(b)) told.push(`${host} step ${index}: ${show(a)} | ${show(b)}`);
    else
      told.push(
        ...compareResults(a.result, b.result, `${host} ${a.name}`, ["failed", "unreachable"].includes(a.outcome)),
      );
  }
  return told;
};

/** What logging in leaves, whoever does it, and what Ansible needs for itself. */
const ofLogin =
  /^\w+ (?:\/var\/log|\/var\/lib\/sudo|\/run\/sudo|\/run\/utmp|\/run\/motd|\/root\/\.ansible|\/home\/debian\/\.(?:ansible|cache)|\/tmp\/ansible_|\/etc\/\w+-$)/;

/** Every file of a host that is not as it was: type, mode, owner and content. */
const filesOf = (folder, host) => {
  const changed = lines(labDo("changed", folder, host)).filter((line) => !ofLogin.test(line));
  const gone = changed.filter((line) => line.startsWith("deleted ")).map((line) => [line.slice(8), "deleted"]);
  const paths = changed.filter((line) => !line.startsWith("deleted ")).map((line) => line.replace(/^\w+ /, ""));
  const script = `for p; do
    printf '%s ' "$(stat -c '%F %a %U %G' -- "$p")" | tr ' ' _
    if [ -L "$p" ]; then readlink -- "$p" | base64 -w 0; elif [ -f "$p" ]; then base64 -w 0 -- "$p"; fi
    echo
  done`;
  const out = paths.length === 0 ? [] : lines(labDo("exec", folder, host, "--", "sh", "-c", script, "sh", ...paths));
  const states = paths.map((path, index) => {
    const line = out[index] ?? "";
    const at = line.lastIndexOf("_") + 1;
    const content = Buffer.from(line.slice(at), "base64").toString();
    return [path.replace(/\.\d+\.[-\d]+@[:\d]+~$/, ".BACKUP~"), `${line.slice(0, at - 1)} ${JSON.stringify(content)}`];
  });
  return new Map([...gone, ...states]);
};

const compareFiles = (theirs, ours, host) =>
  [...new Set([...theirs.keys(), ...ours.keys()])]
    .toSorted((a, b) => (a < b ? -1 : 1))
    .filter((path) => theirs.get(path) !== ours.get(path))
    .map((path) => `${host}:${path}: ${theirs.get(path) ?? "nothing"} | ${ours.get(path) ?? "nothing"}`);

const write = (path, text) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode: /\.(?:sh|py)$/.test(path) ? 0o755 : 0o644 });
};

/** The folder of a case: playbook and files, and for each program an inventory of its own hosts under the same names. */
const prepare = (situation, folder, labFolder, count) => {
  const inventory = readFileSync(join(labFolder, "inventory.ini"), "utf8");
  const addresses = [...inventory.matchAll(/ansible_host=(\S+)/g)].map((match) => match[1]);
  const common = inventory.slice(inventory.indexOf("[lab:vars]"));
  for (const [side, name] of ["a", "b"].entries()) {
    const hosts = Array.from({ length: count }, (_, index) => {
      const host = `h${index + 1}`;
      return `${host} ansible_host=${addresses[side * count + index]} ${situation.hostvars?.[host] ?? ""}`;
    });
    write(join(folder, name, "hosts"), `[lab]\n${hosts.join("\n")}\n\n${common}\n${situation.inventory ?? ""}\n`);
    for (const [path, text] of Object.entries(situation.inventoryFiles ?? {})) write(join(folder, name, path), text);
  }
  for (const [path, text] of Object.entries(situation.files ?? {})) write(join(folder, path), text);
  write(join(folder, "play.yml"), situation.playbook);
  // The machine's own settings of Ansible are nobody's business here.
  write(join(folder, "ansible.cfg"), "");
  for (let host = 1; situation.given !== undefined && host <= 2 * count; host++) {
    labDo("exec", labFolder, `vm${host}`, "--", "sh", "-euc", situation.given);
  }
};

/** Runs one case; the lines about what differs without being meant to. */
const compareCase = async (name, folder) => {
  const situation = parse(readFileSync(join(here, "cases", `${name}.yml`), "utf8"));
  const count = situation.hosts ?? 1;
  const labFolder = join(folder, "lab");
  labDo("up", labFolder, String(2 * count));
  try {
    prepare(situation, join(folder, "case"), labFolder, count);
    const [theirs, ours] = await Promise.all([
      runAnsible(situation, join(folder, "case")),
      runLatchkey(situation, join(folder, "case")),
    ]);
    const told = [];
    if (ending(theirs) !== ending(ours)) told.push(`ending: ${ending(theirs)} | ${ending(ours)}\n${ours.stderr}`);
    if (theirs.steps.length === 0) told.push(`Ansible ran nothing: ${theirs.stderr}`);
    for (const host of new Set([...theirs.steps, ...ours.steps].map((step) => step.host))) {
      const [a, b] = [theirs, ours].map(({ steps }) => steps.filter((step) => step.host === host));
      told.push(...compareSteps(a, b, host));
    }
    const kinds = ["ok", "changed", "unreachable", "failed", "skipped", "rescued", "ignored"];
    const recap = (stats) => kinds.map((kind) => `${kind}=${stats?.[kind]}`).join(" ");
    for (const host of new Set([...Object.keys(theirs.stats), ...Object.keys(ours.stats)])) {
      const [a, b] = [recap(theirs.stats[host]), recap(ours.stats[host])];
      if (a !== b) told.push(`recap ${host}: ${a} | ${b}`);
    }
    for (let host = 1; host <= count; host++) {
      told.push(...compareFiles(filesOf(labFolder, `vm${host}`), filesOf(labFolder, `vm${count + host}`), `h${host}`));
    }
    const meant = (situation.differs ?? []).map((pattern) => new RegExp(`^(?:${pattern})`));
    return told.filter((line) => !meant.some((pattern) => pattern.test(line)));
  } finally {
    labDo("down", labFolder);
  }
};

const wanted = process.argv.slice(2);
const names = readdirSync(join(here, "cases"))
  .map((file) => file.replace(/\.yml$/, ""))
  .filter((name) => wanted.length === 0 || wanted.some((start) => name.startsWith(start)));
let different = 0;
for (const name of names) {
  const folder = mkdtempSync(join(tmpdir(), "lk-compare-"));
  const told = await compareCase(name, folder);
  rmSync(folder, { recursive: true });
  if (told.length > 0) different++;
  say(told.length === 0 ? `same      ${name}` : `DIFFERENT ${name} (Ansible | Latchkey)\n  ${told.join("\n  ")}`);
}
say(`${names.length} cases, ${different} of them different`);
process.exitCode = different === 0 ? 0 : 1;
