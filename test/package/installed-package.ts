/** The package as npm would install it: packed, unpacked into an empty project, with its run-time dependencies beside it. */
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

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const isBuilt = existsSync(join(ROOT, "dist/index.js"));

export interface InstalledPackage {
  /** The project's folder. */
  readonly project: string;
  /** The package's folder in it. */
  readonly installed: string;
  /** Runs a module in the project and gives what it prints. Throws with its output when it fails. */
  run(name: string, text: string): string;
  remove(): void;
}

export function installPackage(): InstalledPackage {
  const project = mkdtempSync(join(tmpdir(), "statewright-installed-"));
  const installed = join(project, "node_modules/statewright");
  mkdirSync(installed, { recursive: true });
  const pack = ["pack", "--ignore-scripts", "--pack-destination", project];
  execFileSync("npm", pack, { cwd: ROOT, stdio: "ignore" });
  const [archive = ""] = readdirSync(project).filter((name) => name.endsWith(".tgz"));
  execFileSync("tar", ["-xzf", join(project, archive), "-C", installed, "--strip-components=1"]);
  linkDependencies(join(project, "node_modules"));
  writeFileSync(join(project, "package.json"), '{ "name": "user", "type": "module", "private": true }\n');
  return {
    project,
    installed,
    run(name, text) {
      writeFileSync(join(project, name), text);
      return execFileSync(process.execPath, [name], { cwd: project, encoding: "utf8", stdio: "pipe" });
    },
    remove: () => rmSync(project, { recursive: true, maxRetries: 5 }),
  };
}

function linkDependencies(modules: string): void {
  const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
    readonly packages: { readonly [path: string]: { readonly dev?: boolean } };
  };
  for (const [path, { dev }] of Object.entries(lock.packages)) {
    const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1];
    if (name === undefined || dev === true || !existsSync(join(ROOT, path))) continue;
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, path), join(modules, name));
  }
}
