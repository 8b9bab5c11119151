/** Publishes a version of a definition: read with all findings, normalised, kept with its hash. */
import { StatewrightError } from "../core/errors.js";
import { formatInstant } from "../core/instant.js";
import { canonicalJson } from "../core/json/canonical-json.js";
import type { Json, JsonObject } from "../core/json/json.js";
import { DefinitionInvalidError } from "../core/refused.js";
import type { DefinitionRow } from "../ports/store.js";
import type { PublishOutcome, PublishRequest } from "./requests.js";
import type { RuntimePorts } from "./runtime-ports.js";

/** Throws `DEFINITION_INVALID` with all findings, or `VERSION_EXISTS`. */
export async function publishDefinition(
  ports: Pick<RuntimePorts, "read" | "sha256" | "clock" | "store">,
  definition: string | JsonObject,
  request: PublishRequest,
): Promise<PublishOutcome> {
  const source = typeof definition === "string" ? { text: definition } : { document: definition };
  const read = ports.read(source);
  if (read.definition === undefined) throw new DefinitionInvalidError(read.findings);
  const text = canonicalJson(read.definition as unknown as Json);
  const { stateMachineId, version = 1 } = read.definition;
  const row: DefinitionRow = {
    stateMachineId,
    version,
    hash: ports.sha256(text),
    text,
    publishedAt: formatInstant(ports.clock.now()),
    author: request.author ?? "unknown",
    note: request.note ?? "",
  };
  const outcome = await ports.store.saveDefinition(row);
  if (outcome === "different") {
    throw new StatewrightError(
      "VERSION_EXISTS",
      `"${stateMachineId}" version ${version} is published already with other content.`,
      {
        hint: `Raise "version" to ${version + 1}; instances that run stay on the version they began with.`,
      },
    );
  }
  return {
    stateMachineId,
    version,
    hash: row.hash,
    outcome: outcome === "same" ? "unchanged" : "published",
    warnings: read.findings,
  };
}
