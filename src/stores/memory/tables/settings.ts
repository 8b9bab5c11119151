/** What is kept by name; the first that is said stays. */
export class SettingTable {
  readonly #texts = new Map<string, string>();

  keep(name: string, text: string): string {
    const kept = this.#texts.get(name) ?? text;
    this.#texts.set(name, kept);
    return kept;
  }
}
