/**
 * Instance documents in files: one a file, a list of them, or one a line (as `export` writes them), each with the files
 * that its `dataRef`s name. A `dataRef` is looked up as given, from the working directory, and then by its base name beside
 * the document.
 */
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import {
  dataRefsOf,
  type ImportFault,
  type ReadInstance,
  readInstanceDocument,
} from "../../core/import/read-instance-document.js";
import type { Json } from "../../core/json/json.js";
import { parseJsonText } from "../../core/json/parse-json.js";
import { readText } from "./read-text.js";

/** Throws `USAGE` when the file cannot be read; what is wrong in it is in the results. */
export async function readInstanceFile(file: string): Promise<ReadInstance[]> {
  const parsed = parseDocuments(await readText(file));
  if (!parsed.ok) return [{ ok: false, faults: parsed.faults }];
  return Promise.all(
    parsed.documents.map(async (document) => readInstanceDocument(document, await filesOf(document, file))),
  );
}

type Parsed =
  | { readonly ok: true; readonly documents: readonly Json[] }
  | { readonly ok: false; readonly faults: readonly ImportFault[] };

function parseDocuments(text: string): Parsed {
  const whole = parseJsonText(text);
  if (whole.ok) return { ok: true, documents: Array.isArray(whole.value) ? whole.value : [whole.value] };
  const lines = text
    .split("\n")
    .flatMap((line, index) => (line.trim() === "" ? [] : [{ line, number: index + 1 }]));
  const parsed = lines.map(({ line, number }) => ({ number, ...parseJsonText(line) }));
  if (lines.length < 2 || parsed[0]?.ok !== true) {
    return {
      ok: false,
      faults: whole.faults.map(({ line, column, message }) => placed(line, column, message)),
    };
  }
  const faults = parsed.flatMap((result) =>
    result.ok ? [] : result.faults.map(({ column, message }) => placed(result.number, column, message)),
  );
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, documents: parsed.flatMap((result) => (result.ok ? [result.value] : [])) };
}

function placed(line: number, column: number, message: string): ImportFault {
  return { path: "", message: `${line}:${column}: ${message}` };
}

async function filesOf(document: Json, file: string): Promise<ReadonlyMap<string, Json>> {
  const files = new Map<string, Json>();
  for (const dataRef of dataRefsOf(document)) {
    const found = (await readJson(dataRef)) ?? (await readJson(join(dirname(file), basename(dataRef))));
    if (found !== undefined) files.set(dataRef, found);
  }
  return files;
}

async function readJson(path: string): Promise<Json | undefined> {
  try {
    const parsed = parseJsonText(await readFile(path, "utf8"));
    return parsed.ok ? parsed.value : undefined;
  } catch {
    // Not there, or not for us: the document's fault says so.
    return undefined;
  }
}
