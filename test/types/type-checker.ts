/** TypeScript's own checker and editor service over programs given as text, beside the sources of the library. */
import { fileURLToPath } from "node:url";
import ts from "typescript";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface TypeChecker {
  /** What the compiler says of the file, as `line: message`. */
  diagnose(name: string): readonly string[];
  /** How many types the compiler made to check the file, beside what other files needed before. */
  effort(name: string): number;
  /** What an editor offers at the place marked with `/*|*` + `/` in the file, by name. */
  complete(name: string): readonly string[];
}

/** `programs`: file name → text; they import the library as `../../src/index.js`, and a file of the folder by its name. */
export function typeChecker(programs: { readonly [name: string]: string }): TypeChecker {
  const texts = new Map(Object.entries(programs).map(([name, text]) => [HERE + name, text]));
  const service = ts.createLanguageService(hostOf(texts));
  const diagnose = (name: string): readonly string[] => {
    const file = HERE + name;
    const found = [...service.getSyntacticDiagnostics(file), ...service.getSemanticDiagnostics(file)];
    return found.map(({ file: source, start, messageText }) => {
      const line = source === undefined ? 0 : ts.getLineAndCharacterOfPosition(source, start ?? 0).line + 1;
      return `${line}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
  };
  const instantiations = () => service.getProgram()?.getInstantiationCount() ?? 0;
  return {
    diagnose,
    effort(name) {
      const before = instantiations();
      diagnose(name);
      return instantiations() - before;
    },
    complete(name) {
      const file = HERE + name;
      const place = (texts.get(file) ?? "").indexOf("/*|*/");
      if (place < 0) throw new Error(`${name} has no marked place.`);
      return (service.getCompletionsAtPosition(file, place, {})?.entries ?? []).map((entry) => entry.name);
    },
  };
}

function hostOf(texts: ReadonlyMap<string, string>): ts.LanguageServiceHost {
  const config = ts.readConfigFile(`${ROOT}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, ROOT, undefined, "tsconfig.json");
  const textOf = (path: string) => texts.get(path) ?? ts.sys.readFile(path);
  return {
    getCompilationSettings: () => options,
    getCurrentDirectory: () => ROOT,
    getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
    getScriptFileNames: () => [...texts.keys()],
    getScriptVersion: () => "1",
    getScriptSnapshot: (path) => {
      const text = textOf(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    fileExists: (path) => texts.has(path) || ts.sys.fileExists(path),
    readFile: textOf,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    realpath: (path) => ts.sys.realpath?.(path) ?? path,
  };
}
