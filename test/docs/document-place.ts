/**
 * The place where the scripts of one document run: a temporary directory with the repository's examples in it and
 * `statewright` on the path, as if the package were installed.
 *
 * Invariants:
 * 1. Scripts of one document share the directory, and nothing else: no variables, no running shell.
 * 2. After `close` neither the directory nor any process that a script started is there.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const MOST_MS = 60_000;

export interface ScriptResult {
  /** `null` when it was killed, also after its time was over. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface DocumentPlace {
  /** Runs a script with bash, which stops at its first failing command; it has a minute. */
  run(script: string): Promise<ScriptResult>;
  /** Writes a file into the directory and gives its name. */
  write(name: string, text: string): string;
  close(): void;
}

/** `root` is the repository, `cli` the built command line. */
export function documentPlace(root: string, cli: string): DocumentPlace {
  const outer = mkdtempSync(join(tmpdir(), "statewright-docs-"));
  const inner = join(outer, "here");
  const bin = join(outer, "bin");
  mkdirSync(inner);
  mkdirSync(bin);
  symlinkSync(join(root, "examples"), join(inner, "examples"));
  writeFileSync(join(bin, "statewright"), `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`, {
    mode: 0o755,
  });
  const groups: number[] = [];

  async function run(script: string): Promise<ScriptResult> {
    // Files instead of pipes: a script may leave a server running, which would keep a pipe open.
    const paths = { stdout: join(outer, "stdout"), stderr: join(outer, "stderr") };
    const stdout = openSync(paths.stdout, "w");
    const stderr = openSync(paths.stderr, "w");
    const path = [bin, process.env.PATH].join(delimiter);
    const child = spawn("bash", ["-e", "-o", "pipefail", "-c", script], {
      cwd: inner,
      detached: true,
      stdio: ["ignore", stdout, stderr],
      env: { PATH: path, HOME: outer, TMPDIR: outer, LANG: "C.UTF-8", NO_COLOR: "1" },
      timeout: MOST_MS,
      killSignal: "SIGKILL",
    });
    if (child.pid !== undefined) groups.push(child.pid);
    const [exitCode] = (await once(child, "exit")) as [number | null];
    closeSync(stdout);
    closeSync(stderr);
    return {
      exitCode,
      stdout: readFileSync(paths.stdout, "utf8"),
      stderr: readFileSync(paths.stderr, "utf8"),
    };
  }

  return {
    run,
    write(name, text) {
      writeFileSync(join(inner, name), text);
      return name;
    },
    close() {
      for (const group of groups) killGroup(group);
      rmSync(outer, { recursive: true, maxRetries: 5 });
    },
  };
}

function killGroup(group: number): void {
  try {
    process.kill(-group, "SIGKILL");
  } catch {
    // Nobody of the group is left, which is what was wanted.
  }
}
