import { hash } from "node:crypto";

/** SHA-256 of the text in UTF-8, as 64 lower-case hexadecimal digits. In one call, because every commit makes many. */
export function sha256(text: string): string {
  return hash("sha256", text, "hex");
}
