// The layers, as rules that run with every test. Each says in `comment` why it is there.
//
// Direction: core <- ports <- runtime <- engine <- http, cli; stores, channels and platform implement ports and are
// wired in by the engine alone. Folders that are not there yet have their rules already. A new folder of src needs
// a rule (test/house/layers.test.ts fails without one), and each rule needs a planted violation that it catches.

const TESTS = "(\\.test|-fixture|-arbitrary)\\.ts$";

/** Parsers and arithmetic that do no I/O and ask no clock: all that the core may take from npm. */
const PURE_PACKAGES = [
  "acorn",
  "temporal-polyfill",
  "croner",
  "canonicalize",
  "@humanwhocodes/momoa",
  "@eslint-community/regexpp",
  "fastest-levenshtein",
];

/** What each adapter may take from npm: its driver. An adapter that is not listed may take nothing. */
const DRIVERS = {
  "stores/memory": [],
  "stores/sqlite": ["libsql", "better-sqlite3"],
  "stores/postgres": ["pg", "postgres"],
  "channels/webhook": ["undici", "ipaddr.js", "standardwebhooks", "cloudevents"],
  "channels/notification": [],
  "channels/scripted": [],
  "channels/kafka": ["@platformatic/kafka", "kafkajs", "cloudevents"],
  "channels/file": ["chokidar", "write-file-atomic", "cloudevents"],
};

const quote = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
const packages = (names) => names.map((name) => `(^|/)node_modules/${quote(name)}/`);
const ANY_PACKAGE = "(^|/)node_modules/";

/** A layer that sees itself and the given other layers of src, and nothing else of src. */
const layer = (name, from, sees, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: from, pathNot: TESTS },
  to: { path: "^src/", pathNot: sees },
});

const driverRules = Object.entries(DRIVERS).map(([adapter, names]) => ({
  name: `${adapter.replace("/", "-")}-driver`,
  comment: `${adapter} takes ${names.length === 0 ? "nothing" : `only ${names.join(", ")}`} from npm, so that a driver can be left out or replaced.`,
  severity: "error",
  from: { path: `^src/${adapter}/`, pathNot: TESTS },
  to: { path: ANY_PACKAGE, pathNot: packages(names) },
}));

