import { expect, test } from "vitest";
import { missedFloors } from "./floors.mjs";

const COUNTED = {
  ends: {},
  refusals: {},
  incidents: 0,
  acknowledged: 0,
  answers: 0,
  entries: 0,
  postings: 0,
  reconciled: 0,
  givenBack: 0,
  foundDone: 0,
  foundNotDone: 0,
  refusedLate: 0,
};

test("a campaign in which nothing happened reaches no floor, and each is named", () => {
  const figures = {
    transfers: 1_000,
    seconds: 1,
    engineKills: 5,
    bankKills: 0,
    copies: 0,
    answeredAgain: 0,
    lostAnswers: 0,
    weather: { "hangs-after applied": 15 },
  };
  const missed = missedFloors(figures, COUNTED);
  expect(missed).toContain("kills of the engine: 5, and at least 6 are needed");
  expect(missed).toContain("holds given back: 0, and at least 3 are needed");
  expect(missed).toContain("unknown outcomes found done: 0, and at least 50 are needed");
  expect(missed.filter((floor) => floor.startsWith("calls applied, and answered too late"))).toEqual([]);
});
