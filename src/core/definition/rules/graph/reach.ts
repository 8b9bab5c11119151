/** Ways through a directed graph of named nodes. */
export type Edges = Map<string, Set<string>>;

export function connect(edges: Edges, from: string, to: string): void {
  const ends = edges.get(from);
  if (ends === undefined) edges.set(from, new Set([to]));
  else ends.add(to);
}

export function reversed(edges: Edges): Edges {
  const result: Edges = new Map();
  for (const [from, ends] of edges) for (const to of ends) connect(result, to, from);
  return result;
}

/** All nodes that some way from the given ones leads to, these included. */
export function spread(edges: Edges, from: ReadonlySet<string>): ReadonlySet<string> {
  const reached = new Set(from);
  for (const node of reached) for (const next of edges.get(node) ?? []) reached.add(next);
  return reached;
}

/** A shortest way, both ends included; only the end where there is none. Passages do not count as steps. */
export function pathBetween(
  edges: Edges,
  from: readonly string[],
  to: string,
  isPassage: (node: string) => boolean,
): readonly string[] {
  const cameFrom = new Map<string, string | undefined>(from.map((node) => [node, undefined]));
  const discover = (node: string) => {
    for (const next of edges.get(node) ?? []) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, node);
      if (isPassage(next)) discover(next);
    }
  };
  for (const node of cameFrom.keys()) {
    if (node === to) break;
    discover(node);
  }
  const way = [to];
  for (let at = cameFrom.get(to); at !== undefined; at = cameFrom.get(at)) way.unshift(at);
  return way;
}

/** The sets of nodes that lead to each other in a circle (strongly connected components; Tarjan 1972, without recursion). */
export function circles(edges: Edges): string[][] {
  const after = new Map([...edges].map(([from, ends]) => [from, [...ends]]));
  const number = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const onStack = new Set<string>();
  const found: string[][] = [];
  for (const root of after.keys()) {
    if (number.has(root)) continue;
    const open: { id: string; next: number }[] = [{ id: root, next: 0 }];
    while (open.length > 0) {
      const frame = open.at(-1);
      if (frame === undefined) break;
      const { id } = frame;
      if (frame.next === 0) {
        number.set(id, number.size);
        low.set(id, number.size - 1);
        stack.push(id);
        onStack.add(id);
      }
      const next = after.get(id)?.[frame.next];
      frame.next += 1;
      if (next !== undefined) {
        if (!number.has(next)) open.push({ id: next, next: 0 });
        else if (onStack.has(next)) low.set(id, Math.min(low.get(id) ?? 0, number.get(next) ?? 0));
        continue;
      }
      open.pop();
      const holder = open.at(-1)?.id;
      if (holder !== undefined) low.set(holder, Math.min(low.get(holder) ?? 0, low.get(id) ?? 0));
      if (low.get(id) !== number.get(id)) continue;
      const component = stack.splice(stack.lastIndexOf(id));
      for (const member of component) onStack.delete(member);
      if (component.length > 1 || after.get(id)?.includes(id) === true) found.push(component);
    }
  }
  return found;
}