module.exports = {
  forbidden: [
    layer(
      "core-stands-alone",
      "^src/core/",
      ["^src/core/"],
      "The core is values in, values out. What it imported from elsewhere in src it could not be tested or replayed without.",
    ),
    {
      name: "core-pure-packages",
      comment:
        "Of npm the core takes only pure parsers and arithmetic, so that replay gives the same bytes everywhere.",
      severity: "error",
      from: { path: "^src/core/", pathNot: TESTS },
      to: { path: ANY_PACKAGE, pathNot: packages(PURE_PACKAGES) },
    },
    {
      name: "core-without-node",
      comment:
        "The core also runs in a browser and under a simulator: no file, socket, clock or hash of Node.",
      severity: "error",
      from: { path: "^src/core/", pathNot: TESTS },
      to: { dependencyTypes: ["core"] },
    },
    layer(
      "ports-see-core",
      "^src/ports/",
      ["^src/(core|ports)/"],
      "A port is a contract; seeing an implementation would tie every other implementation to it.",
    ),
    {
      name: "ports-take-types-of-core",
      comment: "Ports say what things are; code of the core behind them would be behaviour in a contract.",
      severity: "error",
      from: { path: "^src/ports/", pathNot: TESTS },
      to: { path: "^src/core/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "ports-and-runtime-touch-nothing",
      comment:
        "Ports and the runtime reach the world only through ports: no package and no module of Node, or the simulator could not order what happens.",
      severity: "error",
      from: { path: "^src/(ports|runtime)/", pathNot: TESTS },
      to: {
        dependencyTypes: ["core", "npm", "npm-dev", "npm-optional", "npm-peer", "npm-no-pkg", "npm-unknown"],
      },
    },
    layer(
      "runtime-sees-core-and-ports",
      "^src/runtime/",
      ["^src/(core|ports|runtime)/"],
      "The runtime gets stores, channels and clocks handed in, which is what lets it run on virtual time.",
    ),
    layer(
      "adapters-stand-apart",
      "^src/(stores|channels)/([^/]+)/",
      ["^src/(core|ports)/", "^src/$1/$2/"],
      "Stores and channels never see each other: two of them are two folders that can be compared, never one with flags.",
    ),
    ...driverRules,
    {
      name: "unlisted-adapter-driver",
      comment: "A new store or channel names its driver in DRIVERS before it imports one.",
      severity: "error",
      from: {
        path: "^src/(stores|channels)/",
        pathNot: [TESTS, ...Object.keys(DRIVERS).map((name) => `^src/${name}/`)],
      },
      to: { path: ANY_PACKAGE },
    },
    layer(
      "platform-sees-core-and-ports",
      "^src/platform/",
      ["^src/(core|ports|platform)/"],
      "The platform implements small ports (clock, randomness, ids, logger, schemas) and knows no loop that uses them.",
    ),
    layer(
      "validation-wires-schemas",
      "^src/validation\\.ts$",
      ["^src/(core|platform)/"],
      "Reading a definition needs the core and a schema compiler; an engine behind it would be paid for by every check of a file.",
    ),
    layer(
      "derived-sees-core",
      "^src/(convert|diagram|simulate)/",
      ["^src/core/", "^src/$1/"],
      "Converters, diagrams and simulation work on the model alone, so each can be used without an engine.",
    ),
    layer(
      "typed-says-what-the-engine-does",
      "^src/typed/",
      ["^src/(core|runtime|typed)/"],
      "The types of machines follow the definition and the engine; with a store or channel in them they would not be erased.",
    ),
    layer(
      "http-stands-on-the-engine",
      "^src/http/",
      ["^src/(core|http|convert|diagram|simulate)/", "^src/(engine|index|validation)\\.ts$"],
      "A door asks the engine; what a door could do past it, the library could not.",
    ),
    layer(
      "cli-stands-on-the-engine",
      "^src/cli/",
      ["^src/(core|cli|http|convert|diagram|simulate|typed)/", "^src/(engine|index|validation)\\.ts$"],
      "The command line is a door like HTTP (which its `serve` starts); stores come from the public names in index.ts.",
    ),
    layer(
      "console-talks-http",
      "^src/console/",
      ["^src/console/"],
      "The console runs in a browser and knows the engine by its HTTP interface only.",
    ),
    {
      name: "nothing-imports-cli",
      comment: "The command line is an end: whatever others need of it belongs into the engine.",
      severity: "error",
      from: { path: "^src/", pathNot: ["^src/cli/", TESTS] },
      to: { path: "^src/cli/" },
    },
    {
      name: "only-the-engine-composes",
      comment:
        "engine.ts wires stores, channels and platform together, validation.ts wires the schema compiler, index.ts and testing.ts give them public names; nobody else sees them.",
      severity: "error",
      from: {
        path: "^src/",
        pathNot: ["^src/(engine|index|testing|validation)\\.ts$", "^src/(stores|channels|platform)/", TESTS],
      },
      to: { path: "^src/(stores|channels|platform)/" },
    },
    {
      name: "engine-takes-no-package",
      comment:
        "The engine wires parts; a driver or a module of Node in it would be a part that nobody can replace.",
      severity: "error",
      from: { path: "^src/(engine|index|testing)\\.ts$" },
      to: {
        dependencyTypes: ["core", "npm", "npm-dev", "npm-optional", "npm-peer", "npm-no-pkg", "npm-unknown"],
      },
    },
    {
      name: "no-cycles",
      comment:
        "A cycle, also of type imports, means that two files are one; whichever is read first is not understood.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-orphans",
      comment: "A module that nothing imports and that imports nothing is forgotten.",
      severity: "error",
      from: {
        orphan: true,
        path: "^src/",
        pathNot: [
          "^src/index\\.ts$",
          "^src/core/index\\.ts$",
          "^src/http/index\\.ts$",
          "^src/cli/main\\.ts$",
          TESTS,
        ],
      },
      to: {},
    },
    {
      name: "no-tests-in-production",
      comment: "What ships does not import a test.",
      severity: "error",
      from: { path: "^src/", pathNot: TESTS },
      to: { path: TESTS },
    },
    {
      name: "no-development-packages",
      comment: "A package that only development has is missing where Statewright is installed.",
      severity: "error",
      from: { path: "^src/", pathNot: TESTS },
      to: {
        dependencyTypes: ["npm-dev"],
        dependencyTypesNot: ["type-only"],
        pathNot: "node_modules/@types/",
      },
    },
    {
      name: "no-unlisted-packages",
      comment: "A package that package.json does not name works by luck of somebody else's dependency.",
      severity: "error",
      from: { path: "^src/" },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "nothing-unresolved",
      comment:
        "An import that leads nowhere fails at the first start; optional drivers are declared in package.json.",
      severity: "error",
      from: { path: "^src/" },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    combinedDependencies: false,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "node", "default"],
    },
  },
};
