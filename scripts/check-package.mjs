// Checks what npm would publish: packs dist/ (which must be built), looks at every file in the archive, lets publint
// judge the manifest, and uses the unpacked package in an empty project that has its dependencies and nothing else.
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

const root = fileURLToPath(new URL("..", import.meta.url));
const ALLOWED = [
  /^(package\.json|README\.md|LICENSE)$/,
  /^dist\/(?!.*(\.test|-fixture|-arbitrary)\.)[\w./-]+\.(js|d\.ts)$/,
  /^schema\/[\w.-]+\.(json|yaml)$/,
];
const REQUIRED = ["package.json", "README.md", "LICENSE", "dist/index.js", "dist/cli/main.js"];

const project = mkdtempSync(join(tmpdir(), "statewright-package-"));
try {
  const { tarball, files } = pack();
  checkFiles(files);
  await checkManifest(tarball);
  const installed = install(tarball);
  useAsLibrary();
  useAsCommand(installed);
  useTypes();
  console.log(`${files.length} files packed, installed and used`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(project, { recursive: true });
}

function pack() {
  const packed = execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", project], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  // npm 12 and later gives an object keyed by the package's name, npm before it a list.
  const [report] = Object.values(JSON.parse(packed));
  return { tarball: join(project, report.filename), files: report.files.map(({ path }) => path) };
}

function checkFiles(files) {
  const strange = files.filter((path) => !ALLOWED.some((allowed) => allowed.test(path)));
  const missing = REQUIRED.filter((path) => !files.includes(path));
  if (strange.length > 0)
    throw new Error(`Packed, but not meant to be published:\n  ${strange.join("\n  ")}`);
  if (missing.length > 0) throw new Error(`Not packed, but needed:\n  ${missing.join("\n  ")}`);
}

async function checkManifest(tarball) {
  const bytes = readFileSync(tarball);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true });
  const found = messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code);
  if (found.length > 0) throw new Error(`publint about package.json:\n  ${found.join("\n  ")}`);
}

/** Unpacks the archive and links the packages that npm would install with it: no registry, no development package. */
function install(tarball) {
  const modules = join(project, "node_modules");
  const installed = join(modules, "statewright");
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "-C", installed, "--strip-components=1"]);
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ name: "user", type: "module", private: true }),
  );
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  for (const [path, { dev }] of Object.entries(packages)) {
    const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1];
    if (name === undefined || dev === true || !existsSync(join(root, path))) continue;
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, path), join(modules, name));
  }
  return installed;
}

function useAsLibrary() {
  const script = `
    const library = await import("statewright");
    const core = await import("statewright/core");
    for (const name of ["definition", "config"]) {
      const schema = await import("statewright/schema/" + name + ".schema.json", { with: { type: "json" } });
      if (schema.default.$schema === undefined) throw new Error(name + ".schema.json is not a JSON Schema");
    }
    for (const name of ["createEngine", "sqlite"]) {
      if (typeof library[name] !== "function") throw new Error("statewright does not export " + name);
    }
    if (Object.keys(core).length === 0) throw new Error("statewright/core exports nothing");
  `;
  writeFileSync(join(project, "use.js"), script);
  run([join(project, "use.js")]);
}

function useAsCommand(installed) {
  const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  const command = join(installed, manifest.bin.statewright);
  const help = run([command, "--help"]);
  if (!help.includes("statewright")) throw new Error("statewright --help does not name the program.");
  const version = run([command, "--version"]).trim();
  if (version !== manifest.version) throw new Error(`statewright --version prints ${version}.`);
  const example = join(root, "examples/money-transfer/money-transfer.json");
  if (existsSync(example)) run([command, "validate", example]);
}

function useTypes() {
  const source =
    'import { createEngine, sqlite } from "statewright";\nimport * as core from "statewright/core";\n';
  writeFileSync(join(project, "use.ts"), `${source}export const used = [createEngine, sqlite, core];\n`);
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const types = join(root, "node_modules/@types");
  run(
    [compiler, "--noEmit", "--strict", "--module", "nodenext", "--skipLibCheck", "--types", "node"].concat([
      "--typeRoots",
      types,
      join(project, "use.ts"),
    ]),
  );
}

function run(args) {
  try {
    return execFileSync(process.execPath, args, {
      cwd: project,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    const left = readdirSync(project).join(" ");
    throw new Error(`node ${args.join(" ")} (beside ${left})\n${error.stdout ?? ""}${error.stderr ?? ""}`);
  }
}
