/**
 * Strongly connected components (Tarjan 1972), without recursion: graphs here have up to a million nodes.
 *
 * 1. Only what can be reached from `roots` is looked at, all nodes without them.
 * 2. `successors` is asked once for each node.
 */

export interface StrongComponents {
  /** The nodes of each component; a single node without an edge to itself is one too. */
  readonly members: readonly (readonly number[])[];
  /** The index in `members` of each node; -1 for those that were not reached. */
  readonly componentOf: Int32Array;
}

export function strongComponents(
  size: number,
  successors: (node: number) => readonly number[],
  roots?: readonly number[],
): StrongComponents {
  const search = new Search(size, successors);
  if (roots === undefined) for (let node = 0; node < size; node += 1) search.visit(node);
  else for (const root of roots) search.visit(root);
  return { members: search.members, componentOf: search.componentOf };
}

interface Frame {
  readonly node: number;
  readonly targets: readonly number[];
  next: number;
}

class Search {
  readonly members: number[][] = [];
  readonly componentOf: Int32Array;
  /** The order of discovery, from 1; 0 is not discovered. */
  private readonly index: Int32Array;
  private readonly low: Int32Array;
  private readonly open: number[] = [];
  private readonly frames: Frame[] = [];
  private readonly successors: (node: number) => readonly number[];
  private discovered = 0;

  constructor(size: number, successors: (node: number) => readonly number[]) {
    this.successors = successors;
    this.componentOf = new Int32Array(size).fill(-1);
    this.index = new Int32Array(size);
    this.low = new Int32Array(size);
  }

  visit(root: number): void {
    if (this.index[root] !== 0) return;
    this.enter(root);
    for (let frame = this.frames.at(-1); frame !== undefined; frame = this.frames.at(-1)) {
      const target = frame.targets[frame.next];
      if (target === undefined) {
        this.leave(frame.node);
        continue;
      }
      frame.next += 1;
      if (this.index[target] === 0) this.enter(target);
      else if (this.componentOf[target] === -1) this.lower(frame.node, this.index[target] ?? 0);
    }
  }

  private enter(node: number): void {
    this.discovered += 1;
    this.index[node] = this.discovered;
    this.low[node] = this.discovered;
    this.open.push(node);
    this.frames.push({ node, targets: this.successors(node), next: 0 });
  }

  private leave(node: number): void {
    this.frames.pop();
    const low = this.low[node] ?? 0;
    const parent = this.frames.at(-1);
    if (parent !== undefined) this.lower(parent.node, low);
    if (low !== this.index[node]) return;
    const component = this.open.splice(this.open.lastIndexOf(node));
    for (const member of component) this.componentOf[member] = this.members.length;
    this.members.push(component);
  }

  private lower(node: number, low: number): void {
    if (low < (this.low[node] ?? 0)) this.low[node] = low;
  }
}
