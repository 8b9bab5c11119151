import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "./seeded-random.js";

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("seeded randomness", () => {
  it("repeats itself for the same seed, for ever", () => {
    // Written down, so that a stored seed never changes its meaning.
    expect(seededRandom(42).hex(12)).toBe("b5d41a6b7516e77a0795bb87");
    expect(seededRandom(42).uuid()).toBe("b5d41a6b-7516-477a-8795-bb87f558efcd");
  });

  it("gives another stream for another seed", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (one, other) => {
        fc.pre(!Object.is(one, other));
        expect(seededRandom(one).hex(16)).not.toBe(seededRandom(other).hex(16));
      }),
    );
  });

  it("gives exactly the bytes that are asked for", () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(40), (seed, byteCount) => {
        expect(seededRandom(seed).hex(byteCount)).toMatch(new RegExp(`^[0-9a-f]{${byteCount * 2}}$`));
      }),
    );
  });

  it("makes well-formed UUIDs of version 4, all different", () => {
    const random = seededRandom(7);
    const made = Array.from({ length: 2_000 }, () => random.uuid());
    for (const uuid of made) expect(uuid).toMatch(UUID_V4);
    expect(new Set(made).size).toBe(made.length);
  });

  it("spreads its bits evenly", () => {
    const bytes = Buffer.from(seededRandom(1).hex(40_000), "hex");
    for (let bit = 0; bit < 8; bit += 1) {
      const ones = bytes.reduce((count, byte) => count + ((byte >> bit) & 1), 0);
      expect(Math.abs(ones / bytes.length - 0.5)).toBeLessThan(0.02);
    }
  });
});
