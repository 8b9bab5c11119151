/** A tree with one violation of each layer rule, to show that each rule can fail. */

/** rule → the file that breaks it, and what it says. A rule may need a second file to lean on. */
export const PLANTED: { readonly [rule: string]: { readonly file: string; readonly text: string } } = {
  "core-stands-alone": {
    file: "src/core/reaches-out.ts",
    text: 'import type { Clock } from "../ports/clock.js";\nexport type Reach = Clock;\n',
  },
  "core-pure-packages": {
    file: "src/core/logs.ts",
    text: 'import "pino";\nimport "acorn";\n',
  },
  "core-without-node": {
    file: "src/core/reads.ts",
    text: 'import { readFileSync } from "node:fs";\nexport const read = readFileSync;\n',
  },
  "ports-see-core": {
    file: "src/ports/sees-runtime.ts",
    text: 'import type { Loop } from "../runtime/loop.js";\nexport type Seen = Loop;\n',
  },
  "ports-take-types-of-core": {
    file: "src/ports/behaves.ts",
    text: 'import { fine } from "../core/fine.js";\nexport const same = fine;\n',
  },
  "ports-and-runtime-touch-nothing": {
    file: "src/runtime/listens.ts",
    text: 'import { createServer } from "node:net";\nexport const create = createServer;\n',
  },
  "runtime-sees-core-and-ports": {
    file: "src/runtime/opens-store.ts",
    text: 'import { http } from "../http/http.js";\nexport const opened = http;\n',
  },
  "adapters-stand-apart": {
    file: "src/stores/sqlite/leans.ts",
    text: 'import { rows } from "../memory/rows.js";\nexport const leaning = rows;\n',
  },
  "stores-memory-driver": { file: "src/stores/memory/drives.ts", text: 'import "libsql";\n' },
  "stores-sqlite-driver": { file: "src/stores/sqlite/drives.ts", text: 'import "undici";\n' },
  "stores-postgres-driver": { file: "src/stores/postgres/drives.ts", text: 'import "libsql";\n' },
  "channels-webhook-driver": { file: "src/channels/webhook/drives.ts", text: 'import "libsql";\n' },
  "channels-notification-driver": { file: "src/channels/notification/drives.ts", text: 'import "undici";\n' },
  "channels-scripted-driver": { file: "src/channels/scripted/drives.ts", text: 'import "undici";\n' },
  "channels-kafka-driver": { file: "src/channels/kafka/drives.ts", text: 'import "undici";\n' },
  "channels-file-driver": { file: "src/channels/file/drives.ts", text: 'import "undici";\n' },
  "unlisted-adapter-driver": { file: "src/channels/pigeon/drives.ts", text: 'import "undici";\n' },
  "platform-sees-core-and-ports": {
    file: "src/platform/sees-runtime.ts",
    text: 'import type { Loop } from "../runtime/loop.js";\nexport type Seen = Loop;\n',
  },
  "validation-wires-schemas": {
    file: "src/validation.ts",
    text: 'import type { Loop } from "./runtime/loop.js";\nexport type Wired = Loop;\n',
  },
  "derived-sees-core": {
    file: "src/diagram/sees-convert.ts",
    text: 'import { converted } from "../convert/converted.js";\nexport const drawn = converted;\n',
  },
  "typed-says-what-the-engine-does": {
    file: "src/typed/opens-store.ts",
    text: 'import { rows } from "../stores/memory/rows.js";\nexport const typed = rows;\n',
  },
  "http-stands-on-the-engine": {
    file: "src/http/goes-past.ts",
    text: 'import type { Loop } from "../runtime/loop.js";\nexport type Past = Loop;\n',
  },
  "cli-stands-on-the-engine": {
    file: "src/cli/goes-past.ts",
    text: 'import type { Loop } from "../runtime/loop.js";\nexport type Past = Loop;\n',
  },
  "console-talks-http": {
    file: "src/console/goes-past.ts",
    text: 'import { fine } from "../core/fine.js";\nexport const past = fine;\n',
  },
  "nothing-imports-cli": {
    file: "src/http/prints.ts",
    text: 'import { table } from "../cli/table.js";\nexport const printed = table;\n',
  },
  "only-the-engine-composes": {
    file: "src/simulate/composes.ts",
    text: 'import { rows } from "../stores/memory/rows.js";\nexport const composed = rows;\n',
  },
  "engine-takes-no-package": { file: "src/engine.ts", text: 'import "libsql";\n' },
  "no-cycles": {
    file: "src/core/egg.ts",
    text: 'import type { Hen } from "./hen.js";\nexport type Egg = { from: Hen };\n',
  },
  "no-orphans": { file: "src/core/forgotten.ts", text: "export const forgotten = true;\n" },
  "no-tests-in-production": {
    file: "src/core/borrows.ts",
    text: 'import { tested } from "./fine.test.js";\nexport const borrowed = tested;\n',
  },
  "no-development-packages": { file: "src/platform/tests.ts", text: 'import "vitest";\n' },
  "no-unlisted-packages": { file: "src/platform/lucky.ts", text: 'import "stowaway";\n' },
  "nothing-unresolved": {
    file: "src/platform/leads-nowhere.ts",
    text: 'import { nowhere } from "./nowhere.js";\nexport const lost = nowhere;\n',
  },
};

/** What the planted files lean on; none of it breaks a rule by itself. */
export const INNOCENT: { readonly [file: string]: string } = {
  "src/ports/clock.ts": 'import type { fine } from "../core/fine.js";\nexport type Clock = typeof fine;\n',
  "src/core/fine.ts": 'import "acorn";\nexport const fine = 1;\n',
  "src/core/fine.test.ts":
    'import "vitest";\nimport { fine } from "./fine.js";\nexport const tested = fine;\n',
  "src/core/hen.ts": 'import type { Egg } from "./egg.js";\nexport type Hen = { lays: Egg };\n',
  "src/runtime/loop.ts": 'import type { Clock } from "../ports/clock.js";\nexport type Loop = Clock;\n',
  "src/stores/memory/rows.ts": 'import { fine } from "../../core/fine.js";\nexport const rows = fine;\n',
  "src/stores/sqlite/driver.ts": 'import "libsql";\nimport "node:fs";\n',
  "src/convert/converted.ts": 'import { fine } from "../core/fine.js";\nexport const converted = fine;\n',
  "src/http/http.ts": 'import { fine } from "../core/fine.js";\nexport const http = fine;\n',
  "src/cli/table.ts": 'import { http } from "../http/http.js";\nexport const table = http;\n',
};

export const PACKAGES = {
  dependencies: ["acorn", "pino", "libsql", "undici"],
  devDependencies: ["vitest"],
  unlisted: ["stowaway"],
} as const;
