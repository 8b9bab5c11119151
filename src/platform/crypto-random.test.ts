import { describe, expect, test } from "vitest";
import { cryptoRandom } from "./crypto-random.js";

describe("the randomness of the operating system", () => {
  test("comes in as many bytes as are asked for, also more than are kept at hand", () => {
    const random = cryptoRandom();
    for (const byteCount of [0, 1, 16, 4_095, 4_096, 4_097, 10_000]) {
      expect(random.hex(byteCount)).toMatch(new RegExp(`^[0-9a-f]{${byteCount * 2}}$`));
    }
  });

  test("is never given out twice, neither by one source nor by two", () => {
    const [one, other] = [cryptoRandom(), cryptoRandom()];
    const drawn = Array.from({ length: 5_000 }, () => [one.hex(16), other.hex(16)]).flat();
    expect(new Set(drawn).size).toBe(drawn.length);
  });
});
