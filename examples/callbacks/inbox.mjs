/**
 * A bank that only takes things in: it says 202 to every request and writes it down, one file each, named after its path.
 * Whoever plays the bank reads them, and posts the answer to the address in `callbackUrl`.
 *
 *     node examples/callbacks/inbox.mjs FOLDER     prints where it listens
 */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const [folder = "inbox"] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const file = join(folder, `${request.url.split("/").at(-1).replace(/\W/g, "")}.json`);
  writeFileSync(`${file}.part`, Buffer.concat(chunks));
  renameSync(`${file}.part`, file);
  response.writeHead(202, { "content-type": "application/json" }).end("{}");
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
