/**
 * Where the command line speaks: standard output carries the answer, standard error everything beside it.
 *
 * 1. With `--json` standard output is exactly one JSON value; whatever is for people goes to standard error.
 * 2. Colours only where a terminal shows them; `NO_COLOR` turns them off, `FORCE_COLOR` on.
 * 3. A reader that goes away (`| head`) ends the output quietly.
 */
import pc from "picocolors";

export type Colours = ReturnType<typeof pc.createColors>;

export interface Environment {
  readonly [name: string]: string | undefined;
}

export class Terminal {
  /** For text on standard output. */
  readonly out: Colours;
  /** For text on standard error. */
  readonly err: Colours;

  constructor(
    private readonly stdout: NodeJS.WriteStream,
    private readonly stderr: NodeJS.WriteStream,
    environment: Environment,
  ) {
    this.out = pc.createColors(showsColours(stdout, environment));
    this.err = pc.createColors(showsColours(stderr, environment));
    for (const stream of [stdout, stderr]) stream.on("error", ignoreBrokenPipe);
  }

  /** One line, or several, of the answer. */
  print(text: string): void {
    this.stdout.write(`${text}\n`);
  }

  /** One line, or several, beside the answer. */
  note(text: string): void {
    this.stderr.write(`${text}\n`);
  }

  /** The answer as JSON; call once. */
  json(value: unknown): void {
    this.print(JSON.stringify(value, null, 2));
  }

  /** Columns of standard output; `undefined` when it is no terminal. */
  get width(): number | undefined {
    return this.stdout.isTTY ? this.stdout.columns : undefined;
  }

  /** Resolves when everything written so far has left the process, or cannot any more. */
  async flush(): Promise<void> {
    for (const stream of [this.stdout, this.stderr]) {
      await new Promise<void>((resolve) => {
        if (stream.writableLength === 0 || stream.destroyed) resolve();
        else stream.write("", () => resolve());
      });
    }
  }
}

function showsColours(stream: NodeJS.WriteStream, environment: Environment): boolean {
  if (environment.NO_COLOR !== undefined && environment.NO_COLOR !== "") return false;
  if (environment.FORCE_COLOR !== undefined && environment.FORCE_COLOR !== "0") return true;
  return stream.isTTY === true && environment.TERM !== "dumb";
}

function ignoreBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
