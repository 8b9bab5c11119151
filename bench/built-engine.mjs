/**
 * Where the benchmarks find what they measure: the built package in dist/, or the dist/ of another checkout that
 * STATEWRIGHT_DIST names, so that two builds can be measured with the same benchmark.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const DIST = resolve(process.env.STATEWRIGHT_DIST ?? fileURLToPath(new URL("../dist", import.meta.url)));

/** The absolute path of a built file, such as `cli/main.js`. Throws when there is no build. */
export function builtFile(path) {
  const file = resolve(DIST, path);
  if (!existsSync(file))
    throw new Error(`There is no build to measure: ${path} is absent. Run: npm run build`);
  return file;
}

/** A built module, such as `core/step/step.js`. */
export function loadBuilt(path) {
  return import(pathToFileURL(builtFile(path)).href);
}
