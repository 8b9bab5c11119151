import { describe, expect, it } from "vitest";
import { cryptoRandom } from "./crypto-random.js";
import { sha256 } from "./sha256.js";
import { uuidIds } from "./uuid-ids.js";

describe("hashes, randomness and names of the platform", () => {
  it("hashes by the vectors of FIPS 180-4", () => {
    expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(sha256("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  it("hashes text as UTF-8", () => {
    expect(sha256("ü")).toBe("607474ca475a9724d7360aba71a56d5df77e61350e3f724cfa1f46e857e2d85f");
  });

  it("gives as many random bytes as are asked for, and others each time", () => {
    const random = cryptoRandom();
    expect(random.hex(16)).toMatch(/^[0-9a-f]{32}$/);
    expect(random.hex(16)).not.toBe(random.hex(16));
  });

  it("names with UUIDs of version 4, all different", () => {
    const ids = uuidIds();
    expect(ids.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(ids.uuid()).not.toBe(ids.uuid());
  });
});
