import { describe, expect, test } from "vitest";
import { seededRandom } from "../../platform/seeded-random.js";
import { sha256 } from "../../platform/sha256.js";
import type { Command } from "../message/command.js";
import { commandOf, FIRST_PREVIOUS_HASH, openEntry, sealEntry } from "./audit-entry.js";
import { type TrailRow, verifyAudit } from "./verify-audit.js";

const random = seededRandom(7);

function commandNumber(seq: number): Command {
  const shared = { actor: "ada", source: "test", random: "0".repeat(32) };
  if (seq === 1)
    return { type: "start", instanceId: "i1", data: { amount: 10, name: "Ada" }, variables: {}, ...shared };
  return {
    type: "event",
    eventId: `e${seq}`,
    data: { amount: seq, note: `note ${seq}` },
    variables: { retries: 0 },
    ...shared,
  };
}

function trail(length: number): TrailRow[] {
  const rows: TrailRow[] = [];
  for (let seq = 1; seq <= length; seq += 1) {
    const at = `2026-01-01T00:00:0${seq}.000Z`;
    const command = commandNumber(seq);
    const facts = {
      instanceId: "i1",
      seq,
      at,
      stateMachineId: "m",
      version: 1,
      command,
      records: [{ type: "log" as const, message: `line ${seq}` }],
    };
    const sealed = sealEntry(facts, rows.at(-1)?.hash ?? FIRST_PREVIOUS_HASH, sha256, () => random.hex(16));
    rows.push({ instanceId: "i1", seq, at, type: command.type, ...sealed });
  }
  return rows;
}

function faultsOf(rows: readonly TrailRow[], expectedSeq?: number): string[] {
  return verifyAudit("i1", rows, sha256, expectedSeq).faults.map((fault) => `${fault.code} at ${fault.seq}`);
}

function changed(rows: readonly TrailRow[], index: number, change: Partial<TrailRow>): TrailRow[] {
  return rows.map((row, place) => (place === index ? { ...row, ...change } : row));
}

describe("a trail", () => {
  test("that nobody touched is valid, and its head is the last hash", () => {
    const rows = trail(5);
    expect(verifyAudit("i1", rows, sha256, 5)).toEqual({
      isValid: true,
      entries: 5,
      head: rows[4]?.hash,
      faults: [],
    });
  });

  test("tells of a changed entry", () => {
    const rows = trail(5);
    expect(faultsOf(changed(rows, 2, { entry: (rows[2]?.entry ?? "").replace("e3", "e9") }))).toEqual([
      "CHANGED at 3",
    ]);
  });

  test("tells of a changed entry whose hash was made anew, at the entry after it", () => {
    const rows = trail(5);
    const entry = (rows[2]?.entry ?? "").replace("e3", "e9");
    const forged = changed(rows, 2, { entry, hash: sha256(`${rows[2]?.previousHash}\n${entry}`) });
    expect(faultsOf(forged)).toEqual(["CHAIN_BROKEN at 4"]);
  });

  test("tells of a dropped entry", () => {
    expect(faultsOf(trail(5).filter((row) => row.seq !== 3))).toEqual(["MISSING at 3", "CHAIN_BROKEN at 4"]);
  });

  test("tells of a cut-off tail, where the instance's seq is known", () => {
    expect(faultsOf(trail(5).slice(0, 4), 5)).toEqual(["MISSING at 5"]);
  });

  test("tells of swapped entries", () => {
    const [first, second, third, ...rest] = trail(5) as [TrailRow, TrailRow, TrailRow, ...TrailRow[]];
    expect(faultsOf([first, third, second, ...rest])).toContain("OUT_OF_ORDER at 2");
  });

  test("tells of entries that changed places and numbers", () => {
    const rows = trail(5);
    const swapped = changed(changed(rows, 1, { ...rows[2], seq: 2 } as TrailRow), 2, {
      ...rows[1],
      seq: 3,
    } as TrailRow);
    expect(faultsOf(swapped)).toEqual(expect.arrayContaining(["CHANGED at 2", "CHANGED at 3"]));
  });

  test("tells of an inserted entry", () => {
    const rows = trail(5);
    const inserted = [...rows.slice(0, 3), { ...rows[2], seq: 3 } as TrailRow, ...rows.slice(3)];
    expect(faultsOf(inserted)).toContain("OUT_OF_ORDER at 3");
  });

  test("tells of an entry of another instance", () => {
    expect(faultsOf(changed(trail(3), 1, { instanceId: "i2" }))).toEqual(["FOREIGN at 2", "CHANGED at 2"]);
  });

  test("tells of a changed value beside an entry, and of one that nothing refers to", () => {
    const rows = trail(3);
    const disclosed = (rows[1]?.disclosed ?? "").replace("note 2", "note 7");
    expect(faultsOf(changed(rows, 1, { disclosed }))).toEqual(["VALUE_CHANGED at 2"]);
    const stray = JSON.stringify({
      ...JSON.parse(rows[1]?.disclosed ?? "{}"),
      [sha256("s\n1")]: { salt: "s", value: 1 },
    });
    expect(faultsOf(changed(rows, 1, { disclosed: stray }))).toEqual(["VALUE_CHANGED at 2"]);
  });

  test("stays valid when a person's values are erased, and says that it is not whole", () => {
    const rows = changed(trail(3), 1, { disclosed: "{}" });
    expect(faultsOf(rows, 3)).toEqual([]);
    expect(openEntry(rows[1]?.entry ?? "", "{}").isWhole).toBe(false);
  });

  test("finds each of 1,000 random changes to what is stored", () => {
    const rows = trail(9);
    const pick = (limit: number) => Number.parseInt(random.hex(4), 16) % limit;
    const columns = [
      "seq",
      "at",
      "type",
      "previousHash",
      "hash",
      "entry",
      "disclosed",
      "instanceId",
    ] as const;
    let found = 0;
    for (let round = 0; round < 1000; round += 1) {
      if (faultsOf(randomChange(rows, pick, columns), 9).length > 0) found += 1;
    }
    expect(found).toBe(1000);
  });
});

