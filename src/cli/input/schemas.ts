import type { SchemaCompiler } from "../../core/model/schema-port.js";
import { ajvSchemaCompiler } from "../../platform/ajv-schema-compiler.js";

/** One for the whole process: compiling the schema of the language takes a fifth of a second, and is kept with it. */
export const schemas: SchemaCompiler = ajvSchemaCompiler();
