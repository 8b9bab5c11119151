import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { environmentSecrets } from "./environment-secrets.js";

const directory = mkdtempSync(join(tmpdir(), "statewright-secrets-"));
afterAll(() => rmSync(directory, { recursive: true }));
let count = 0;

function fileWith(text: string, mode = 0o600): string {
  count += 1;
  const path = join(directory, `secrets-${count}.json`);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe("secrets of the environment", () => {
  const environment = {
    STATEWRIGHT_SECRET_BANK_TOKEN: "s3cret",
    AWS_SECRET_ACCESS_KEY: "never",
    STATEWRIGHT_SECRET_NONE: "",
  };

  it("have the prefix, upper case, and underscores for what a variable cannot hold", () => {
    const secrets = environmentSecrets({ environment });
    for (const name of ["bank-token", "BANK_TOKEN", "bank.token"]) expect(secrets.read(name)).toBe("s3cret");
    expect(secrets.remedy("bank-token")).toBe("set the environment variable STATEWRIGHT_SECRET_BANK_TOKEN");
  });

  it("are the only variables that a name can reach", () => {
    const secrets = environmentSecrets({ environment });
    expect(secrets.read("AWS_SECRET_ACCESS_KEY")).toBeUndefined();
  });

  it("are not there when they are empty", () => {
    expect(environmentSecrets({ environment }).read("none")).toBeUndefined();
  });
});

describe("secrets of a file", () => {
  it("stand under their names, and the environment wins over them", () => {
    const file = fileWith('{ "bank-token": "of the file", "other": "o" }');
    const secrets = environmentSecrets({
      environment: { STATEWRIGHT_SECRET_BANK_TOKEN: "of the environment" },
      file,
    });
    expect(secrets.read("bank-token")).toBe("of the environment");
    expect(secrets.read("other")).toBe("o");
    expect(secrets.read("toString")).toBeUndefined();
    expect(secrets.remedy("x")).toContain(`or add "x" to ${file}`);
  });

  it("are read again when the file has changed, and kept when the change cannot be read", () => {
    const warnings: string[] = [];
    const file = fileWith('{ "a": "first" }');
    const secrets = environmentSecrets({ environment: {}, file, warn: (message) => warnings.push(message) });
    expect(secrets.read("a")).toBe("first");
    writeFileSync(file, '{ "a": "second one" }');
    expect(secrets.read("a")).toBe("second one");
    writeFileSync(file, '{ "a": "hidden-value');
    expect(secrets.read("a")).toBe("second one");
    expect(secrets.read("a")).toBe("second one");
    rmSync(file);
    expect(secrets.read("a")).toBe("second one");
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toContain("is no JSON at line 1");
    expect(warnings.join()).not.toContain("hidden-value");
  });

  it("are warned of when others may read the file", () => {
    const warnings: string[] = [];
    environmentSecrets({
      environment: {},
      file: fileWith("{}", 0o640),
      warn: (message) => warnings.push(message),
    });
    environmentSecrets({
      environment: {},
      file: fileWith("{}", 0o600),
      warn: (message) => warnings.push(message),
    });
    expect(warnings).toEqual([expect.stringContaining("can be read by others (mode 0640). Run: chmod 600")]);
  });

  it.each([
    ["no JSON", '{ "a": "hidden-value"', "is no JSON"],
    ["no object", '["hidden-value"]', "is no JSON object"],
    ["a number", '{ "a": 5 }', 'has no text for "a"'],
  ])("are refused at the start when the file is %s", (_, text, sentence) => {
    const open = () => environmentSecrets({ environment: {}, file: fileWith(text) });
    expect(open).toThrow(sentence);
    expect(open).not.toThrow("hidden-value");
  });

  it("are refused at the start when there is no file", () => {
    expect(() => environmentSecrets({ environment: {}, file: join(directory, "none.json") })).toThrow(
      "cannot be read: ENOENT",
    );
  });
});
