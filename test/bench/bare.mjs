// The least that a grant can cost: one ssh2 connection a host, host key verified, and one script sent to
// `sudo sh`. No inventory language, no templates, no report. bench.mjs compares Latchkey with it.
//
//   node test/bench/bare.mjs LAB-DIRECTORY SCRIPT COUNT
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ssh2 from "ssh2";

const [dir, scriptPath, count] = process.argv.slice(2);
const script = readFileSync(scriptPath, "utf8");
const privateKey = readFileSync(join(dir, "id_ed25519"));
const hostKeys = new Map(
  readFileSync(join(dir, "known_hosts"), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(" "))
    .map(([address, , key]) => [address, Buffer.from(key, "base64")]),
);
const addresses = [...hostKeys.keys()].slice(0, Number(count));

/** @param {string} address @returns {Promise<void>} */
function runOn(address) {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    let code;
    client.on("error", reject);
    client.on("close", () => (code === 0 ? resolve() : reject(new Error(`${address}: exit code ${code}`))));
    client.on("ready", () => {
      client.exec("sudo -n sh", (error, channel) => {
        if (error) return reject(error);
        channel.stderr.on("data", (data) => process.stderr.write(data));
        channel.resume().on("exit", (status) => (code = status));
        channel.on("close", () => client.end());
        return channel.end(script);
      });
    });
    client.connect({
      host: address,
      username: "debian",
      privateKey,
      hostVerifier: (key) => hostKeys.get(address)?.equals(key) === true,
      readyTimeout: 60_000,
    });
  });
}

const failures = (await Promise.allSettled(addresses.map(runOn))).filter(({ status }) => status === "rejected");
for (const { reason } of failures) process.stderr.write(`${reason.message}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
