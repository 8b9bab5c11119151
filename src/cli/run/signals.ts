/** SIGINT and SIGTERM ask a run to stop in order; a second one ends the process at once. */
export type StopSignal = "SIGINT" | "SIGTERM";

export const SIGNAL_EXIT_CODES: { readonly [signal in StopSignal]: number } = { SIGINT: 130, SIGTERM: 143 };

export interface Signals {
  /** Resolves with the first signal. */
  readonly first: Promise<StopSignal>;
  readonly stopListening: () => void;
}

export function listenForSignals(): Signals {
  const names: readonly StopSignal[] = ["SIGINT", "SIGTERM"];
  let resolveFirst: (signal: StopSignal) => void = () => {};
  const first = new Promise<StopSignal>((resolve) => {
    resolveFirst = resolve;
  });
  let isStopping = false;
  const listener = (signal: NodeJS.Signals): void => {
    const name = signal as StopSignal;
    if (isStopping) process.exit(SIGNAL_EXIT_CODES[name]);
    isStopping = true;
    resolveFirst(name);
  };
  for (const name of names) process.on(name, listener);
  return {
    first,
    stopListening: () => {
      for (const name of names) process.off(name, listener);
    },
  };
}
