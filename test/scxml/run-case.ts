/** Converts a case and runs it in the engine, on virtual time; says whether it passes, or in one word why not. */
import { type ConvertedScxml, convertScxml } from "../../src/convert/scxml/convert-scxml.js";
import { SCXML_CODES } from "../../src/convert/scxml/scxml-codes.js";
import type { InstanceDocument } from "../../src/core/instance-document.js";
import type { JsonObject } from "../../src/core/json/json.js";
import { RefusedError } from "../../src/core/refused.js";
import type { EngineBench } from "../kit/engine-bench.js";
import { type SuiteCase, W3C_GROUP } from "./suite-cases.js";

export interface Outcome {
  /** `passes`, or the cause in one word. */
  readonly word: string;
  /** What was found, for people. */
  readonly detail: string;
}

/** Cases that run and end elsewhere, for a reason that is understood. */
const UNDERSTOOD: { readonly [caseId: string]: string } = {
  // They expect less to be left than the recommendation's algorithm leaves, unlike their neighbours test2 and test3.
  "more-parallel/test10": "expectation",
  "more-parallel/test10b": "expectation",
  // An automatic transition does not see the event of the transition before it.
  "w3c-ecma/test329": "event-scope",
};

/** Long enough for every timer of the suites. */
const LONGEST_TIMER_MS = 60_000;

export async function runCase(bench: EngineBench, suiteCase: SuiteCase): Promise<Outcome> {
  const outcome = await convertAndRun(bench, suiteCase);
  const word = outcome.word === "fails" ? (UNDERSTOOD[suiteCase.id] ?? "fails") : outcome.word;
  return { ...outcome, word };
}

async function convertAndRun(bench: EngineBench, suiteCase: SuiteCase): Promise<Outcome> {
  const events = suiteCase.events.map(({ event }) => event.name).filter((name) => name !== "");
  const stateMachineId = suiteCase.id.replace(/[^A-Za-z0-9_.-]/g, "_");
  const converted = convertScxml(suiteCase.text, { events: [...new Set(events)], stateMachineId });
  if (converted.definition === undefined) return refusal(suiteCase, converted);
  try {
    await bench.engine.publish(converted.definition as unknown as JsonObject);
  } catch (error) {
    return { word: "definition", detail: String(error) };
  }
  try {
    return suiteCase.group === W3C_GROUP
      ? await runW3c(bench, suiteCase, stateMachineId)
      : await runScripted(bench, suiteCase, stateMachineId);
  } catch (error) {
    return { word: "crash", detail: String(error) };
  }
}

/** A chart that must be rejected passes by being refused. */
function refusal({ text }: SuiteCase, { findings }: ConvertedScxml): Outcome {
  const errors = findings.filter(({ severity }) => severity === "error");
  const detail = errors.map(({ line, code, message }) => `${line}: ${code} ${message}`).join("\n");
  if (/the processor\s+should\s+reject this document/.test(text)) return { word: "passes", detail };
  const causes = errors.map(({ code }) => SCXML_CODES[code].cause);
  return { word: CAUSES.find((cause) => causes.includes(cause as never)) ?? causes[0] ?? "refused", detail };
}

/** Of several causes the one that weighs most. */
const CAUSES = ["invoke", "transport", "scripting", "source", "foreach", "datamodel"];

async function runW3c(bench: EngineBench, suiteCase: SuiteCase, machine: string): Promise<Outcome> {
  const { instanceId } = await bench.engine.start(machine);
  await bench.settle();
  for (const { event, after = 0 } of suiteCase.events) {
    await bench.clock.advanceBy(after);
    if (event.name !== "") await send(bench, instanceId, event.name);
  }
  await bench.clock.advanceBy(LONGEST_TIMER_MS);
  const end = await bench.engine.get(instanceId);
  if (end.currentState === "pass") return { word: "passes", detail: "" };
  const isManual = !/id="(pass)"/.test(suiteCase.text);
  return { word: isManual ? "manual" : failure(end), detail: described(end) };
}

async function runScripted(bench: EngineBench, suiteCase: SuiteCase, machine: string): Promise<Outcome> {
  const { instanceId } = await bench.engine.start(machine);
  const begin = await misses(bench, instanceId, suiteCase.initialConfiguration ?? []);
  if (begin !== undefined) return { word: "fails", detail: `at the beginning: ${begin}` };
  for (const [at, { event, nextConfiguration, after = 0 }] of suiteCase.events.entries()) {
    await bench.clock.advanceBy(after);
    await send(bench, instanceId, event.name);
    const difference = await misses(bench, instanceId, nextConfiguration);
    if (difference === undefined) continue;
    return {
      word: failure(await bench.engine.get(instanceId)),
      detail: `after event ${at + 1} (${event.name}): ${difference}`,
    };
  }
  return { word: "passes", detail: "" };
}

/** What is different from the expected configuration; `undefined` when nothing is. */
async function misses(
  bench: EngineBench,
  instanceId: string,
  expected: readonly string[],
): Promise<string | undefined> {
  await bench.settle();
  const document = await bench.engine.get(instanceId);
  const actual = [...(document.activeStates ?? [document.currentState])].sort();
  if (JSON.stringify(actual) === JSON.stringify([...expected].sort())) return undefined;
  return `expected ${expected.join(", ")}; ${described(document)}`;
}

/** What is not enabled, or comes after the end, is dropped, as SCXML drops it. */
async function send(bench: EngineBench, instanceId: string, event: string): Promise<void> {
  try {
    await bench.engine.send(instanceId, event);
  } catch (error) {
    const isDropped = error instanceof RefusedError && ["NOT_ENABLED", "INSTANCE_ENDED"].includes(error.code);
    if (!isDropped) throw error;
  }
}

/** A case whose automatic transitions do not end within the 100 that follow one command is stopped by the engine. */
function failure({ incidents = [] }: InstanceDocument): string {
  return incidents.some(({ code }) => code === "AUTOMATIC_LIMIT") ? "over-100-steps" : "fails";
}

function described(document: InstanceDocument): string {
  const states = (document.activeStates ?? [document.currentState]).join(", ");
  const incidents = (document.incidents ?? []).map((each) => `${String(each.code)}: ${String(each.message)}`);
  return [`it is in ${states} (${document.status})`, ...incidents].join("; ");
}
