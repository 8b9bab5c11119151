import { expect, test } from "vitest";
import { parseAddress, parseRewrite } from "./settings.js";

test("a database is an address or a bare path", () => {
  expect(parseAddress("sqlite:./a/b.db")).toBe("./a/b.db");
  expect(parseAddress("sqlite:/var/b.db")).toBe("/var/b.db");
  expect(parseAddress("b.db")).toBe("b.db");
});

test("a password in an address is never repeated in a message", () => {
  expect(() => parseAddress("postgres://ada:secret@host/db")).toThrow(
    /host\/db: PostgreSQL is not there yet/,
  );
  expect(() => parseAddress("postgres://ada:secret@host/db")).not.toThrow(/secret/);
});

test("a rewrite is split where the second address begins", () => {
  const rewrite = { from: "http://a.example/x?y=z", to: "http://127.0.0.1:1" };
  expect(parseRewrite("http://a.example/x?y=z=http://127.0.0.1:1")).toEqual(rewrite);
  for (const wrong of ["", "http://a.example", "=http://a", "a=http://b", "http://a=b"]) {
    expect(() => parseRewrite(wrong), wrong).toThrow(/is no rewrite/);
  }
});
