/** Runs the built command line as a child process, each in a folder of its own. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const FIXTURES = new URL("./fixtures/", import.meta.url);

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly finished: Promise<Finished>;
}

/** A temporary folder in which command lines run. */
export class Workspace {
  readonly directory = mkdtempSync(join(tmpdir(), "statewright-cli-"));
  readonly #children = new Set<ChildProcessWithoutNullStreams>();

  /** Copies a fixture into the folder and gives its name there. */
  fixture(name: string): string {
    mkdirSync(this.directory, { recursive: true });
    copyFileSync(fileURLToPath(new URL(name, FIXTURES)), join(this.directory, name));
    return name;
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  start(words: readonly string[], environment: { readonly [name: string]: string } = {}): Running {
    const { STATEWRIGHT_DB: _, STATEWRIGHT_URL: __, FORCE_COLOR: ___, ...inherited } = process.env;
    const child = spawn(process.execPath, [MAIN, ...words], {
      cwd: this.directory,
      env: { ...inherited, ...environment },
    });
    this.#children.add(child);
    child.stdin.end();
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const finished = new Promise<Finished>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => {
        this.#children.delete(child);
        resolve({ code, signal, stdout, stderr });
      });
    });
    return { child, finished };
  }

  run(words: readonly string[], environment: { readonly [name: string]: string } = {}): Promise<Finished> {
    return this.start(words, environment).finished;
  }

  /** Ends what still runs and removes the folder. */
  async dispose(): Promise<void> {
    for (const child of this.#children) {
      const closed = new Promise((resolve) => child.once("close", resolve));
      child.kill("SIGKILL");
      await closed;
    }
    rmSync(this.directory, { recursive: true, force: true });
  }
}
