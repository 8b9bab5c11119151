/** The only source of randomness. */
export interface Random {
  /** `byteCount` random bytes in lower-case hexadecimal. */
  hex(byteCount: number): string;
}
