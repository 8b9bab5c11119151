import type { Response } from "./response.js";

/** What came of one try. */
export type TryResult =
  | { readonly outcome: "completed"; readonly response: Response }
  | {
      readonly outcome: "failed";
      readonly code: string;
      readonly message: string;
      readonly isFinal: boolean;
      readonly retryAfterMs?: number;
      readonly response?: Response;
    }
  | { readonly outcome: "timeout"; readonly message: string }
  /** Of what is sent at most once: nobody knows whether it acted. `code` and `message` say why. */
  | {
      readonly outcome: "unknown";
      readonly code: string;
      readonly message: string;
      readonly response?: Response;
    };
