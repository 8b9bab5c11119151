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
  /** Of the server that every command talks to, when one was started. */
  #url: string | undefined;
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
    const {
      STATEWRIGHT_DB: _,
      STATEWRIGHT_URL: __,
      STATEWRIGHT_TOKEN: ____,
      FORCE_COLOR: ___,
      ...inherited
    } = process.env;
    const child = spawn(process.execPath, [MAIN, ...words], {
      cwd: this.directory,
      env: {
        ...inherited,
        ...(this.#url === undefined ? {} : { STATEWRIGHT_URL: this.#url }),
        ...environment,
      },
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

  /** Starts a server on the folder's database; whatever runs afterwards talks to it. */
  async serve(): Promise<{ readonly url: string; readonly running: Running }> {
    const running = this.start(["serve", "--port", "0", "--json"]);
    const url = await new Promise<string>((resolve, reject) => {
      let text = "";
      running.child.stdout.on("data", (chunk: string) => {
        text += chunk;
        if (text.includes("\n}\n")) resolve((JSON.parse(text) as { url: string }).url);
      });
      running.child.on("close", () => reject(new Error(`The server has ended: ${text}`)));
    });
    this.#url = url;
    return { url, running };
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
