/** JSON pointers (RFC 6901). */

/** Appends parts to a pointer, escaping them. */
export function appendPointer(pointer: string, ...parts: readonly (string | number)[]): string {
  let result = pointer;
  for (const part of parts) {
    result += `/${typeof part === "number" ? part : part.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  }
  return result;
}

/** The unescaped parts of a pointer; none for `""`. */
export function pointerParts(pointer: string): readonly string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The pointer of what holds the thing; `""` for the whole itself. */
export function parentPointer(pointer: string): string {
  return pointer.slice(0, Math.max(0, pointer.lastIndexOf("/")));
}