type Pick = (limit: number) => number;

/** Drops, doubles, swaps a row, or changes one character or number of one column. */
function randomChange(
  rows: readonly TrailRow[],
  pick: Pick,
  columns: readonly (keyof TrailRow)[],
): TrailRow[] {
  const index = pick(rows.length);
  const row = rows[index] as TrailRow;
  switch (pick(6)) {
    case 0:
      return rows.filter((_, place) => place !== index);
    case 1:
      return [...rows.slice(0, index), row, ...rows.slice(index)];
    case 2: {
      const other = (index + 1 + pick(rows.length - 1)) % rows.length;
      return rows.map((each, place) =>
        place === index ? (rows[other] as TrailRow) : place === other ? row : each,
      );
    }
    default: {
      const column = columns[pick(columns.length)] as keyof TrailRow;
      return changed(rows, index, { [column]: alter(row[column], pick) });
    }
  }
}

function alter(value: string | number, pick: Pick): string | number {
  if (typeof value === "number") return value + 1 + pick(3);
  const place = pick(value.length);
  const other = value.charAt(place) === "x" ? "y" : "x";
  return value.slice(0, place) + other + value.slice(place + 1);
}

describe("sealing", () => {
  test("opening gives back the command, and no value of data stands in the entry", () => {
    const [, row] = trail(2);
    const opened = openEntry(row?.entry ?? "", row?.disclosed ?? "");
    expect(commandOf(opened.entry)).toEqual(commandNumber(2));
    expect(opened.isWhole).toBe(true);
    expect(row?.entry).not.toContain("note 2");
    expect(row?.entry).not.toContain("line 2");
  });

  test("data that looks like a digest stays data", () => {
    const command: Command = {
      type: "update",
      data: { looks: { $digest: "abc" } },
      variables: {},
      actor: "a",
      source: "s",
      random: "0",
    };
    const facts = {
      instanceId: "i1",
      seq: 1,
      at: "2026-01-01T00:00:00.000Z",
      stateMachineId: "m",
      version: 1,
      command,
      records: [],
    };
    const sealed = sealEntry(facts, FIRST_PREVIOUS_HASH, sha256, () => random.hex(16));
    expect(commandOf(openEntry(sealed.entry, sealed.disclosed).entry)).toEqual(command);
  });

  test("the same value is sealed with another salt each time", () => {
    const [row] = trail(1);
    const digests = Object.keys(JSON.parse(row?.disclosed ?? "{}"));
    expect(new Set(digests).size).toBe(digests.length);
  });
});
