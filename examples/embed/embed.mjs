// An order from its start to its end inside this program: the engine keeps it in a file and asks the program for the price.
// Run it again with the same order id, or stop it in between: nothing is done twice.
import { createEngine, sqlite } from "statewright";

const [orderId = "order-1"] = process.argv.slice(2);
const PRICES = { book: 12.5, lamp: 40 };

const engine = await createEngine({
  store: sqlite("./orders.db"),
  definitions: [new URL("./order.json", import.meta.url)],
  functions: {
    // Called for each try, with the same key each time; what it throws makes the try fail.
    price: ({ data, idempotencyKey }) => {
      console.log(`pricing, key ${idempotencyKey}`);
      return { price: PRICES[data.item] * data.quantity };
    },
  },
});
engine.on("transition", ({ from, to, event }) => console.log(`${from} → ${to} (${event})`));

try {
  const data = { orderId, item: "lamp", quantity: 3 };
  const { instanceId } = await engine.start("order", { instanceId: orderId, data, idempotencyKey: "start" });
  await engine.send(instanceId, "submit", { idempotencyKey: "submit", wait: "settled" });
  const approval = { data: { approvedBy: "ada" }, actor: "ada", idempotencyKey: "approve" };
  await engine.send(instanceId, "approve", approval);
  const done = await engine.waitFor(instanceId, { status: "completed" });
  console.log(`${done.status}: ${done.data.price} for ${done.data.item} × ${done.data.quantity}`);
} finally {
  await engine.close();
}
