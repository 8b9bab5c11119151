/** Verifies the audit trail of an instance by its published format alone: numbers, hashes, chain, the values beside it. */
import { createHash } from "node:crypto";
import canonicalize from "canonicalize";

/**
 * @typedef {import("./read-evidence.mjs").Instance} Instance
 * @typedef {import("./read-evidence.mjs").TrailRow} TrailRow
 */

export const TRAIL_RULES = {
  numbered: "a trail is numbered from 1 to the seq of its instance, without gaps",
  chained: "each entry of a trail is what was hashed, and follows from the one before it",
  disclosed: "the values beside an entry are those that were recorded",
};

const FIRST_PREVIOUS_HASH = "0".repeat(64);

/**
 * @param {Instance} instance
 * @param {import("./findings.mjs").Findings} findings
 */
export function checkTrail({ instanceId, seq, trail }, findings) {
  const isNumbered = trail.length === seq && trail.every((row, index) => row.seq === index + 1);
  findings.check(
    TRAIL_RULES.numbered,
    isNumbered,
    () => `${instanceId} is at ${seq}, with ${trail.length} entries`,
  );
  let previous = FIRST_PREVIOUS_HASH;
  for (const row of trail) {
    const follows =
      row.previous_hash === previous && row.hash === sha256(`${previous}\n${row.entry}`) && isOfRow(row);
    findings.check(TRAIL_RULES.chained, follows, () => `${instanceId} at entry ${row.seq}`);
    findings.check(TRAIL_RULES.disclosed, isDisclosed(row), () => `${instanceId} at entry ${row.seq}`);
    previous = row.hash;
  }
}

/** @param {TrailRow} row */
function isOfRow({ entry, instance_id: instanceId, seq, at, type }) {
  const said = JSON.parse(entry);
  return said.instanceId === instanceId && said.seq === seq && said.at === at && said.type === type;
}

/** @param {TrailRow} row */
function isDisclosed({ entry, disclosed }) {
  return Object.entries(JSON.parse(disclosed)).every(
    ([digest, { salt, value }]) =>
      entry.includes(`"${digest}"`) && sha256(`${salt}\n${canonicalize(value)}`) === digest,
  );
}

/** @param {string} text */
function sha256(text) {
  return createHash("sha256").update(text).digest("hex");
}
