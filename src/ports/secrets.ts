/**
 * Secrets by name. A definition holds names only; whoever sends asks for the value at that moment and keeps it nowhere,
 * so that a value that was changed is used by the next try.
 */
export interface Secrets {
  /** `undefined` where there is none of this name, or an empty one. */
  read(name: string): string | undefined;
  /** Where the value of this name is looked for, to end a sentence: `set STATEWRIGHT_SECRET_BANK_TOKEN`. */
  remedy(name: string): string;
}
