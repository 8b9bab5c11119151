/** On what a run was made: without it a number says nothing. Nothing that names the machine or its owner. */
import { readFileSync, statfsSync } from "node:fs";
import { cpus, loadavg, release, tmpdir, totalmem, type } from "node:os";

/** Linux's numbers of the file systems that databases are usually put on. */
const FILE_SYSTEMS = {
  61267: "ext4",
  1481003842: "XFS",
  2435016766: "Btrfs",
  16914836: "tmpfs",
  2035054128: "overlayfs",
};

export function machineFacts() {
  const [cpu] = cpus();
  return {
    cpuModel: cpu === undefined ? "unknown processor" : cpu.model.trim(),
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    fileSystem: fileSystemOf(tmpdir()),
    versions: {
      node: process.versions.node,
      statewright: versionAt(new URL("../package.json", import.meta.url)),
      xstate: installedVersion("xstate"),
      libsql: installedVersion("libsql"),
    },
  };
}

/** Over the last minute. */
export function load() {
  return loadavg()[0] ?? 0;
}

function fileSystemOf(directory) {
  const number = statfsSync(directory).type;
  return FILE_SYSTEMS[number] ?? `file system 0x${number.toString(16)}`;
}

function installedVersion(name) {
  return versionAt(new URL(`../node_modules/${name}/package.json`, import.meta.url));
}

function versionAt(url) {
  return JSON.parse(readFileSync(url, "utf8")).version;
}
