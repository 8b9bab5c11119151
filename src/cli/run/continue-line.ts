/** The command line that goes on with a run: the words as they were typed, with the instance named. */
export function continueLine(words: readonly string[], instanceId: string): string {
  const isNamed = words.some((word) => word === "--instance" || word.startsWith("--instance="));
  const all = isNamed ? words : [...words, "--instance", instanceId];
  return ["statewright", ...all].map(shellWord).join(" ");
}

/** Quoted for a POSIX shell where it has to be. */
export function shellWord(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
