import { cpSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { defineConfig } from "rolldown";

const src = resolve("src");
const dist = resolve("dist");

/**
 * The bodies of modules are read beside the compiled files, which a bundle moves: each `new URL("x.sh", import.meta.url)`
 * is written anew, seen from `dist`, and the shell files keep their places below it.
 */
const assets = {
  name: "assets",
  transform(code, id) {
    if (!id.startsWith(src)) return undefined;
    return code.replaceAll(/new URL\("([^"]+)", import\.meta\.url\)/g, (_whole, path) => {
      const target = join(dirname(id), path);
      const inside = target.startsWith(src) ? join(dist, relative(src, target)) : target;
      const seen = relative(dist, inside);
      return `new URL("${seen.startsWith(".") ? seen : `./${seen}`}", import.meta.url)`;
    });
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
