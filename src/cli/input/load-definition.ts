import type { CanonicalDefinition } from "../../core/definition/definition-document.generated.js";
import type { Finding } from "../../core/definition/finding.js";
import { DefinitionInvalidError } from "../../core/refused.js";
import { readDefinitionSource } from "../../validation.js";
import { findingLines, inFile } from "../output/finding-text.js";
import type { Terminal } from "../output/terminal.js";
import { readText } from "./read-text.js";

export interface LoadedDefinition {
  readonly text: string;
  readonly definition: CanonicalDefinition;
  readonly warnings: readonly Finding[];
}

/**
 * Reads a definition that a command is to work with. Throws `USAGE` when the file cannot be read and
 * `DEFINITION_INVALID`, after showing every finding with its place, when it is not valid.
 */
export async function loadDefinition(file: string, terminal: Terminal): Promise<LoadedDefinition> {
  const text = await readText(file);
  const { definition, findings } = readDefinitionSource({ text });
  if (definition !== undefined) return { text, definition, warnings: findings };
  const placed = findings.map((finding) => inFile(file, finding));
  terminal.note(findingLines(placed, terminal.err));
  throw new DefinitionInvalidError(placed);
}
