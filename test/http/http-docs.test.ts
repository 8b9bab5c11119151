import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { JsonObject } from "../../src/core/json/json.js";
import { type HttpBench, openHttpBench } from "../kit/http-bench.js";

const page = readFileSync(new URL("../../docs/reference/http.md", import.meta.url), "utf8");

let bench: HttpBench;
beforeAll(async () => {
  bench = await openHttpBench();
});
afterAll(() => bench.close());

it("the reference has a row for every route of the contract, and no other", () => {
  const rows = [...page.matchAll(/^\| `(GET|POST) (\/\S*)` \| (.+?) \|/gm)].map(([, method, path, says]) => [
    `${method} ${path}`,
    says,
  ]);
  const routes = Object.entries(bench.server.document.paths as JsonObject).flatMap(([path, methods]) =>
    Object.entries(methods as JsonObject).map(([method, operation]) => [
      `${method.toUpperCase()} ${path}`,
      (operation as JsonObject).summary,
    ]),
  );
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(routes));
});

it("the reference names every query parameter and header of the contract", () => {
  const named = Object.values(bench.server.document.paths as JsonObject)
    .flatMap((methods) => Object.values(methods as JsonObject))
    .flatMap((operation) => ((operation as JsonObject).parameters ?? []) as readonly JsonObject[])
    .filter((parameter) => parameter.in !== "path")
    .map((parameter) => String(parameter.name));
  for (const name of new Set(named)) expect(page.toLowerCase()).toContain(`\`${name}\``.toLowerCase());
});

it("the contract is OpenAPI 3.1, and every reference in it leads somewhere", () => {
  const { document } = bench.server;
  expect(document.openapi).toMatch(/^3\.1\./);
  const schemas = (document.components as JsonObject).schemas as JsonObject;
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
  expect(references.length).toBeGreaterThan(50);
  for (const [, name = ""] of references) expect(Object.keys(schemas)).toContain(name);
});
