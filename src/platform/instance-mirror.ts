/**
 * Mirrors instances as JSON documents into `active/`, `completed/` and `error/` of a directory. The database is the
 * truth: a file is written after the commit, atomically, and an instance's file is moved when its status changes.
 *
 * Invariants:
 * 1. One write per instance at a time; what changes meanwhile is written once more afterwards.
 * 2. After `flush` every instance that was refreshed stands in exactly one of the three folders.
 * 3. At the start everything that a crash may have left behind is brought up to date: instances that live, and those
 *    that have no file.
 */
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { type InstanceDocument, mirroredDocument, mirroredStatus } from "../core/instance-document.js";
import type { InstanceStatus } from "../core/model/snapshot.js";
import type { Logger } from "../ports/logger.js";
import { sha256 } from "./sha256.js";

/** What file systems allow is 255 bytes, with room for a temporary name. */
const MAX_NAME_CHARS = 200;

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
  /** Every instance of the store, in pages, by id. */
  readonly list: (afterInstanceId: string | undefined) => Promise<readonly MirroredRow[]>;
  readonly logger: Logger;
}

interface MirroredRow {
  readonly instanceId: string;
  readonly status: InstanceStatus;
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
  await catchUp(settings, mirror);
  return mirror;
}

/** Instances that live are written anew; of the others only those whose file is not where it belongs. */
async function catchUp({ directory, list }: MirrorSettings, mirror: InstanceMirror): Promise<void> {
  const folders = await Promise.all(FOLDERS.map((folder) => readdir(join(directory, folder))));
  const files = new Map(FOLDERS.map((folder, index) => [folder, new Set(folders[index])] as const));
  let after: string | undefined;
  for (;;) {
    const rows = await list(after);
    for (const { instanceId, status } of rows) {
      const home = mirroredStatus(status);
      if (home === "active" || files.get(home)?.has(fileName(instanceId)) !== true)
        mirror.refresh(instanceId);
    }
    after = rows.at(-1)?.instanceId;
    if (after === undefined) return;
  }
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

/** An id may hold anything, a file name may not, and not at any length. Plain ids stay readable. */
function fileName(instanceId: string): string {
  const name = encodeURIComponent(instanceId).replaceAll(".", "%2E");
  return `${name.length <= MAX_NAME_CHARS ? name : `${name.slice(0, 100)}-${sha256(instanceId)}`}.json`;
}
