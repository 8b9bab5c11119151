// Builds dist/ from src/: JavaScript and types by the TypeScript compiler, validators made ahead of time, and the
// executable bit of the command line.
//
// 1. All of it is made in a folder aside, which takes the place of dist/ when it is whole: dist/ is never half there.
// 2. A build that gives what is there already leaves dist/ alone, so that what runs from it is not disturbed.
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { precompiledModule } from "./precompile.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const tsc = join(root, "node_modules/typescript/bin/tsc");

// Inside the project, because renaming works within one file system only, and so that packages are found from there.
const aside = mkdtempSync(join(root, ".build-"));
try {
  const fresh = join(aside, "dist");
  execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json", "--outDir", fresh], {
    cwd: root,
    stdio: "inherit",
  });
  writeFileSync(join(fresh, "platform/schema/precompiled.js"), await precompiledModule(fresh));
  chmodSync(join(fresh, "cli/main.js"), 0o755);
  if (!isSame(fresh, dist)) swap(fresh);
} catch (error) {
  // The compiler has said what is wrong.
  if (error.status === undefined) throw error;
  process.exitCode = 1;
} finally {
  rmSync(aside, { recursive: true, force: true });
}

/** Another build may put its own dist/ into the gap between the two renames; the last one stays. */
function swap(fresh) {
  for (let round = 0; ; round += 1) {
    try {
      renameSync(dist, join(aside, `old-${round}`));
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
    try {
      renameSync(fresh, dist);
      return;
    } catch (error) {
      if (round === 10 || (error.code !== "ENOTEMPTY" && error.code !== "EEXIST")) throw error;
    }
  }
}

function isSame(one, other) {
  const files = filesOf(one);
  const others = filesOf(other);
  return (
    files.length === others.length &&
    files.every(
      (path, at) =>
        path === others[at] && readFileSync(join(one, path)).equals(readFileSync(join(other, path))),
    )
  );
}

function filesOf(directory) {
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(directory.length))
      .sort();
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}
