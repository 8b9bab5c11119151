export interface CallbackSettings {
  /**
   * Where this engine can be called, for example `https://flows.example.com`; addresses are `<baseUrl>/callbacks/<token>`. A
   * function is asked at each send, for a server whose port is known late.
   */
  readonly baseUrl: string | (() => string | undefined);
  /** What addresses are signed with, at least 32 characters; without it one is drawn and kept in the database. */
  readonly secret?: string;
}

/** Whether an address can be built on it: http or https, without query and credentials. */
export function isCallable(baseUrl: string): boolean {
  if (!URL.canParse(baseUrl)) return false;
  const { protocol, search, hash, username } = new URL(baseUrl);
  return /^https?:$/.test(protocol) && search === "" && hash === "" && username === "";
}
