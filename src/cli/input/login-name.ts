import { userInfo } from "node:os";

/** Who does it, where `--actor` does not say so. */
export function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a user id that has no entry.
    return process.env.USER ?? "anonymous";
  }
}
