import { readFileSync } from "node:fs";
import * as prometheus from "prom-client";
import { expect, it } from "vitest";
import { engineMetrics } from "./engine-metrics.js";

const page = readFileSync(new URL("../../../docs/reference/metrics.md", import.meta.url), "utf8");

it("the reference lists every metric with its kind, labels and meaning, and no other", () => {
  const metrics = Object.values(engineMetrics(prometheus, new prometheus.Registry())).map((metric) => {
    const { name, help, labelNames } = metric as unknown as {
      readonly name: string;
      readonly help: string;
      readonly labelNames: readonly string[];
    };
    const kind = metric.constructor.name.toLowerCase();
    const labels = labelNames.length === 0 ? "–" : labelNames.map((label) => `\`${label}\``).join(", ");
    return `| \`${name}\` | ${kind} | ${labels} | ${help} |`;
  });
  expect(metrics.length).toBeGreaterThan(15);
  expect(page.split("\n").filter((line) => line.startsWith("| `statewright_"))).toEqual(metrics);
});
