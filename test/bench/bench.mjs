// Measures the grant on lab hosts beside test/bench/bare.mjs, prints a table and writes test/bench/results.md.
//
//   npm run bench [-- --rounds N --hosts 1,5,20,50]
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { arch, cpus, release, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    hosts: { type: "string", default: "1,5,20,50" },
  },
});
const rounds = Number(values.rounds);
const sizes = values.hosts.split(",").map(Number);
/** What a run may cost: wall time over the bare program, controller CPU a host, memory. */
const LIMITS = { ratio: 1.3, cpuMs: 15, peakMb: 150 };

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");
const dir = mkdtempSync(join(tmpdir(), "latchkey-bench-"));
const lab = join(dir, "lab");
const keys = {
  support: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHmVBP2Jk8T7v4S1yqYwC1pPq1VQz0n4o2p3X5m7b9dE engineer@vendor",
};
const grantScript = join(dir, "grant.sh");
const variables = join(dir, "variables.json");

const print = (text) => process.stdout.write(`${text}\n`);
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

function labScript(...args) {
  const call = ["sh", join(root, "test/lab/lab.sh"), ...args];
  const asRoot = process.getuid?.() === 0 ? call : ["sudo", "-n", ...call];
  const result = spawnSync(asRoot[0], asRoot.slice(1), { encoding: "utf8" });
  if (result.status !== 0) throw new Error(`lab.sh ${args[0]}: ${result.stderr}`);
  return result.stdout;
}

// Certificates for HTTPS that Node would load at its start: neither program has a use for them.
const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env;

/** Runs a program to its end; throws when it fails, since its time then says nothing. */
function measure(args) {
  const usage = join(dir, "usage.json");
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", join(here, "usage.mjs"), ...args], {
      cwd: root,
      env: { ...environment, BENCH_USAGE: usage },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => (output += data));
    child.on("error", reject);
    child.on("close", (code) => {
      const wallMs = performance.now() - started;
      if (code === 0) resolve({ wallMs, ...JSON.parse(readFileSync(usage, "utf8")) });
      else reject(new Error(`${args.join(" ")} ended with ${code}:\n${output.slice(-4000)}`));
    });
  });
}

const programs = {
  bare: (count) => ["test/bench/bare.mjs", lab, grantScript, String(count)],
  latchkey: (count) => {
    const inventory = join(dir, `inventory-${count}.ini`);
    return ["dist/main.js", "run", "playbooks/grant.yml", "-i", inventory, "-e", `@${variables}`];
  },
};

function prepare() {
  labScript("up", lab, String(Math.max(...sizes)));
  const controller = /^LAB_CONTROLLER=(.*)$/m.exec(readFileSync(join(lab, "lab.env"), "utf8"))[1];
  const line = `from="${controller}",restrict,pty ${keys.support}`;
  const script = readFileSync(join(here, "grant.sh"), "utf8");
  writeFileSync(grantScript, `KEY_LINE='${line}'\n${script}`);
  const given = { support_keys: [keys.support], support_sources: [controller] };
  writeFileSync(variables, JSON.stringify(given));
  const inventory = readFileSync(join(lab, "inventory.ini"), "utf8");
  for (const size of sizes) {
    const subset = inventory.replace(/^vm(\d+) .*\n/gm, (host, n) => (Number(n) <= size ? host : ""));
    writeFileSync(join(dir, `inventory-${size}.ini`), subset);
  }
}

const undo = (count) => measure(["test/bench/bare.mjs", lab, join(here, "undo.sh"), String(count)]);

/** Both programs must do the same work, or their times cannot be compared. */
async function compareEndStates() {
  const script = readFileSync(join(here, "end-state.sh"), "utf8");
  const states = {};
  for (const name of Object.keys(programs)) {
    await measure(programs[name](sizes[0]));
    states[name] = labScript("exec", lab, "vm1", "--", "sh", "-c", script);
    await undo(sizes[0]);
  }
  if (states.bare !== states.latchkey)
    throw new Error(`the end states differ:\n--- bare\n${states.bare}\n--- latchkey\n${states.latchkey}`);
}

/** Rounds of both programs in turn, so that both see the same weather. */
async function measureSize(count) {
  const results = { bare: [], latchkey: [] };
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? ["bare", "latchkey"] : ["latchkey", "bare"];
    for (const name of order) {
      results[name].push(await measure(programs[name](count)));
      await undo(count);
    }
  }
  const of = (name, what) => median(results[name].map((result) => result[what]));
  return {
    hosts: count,
    bareMs: of("bare", "wallMs"),
    latchkeyMs: of("latchkey", "wallMs"),
    ratio: of("latchkey", "wallMs") / of("bare", "wallMs"),
    bareCpuMs: of("bare", "cpuMs") / count,
    cpuMs: of("latchkey", "cpuMs") / count,
    peakMb: of("latchkey", "peakMb"),
  };
}

function table(rows) {
  const head = "| hosts | bare ms | latchkey ms | ratio | bare CPU ms/host | latchkey CPU ms/host | peak MB |";
  const lines = rows.map((row) =>
    [row.hosts, ...[row.bareMs, row.latchkeyMs].map(Math.round), row.ratio.toFixed(2)]
      .concat([row.bareCpuMs.toFixed(1), row.cpuMs.toFixed(1), Math.round(row.peakMb)])
      .join(" | "),
  );
  return [head, "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |", ...lines.map((line) => `| ${line} |`)].join("\n");
}

function report(rows) {
  const openssh = spawnSync("ssh", ["-V"], { encoding: "utf8" }).stderr.trim();
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `# Benchmark: the grant

\`npm run bench -- --rounds ${rounds} --hosts ${sizes.join(",")}\` on ${new Date().toISOString().slice(0, 10)}:
${cpus().length} x ${cpus()[0]?.model ?? "unknown"}, ${memory} GB, Linux ${release()} ${arch()}, Node ${process.version},
${openssh}. The hosts run on the same machine and share its processors.

Medians of ${rounds} runs, interleaved. *bare* opens one ssh2 connection a host and sends one hand-written script that
leaves the same end state (checked). Times are of whole processes, start of Node included. Aims: ratio at most
${LIMITS.ratio}, CPU at most ${LIMITS.cpuMs} ms a host, memory at most ${LIMITS.peakMb} MB.

${table(rows)}
`;
}

try {
  prepare();
  await compareEndStates();
  const rows = [];
  for (const size of sizes) {
    rows.push(await measureSize(size));
    print(
      table(rows.slice(-1))
        .split("\n")
        .slice(rows.length === 1 ? 0 : 2)
        .join("\n"),
    );
  }
  writeFileSync(join(here, "results.md"), report(rows));
  print(`\nwritten to ${join(here, "results.md")}`);
} finally {
  labScript("down", lab);
  rmSync(dir, { recursive: true, force: true });
}
