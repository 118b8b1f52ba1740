import { execFile, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { defineConfig } from "rolldown";
import ssh2 from "ssh2";

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

/** Has the program make a dry run over SSH on this machine, and keeps what V8 compiled for it. */
const codeCache = {
  name: "code-cache",
  async writeBundle() {
    const folder = mkdtempSync(resolve(tmpdir(), "latchkey-build-"));
    const server = await sshServer(folder);
    const variables = {
      support_keys: [server.key],
      support_sources: ["192.0.2.1"],
      ansible_port: server.port,
      ansible_private_key_file: resolve(folder, "key"),
      ansible_ssh_common_args: `-o UserKnownHostsFile=${resolve(folder, "known_hosts")}`,
      ansible_become: false,
    };
    const main = resolve(dist, "main.js");
    const args = ["run", "playbooks/grant.yml", "--check", "-i", "127.0.0.1,", "-e", JSON.stringify(variables)];
    const code = `
      import { writeFileSync } from "node:fs";
      process.argv = ["node", ...${JSON.stringify([main, ...args])}];
      const { scripts } = await import(${JSON.stringify(pathToFileURL(main).href)});
      for (const [path, script] of scripts) writeFileSync(path + ".cache", script.createCachedData());
      if (process.exitCode > 0) throw new Error("the dry run failed");`;
    const { error, stdout, stderr } = await new Promise((done) => {
      const options = ["--input-type=module", "-e", code];
      execFile(process.execPath, options, (failure, out, errors) =>
        done({ error: failure, stdout: out, stderr: errors }),
      );
    });
    server.stop();
    rmSync(folder, { recursive: true });
    if (error !== null) throw new Error(`the code cache was not written: ${stdout}${stderr}`);
  },
};

/** An SSH server that knows one key, kept in `folder` with its own, and runs commands as whoever builds. */
const sshServer = async (folder) => {
  const [host, user] = [1, 2].map(() => ssh2.utils.generateKeyPairSync("ed25519"));
  const key = ssh2.utils.parseKey(user.public);
  const server = new ssh2.Server({ hostKeys: [host.private] }, (client) => {
    client.on("error", () => {});
    client.on("authentication", (attempt) => {
      const { blob, signature, hashAlgo } = attempt;
      const known = attempt.key?.data.equals(key.getPublicSSH()) === true;
      // Without a signature a client only asks whether the key would do.
      if (known && (signature === undefined || key.verify(blob, signature, hashAlgo) === true)) attempt.accept();
      else attempt.reject();
    });
    client.on("session", (accept) =>
      accept().on("exec", (acceptExec, _reject, { command }) => {
        const channel = acceptExec();
        const child = spawn("/bin/sh", ["-c", command]);
        channel.pipe(child.stdin);
        child.stdout.pipe(channel);
        child.stderr.pipe(channel.stderr);
        child.on("close", (code) => channel.exit(code ?? 1) && channel.close());
      }),
    );
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  writeFileSync(resolve(folder, "key"), user.private, { mode: 0o600 });
  writeFileSync(resolve(folder, "known_hosts"), `[127.0.0.1]:${port} ${host.public}\n`);
  return { port, key: user.public, stop: () => server.close() };
};

/** ssh2 asks for its compiled part, where it was compiled, by a path beside its source. */
const nativeParts = {
  name: "native-parts",
  transform: (code, id) =>
    id.includes("/node_modules/ssh2/")
      ? code.replaceAll(/require\('\.\/(crypto\/build\/[^']+\.node)'\)/g, "require('ssh2/lib/protocol/$1')")
      : undefined,
};

const packages = [/^node:/, "ajv", "bcryptjs", "commander", "listr2", "node-ssh", "p-limit", "ssh2"];
const common = { platform: "node", logLevel: "warn", checks: { pluginTimings: false } };

// The library leaves packages outside, but for yaml, which is 60 small files itself. The program has them inside, for the
// code cache, but for those that few runs need.
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
    external: [/^node:/, "ajv", "bcryptjs", "listr2", "cpu-features", /\.node$/],
    plugins: [assets("../"), nativeParts, codeCache],
    output: {
      dir: "dist/program",
      format: "cjs",
      entryFileNames: "[name].cjs",
      chunkFileNames: "[name]-[hash].cjs",
    },
  },
]);
