import { spawnSync } from "node:child_process";
import { cpSync, statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { defineConfig } from "rolldown";

const src = resolve("src");
const dist = resolve("dist");

/**
 * The bodies of modules are read beside their modules, which a bundle moves: to its code each module stays where it was,
 * and the shell files keep their places below `dist`.
 */
const assets = (up) => ({
  name: "assets",
  transform(code, id) {
    if (!id.startsWith(src)) return undefined;
    return code.replaceAll("import.meta.url", `new URL("${up}${relative(src, id)}", import.meta.url).href`);
  },
  writeBundle() {
    cpSync(src, dist, { recursive: true, filter: (path) => statSync(path).isDirectory() || path.endsWith(".sh") });
  },
});

/** Has the program make a dry run on this machine, and keeps what V8 compiled for it. */
const codeCache = {
  name: "code-cache",
  writeBundle() {
    const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHmVBP2Jk8T7v4S1yqYwC1pPq1VQz0n4o2p3X5m7b9dE";
    const variables = JSON.stringify({ support_keys: [key], support_sources: ["192.0.2.1"], ansible_become: false });
    const args = ["run", "playbooks/grant.yml", "--check", "-i", "localhost,", "-c", "local", "-e", variables];
    const main = resolve(dist, "main.js");
    const code = `
      import { writeFileSync } from "node:fs";
      process.argv = ["node", ...${JSON.stringify([main, ...args])}];
      const { scripts } = await import(${JSON.stringify(pathToFileURL(main).href)});
      for (const [path, script] of scripts) writeFileSync(path + ".cache", script.createCachedData());
      process.exitCode = 0;`;
    const made = spawnSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" });
    if (made.status !== 0) throw new Error(`the code cache was not written: ${made.stdout}${made.stderr}`);
  },
};

const packages = [/^node:/, "ajv", "commander", "listr2", "node-ssh", "p-limit", "ssh2"];
const common = { platform: "node", logLevel: "warn" };

// Packages stay outside, but for yaml, which is 60 small files itself, and in the program those that a CommonJS module
// cannot load.
export default defineConfig([
  {
    ...common,
    input: { main: "src/main.ts", index: "src/index.ts" },
    external: packages,
    plugins: [assets("./")],
    output: { dir: "dist", cleanDir: true, chunkFileNames: "[name]-[hash].js" },
  },
  {
    ...common,
    input: { program: "src/program.ts" },
    external: packages.filter((name) => name !== "p-limit"),
    plugins: [assets("../"), codeCache],
    output: {
      dir: "dist/program",
      format: "cjs",
      entryFileNames: "[name].cjs",
      chunkFileNames: "[name]-[hash].cjs",
    },
  },
]);
