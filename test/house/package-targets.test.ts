import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "./cruise-layers.js";

interface Manifest {
  readonly bin: { readonly [name: string]: string };
  readonly exports: { readonly [path: string]: string | { readonly [condition: string]: string } };
}

const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;
const isBuilt = existsSync(join(ROOT, "dist"));
if (!isBuilt) console.warn("dist/ is absent: what package.json points to is not checked. Run: npm run build");

const exported = Object.entries(manifest.exports).flatMap(([path, target]) =>
  (typeof target === "string" ? [target] : Object.values(target)).map((file) => ({ path, file })),
);

describe("what package.json points to", () => {
  it.skipIf(!isBuilt).each(exported)("is there after a build: $path → $file", ({ file }) => {
    expect(existsSync(join(ROOT, file))).toBe(true);
  });

  it.skipIf(!isBuilt).each(Object.entries(manifest.bin))("can be executed: %s → %s", (_, file) => {
    expect(readFileSync(join(ROOT, file), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(() => accessSync(join(ROOT, file), constants.X_OK)).not.toThrow();
  });
});
