import { cpSync, statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { defineConfig } from "rolldown";

const src = resolve("src");
const dist = resolve("dist");

/**
 * The bodies of modules are read beside their modules, which a bundle moves: to its code each module stays where it was,
 * and the shell files keep their places below `dist`.
 */
const assets = {
  name: "assets",
  transform(code, id) {
    if (!id.startsWith(src)) return undefined;
    return code.replaceAll("import.meta.url", `new URL("./${relative(src, id)}", import.meta.url).href`);
  },
  writeBundle() {
    cpSync(src, dist, { recursive: true, filter: (path) => statSync(path).isDirectory() || path.endsWith(".sh") });
  },
};

// One file for what every start needs, and one for each part that is loaded on demand: 200 small files cost a start
// 0.1 s. Packages stay outside, but for yaml, which is 60 small files itself.
export default defineConfig({
  input: { main: "src/main.ts", index: "src/index.ts" },
  platform: "node",
  logLevel: "warn",
  external: [/^node:/, "ajv", "commander", "listr2", "node-ssh", "p-limit", "ssh2"],
  plugins: [assets],
  output: { dir: "dist", cleanDir: true, chunkFileNames: "[name]-[hash].js" },
});
