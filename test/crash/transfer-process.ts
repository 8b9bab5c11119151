/**
 * Lives of the transfer program on one directory, one after the other: each is a real process of its own, against the
 * built library.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { LedgerBank } from "./ledger-bank.js";

const ENGINE = new URL("../../dist/index.js", import.meta.url);
const PROGRAM = fileURLToPath(new URL("./transfer-program.mjs", import.meta.url));

export const isBuilt = existsSync(ENGINE);
if (!isBuilt) console.warn("The crash campaigns are skipped: run `npm run build` first.");

export interface LifeSettings {
  /** No transfer is opened beyond this many, those of earlier lives counted. */
  readonly total: number;
  readonly atOnce: number;
  readonly graceMs?: number;
  /** `POINT:COUNT`: the process kills itself at the n-th passage of a point. */
  readonly crashAt?: string;
}

export interface Death {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it said on standard error. */
  readonly said: string;
}

export class Life {
  readonly death: Promise<Death>;
  #answers = 0;
  readonly #lines: string[] = [];
  #onLine: () => void = () => {};

  constructor(private readonly child: ChildProcess) {
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    if (child.stdout !== null)
      createInterface({ input: child.stdout }).on("line", (line) => this.#hear(line));
    this.death = new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => resolve({ code, signal, said }));
    });
  }

  /** Resolves when the process has said the line; rejects when it dies before. */
  said(line: string): Promise<void> {
    return this.#until(() => this.#lines.includes(line), `said "${line}"`);
  }

  /** Resolves when so many answers are in the client's log; rejects when the process dies before. */
  answered(count: number): Promise<void> {
    return this.#until(() => this.#answers >= count, `had ${count} answers`);
  }

  /** Whether its engine has come up. */
  get isReady(): boolean {
    return this.#lines.includes("ready");
  }

  signal(name: "SIGKILL" | "SIGTERM"): void {
    this.child.kill(name);
  }

  #hear(line: string): void {
    if (line === "answered") this.#answers += 1;
    else this.#lines.push(line);
    this.#onLine();
  }

  #until(condition: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#onLine = () => {
        if (condition()) resolve();
      };
      this.#onLine();
      void this.death.then(({ code, signal, said }) =>
        reject(new Error(`The process ended (${code ?? signal}) before it ${what}. ${said}`)),
      );
    });
  }
}

/** A directory with the engine's database and the client's log. */
export class TransferPlace {
  readonly directory = mkdtempSync(join(tmpdir(), "statewright-crash-"));
  readonly databasePath = join(this.directory, "state.db");
  readonly logPath = join(this.directory, "client.log");
  /** How far the last commit of the last life has come, see `markedCommit`. */
  readonly markPath = join(this.directory, "commit.mark");
  #living: Life | undefined;
  #isOver = false;

  constructor(private readonly bank: LedgerBank) {}

  /** Starts a life; the one before must be over. */
  start({ crashAt, ...settings }: LifeSettings): Life {
    if (this.#isOver) throw new Error("The place is over, as its test is.");
    const { CRASH_AT: _, ...inherited } = process.env;
    const child = spawn(
      process.execPath,
      [
        PROGRAM,
        JSON.stringify({
          ...settings,
          engine: ENGINE.href,
          directory: this.directory,
          bankUrl: this.bank.url,
        }),
      ],
      {
        stdio: ["ignore", "pipe", "pipe"],
        env: crashAt === undefined ? inherited : { ...inherited, CRASH_AT: crashAt },
      },
    );
    this.#living = new Life(child);
    return this.#living;
  }

  /** A whole life. */
  live(settings: LifeSettings): Promise<Death> {
    return this.start(settings).death;
  }

  /** Ends what still lives; the directory stays, and nothing lives in it any more. */
  async end(): Promise<void> {
    this.#isOver = true;
    this.#living?.signal("SIGKILL");
    await this.#living?.death;
  }

  /** Ends what still lives and removes the directory. */
  async remove(): Promise<void> {
    await this.end();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
