import { describe, expect, it } from "vitest";
import { namedSecrets } from "./named-secrets.js";

describe("the secrets that a definition names", () => {
  it("are those of auth, sign and verify, with their places", () => {
    const definition = {
      globalCallbackHandler: {
        webhook: { url: "u", sign: { secret: [{ secret: "new" }, { secret: "old" }] } },
      },
      states: [
        {
          stateId: "a",
          startOn: { trigger: "webhook", verify: { secret: { secret: "hook" } } },
          entryActions: [
            {
              trigger: {
                webhook: {
                  url: "u",
                  auth: { basic: { username: "ada", password: { secret: "pw" } } },
                  payload: { webhook: { auth: { bearer: { secret: "no secret" } } } },
                },
              },
            },
            {
              trigger: {
                webhook: { url: "u", auth: { bearer: { secret: "token" } }, sign: { secret: "text" } },
              },
            },
          ],
        },
      ],
    };
    expect(namedSecrets(definition)).toEqual([
      { name: "new", pointer: "/globalCallbackHandler/webhook/sign/secret/0" },
      { name: "old", pointer: "/globalCallbackHandler/webhook/sign/secret/1" },
      { name: "hook", pointer: "/states/0/startOn/verify/secret" },
      { name: "pw", pointer: "/states/0/entryActions/0/trigger/webhook/auth/basic/password" },
      { name: "token", pointer: "/states/0/entryActions/1/trigger/webhook/auth/bearer" },
    ]);
  });
});
