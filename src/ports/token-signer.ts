/** Texts that go out and come back unchanged: nobody who does not know the secret can make or change one. */
export interface TokenSigner {
  /** A token of letters, digits and `-_.` that holds the text, readable for anybody, and proves who made it. */
  issue(secret: string, text: string): string;
  /** The text of a token that was issued with this secret; `undefined` for every other. In constant time. */
  read(secret: string, token: string): string | undefined;
}
