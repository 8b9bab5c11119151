/**
 * Mirrors instances as JSON documents into `active/`, `completed/` and `error/` of a directory. The database is the
 * truth: a file is written after the commit, atomically, and an instance's file is moved when its status changes.
 *
 * Invariants:
 * 1. One write per instance at a time; what changes meanwhile is written once more afterwards.
 * 2. After `flush` every instance that was refreshed stands in exactly one of the three folders.
 * 3. What a crash left behind in `active/` is brought up to date at the start.
 */
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { type InstanceDocument, mirroredDocument, mirroredStatus } from "../core/instance-document.js";
import type { Logger } from "../ports/logger.js";

const FOLDERS = ["active", "completed", "error"] as const;

export interface InstanceMirror {
  /** The instance has changed; it is written soon. */
  refresh(instanceId: string): void;
  /** Resolves when everything refreshed so far is written. */
  flush(): Promise<void>;
}

export interface MirrorSettings {
  readonly directory: string;
  readonly read: (instanceId: string) => Promise<InstanceDocument>;
  readonly logger: Logger;
}

export async function instanceMirror(settings: MirrorSettings): Promise<InstanceMirror> {
  const { directory, read, logger } = settings;
  const writing = new Map<string, Promise<void>>();
  const dirty = new Set<string>();
  for (const folder of FOLDERS) await mkdir(join(directory, folder), { recursive: true });

  async function writeUntilClean(instanceId: string): Promise<void> {
    while (dirty.delete(instanceId)) {
      try {
        await writeDocument(directory, await read(instanceId));
      } catch (error) {
        logger.warn("An instance could not be mirrored.", { instanceId, error: String(error) });
      }
    }
    writing.delete(instanceId);
  }

  const mirror: InstanceMirror = {
    refresh(instanceId) {
      dirty.add(instanceId);
      if (!writing.has(instanceId)) writing.set(instanceId, writeUntilClean(instanceId));
    },
    async flush() {
      while (writing.size > 0) await Promise.all(writing.values());
    },
  };
  for (const file of await readdir(join(directory, "active"))) {
    if (file.endsWith(".json")) mirror.refresh(decodeURIComponent(file.slice(0, -".json".length)));
  }
  return mirror;
}

async function writeDocument(directory: string, document: InstanceDocument): Promise<void> {
  const home = mirroredStatus(document.status);
  const file = fileName(document.instanceId);
  await writeFileAtomic(
    join(directory, home, file),
    `${JSON.stringify(mirroredDocument(document), null, 2)}\n`,
  );
  for (const folder of FOLDERS) {
    if (folder !== home) await rm(join(directory, folder, file), { force: true });
  }
}

/** An id may hold anything; a file name may not. Plain ids stay readable. */
function fileName(instanceId: string): string {
  return `${encodeURIComponent(instanceId).replaceAll(".", "%2E")}.json`;
}
