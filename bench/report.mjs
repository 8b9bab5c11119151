/** The report: what is shown on the terminal, and the same as a Markdown page. */
import Table from "cli-table3";

/** Lines of a table that are not drawn. */
const LINES =
  "top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle";
const NO_LINES = Object.fromEntries(LINES.split(" ").map((name) => [name, ""]));

/** One benchmark as text for a terminal. */
export function describeBench(bench) {
  return [
    `${bench.title}  (${settingsText(bench.settings)})`,
    plainTable(RATIO_HEAD, bench.ratios.map(ratioRow)),
    plainTable(MEASURE_HEAD, bench.measures.map(measureRow)),
  ].join("\n\n");
}

/** The whole report as text for a terminal. */
export function describeReport(report) {
  return [machineText(report), ...report.benches.map(describeBench)].join("\n\n\n");
}

/** The whole report as a Markdown page. */
export function reportPage(report) {
  const benches = report.benches.flatMap((bench) => [
    `## ${bench.title}`,
    "",
    `Settings: ${settingsText(bench.settings)}.`,
    "",
    markdownTable(RATIO_HEAD, bench.ratios.map(ratioRow)),
    "",
    markdownTable(MEASURE_HEAD, bench.measures.map(measureRow)),
    "",
    "Raw values, one a round:",
    "",
    ...bench.measures.map(({ what, rounds }) => `- ${what}: ${rounds.map(numberText).join(", ")}`),
    "",
  ]);
  return `# Benchmarks

One run of \`npm run bench\`, kept as it was printed. Ratios are taken within each round, between contenders that take turns on
the same machine; the goals are those that the project has set itself, and one that is not reached is shown like the others.
Spread is the distance between the worst and the best round over the median: near 100 % the machine was busy with other
things, and the ratio beside it is a rough one.
Absolute numbers belong to this machine alone. \`npm run bench\` measures yours; \`npm run bench -- --document\` writes this page
again, and so it is never edited by hand.

${machineText(report)}

${benches.join("\n").trimEnd()}
`;
}

const RATIO_HEAD = ["ratio", "value", "goal", "reached"];
const MEASURE_HEAD = ["measured", "median", "unit", "spread"];

function ratioRow({ what, value, unit, goal, isReached }) {
  return [
    what,
    valueText(value, unit),
    goalText(goal, unit),
    isReached === null ? "" : isReached ? "yes" : "no",
  ];
}

function measureRow({ what, median, unit, spread }) {
  return [what, numberText(median), unit, `${Math.round(spread * 100)} %`];
}

function goalText(goal, unit) {
  if (goal === null) return "";
  return "atLeast" in goal
    ? `at least ${valueText(goal.atLeast, unit)}`
    : `at most ${valueText(goal.atMost, unit)}`;
}

function valueText(value, unit) {
  return unit === "×" ? `${value.toFixed(2)} ×` : `${numberText(value)} ${unit}`;
}

function machineText({ at, mode, machine }) {
  return [
    `${at}, ${mode} run, Statewright ${machine.versions.statewright}, XState ${machine.versions.xstate}, libsql ${machine.versions.libsql}.`,
    `${machine.cpuModel}, ${machine.cores} cores, ${machine.memoryGib} GiB, ${machine.system}, ${machine.fileSystem}, Node ${machine.versions.node};`,
    `load ${machine.loadBefore.toFixed(2)} before and ${machine.loadAfter.toFixed(2)} after.`,
  ].join("\n");
}

function settingsText(settings) {
  return Object.entries(settings)
    .map(([name, value]) => `${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)} ${value}`)
    .join(", ");
}

function numberText(value) {
  if (value >= 1000) return Math.round(value).toLocaleString("en-US");
  return value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(2) : value.toPrecision(3);
}

function plainTable(head, rows) {
  const table = new Table({
    head,
    chars: NO_LINES,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 3 },
    colAligns: ["left", "right", head === MEASURE_HEAD ? "left" : "right", "left"],
  });
  table.push(...rows);
  return table
    .toString()
    .split("\n")
    .map((line) => `  ${line.trimEnd()}`)
    .join("\n");
}

function markdownTable(head, rows) {
  return [head, ["---", "---:", "---", "---"], ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
