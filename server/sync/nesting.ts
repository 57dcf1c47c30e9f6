/**
 * How deep an update nests. Yjs, and all that reads a document, goes down by recursion: elements nested
 * by the thousand would end whoever opens, renames or clears the document with a full stack.
 */
import * as Y from 'yjs';
import { structAt, type Struct, type Update } from './update.ts';

/** Types one inside the other, the root included. A table in a table's cell comes to about ten. */
export const MAX_NESTING = 64;

/** The struct that holds an id: integrated (committed) or decoded (queued before); null: there is none. */
export type FindStruct = (client: number, clock: number) => Struct | null;

/**
 * Whether the update, which must not be missing anything, puts a type deeper than {@link MAX_NESTING}.
 * Costs nothing for text; else time in the size of the update.
 */
export function nestsTooDeep({ structs }: Update, find: FindStruct): boolean {
  const depths = new Map<Struct, number>();
  const lookUp: FindStruct = (client, clock) => structAt(structs.get(client), clock) ?? find(client, clock);
  for (const list of structs.values()) {
    for (const struct of list) {
      const holdsType = struct instanceof Y.Item && struct.content instanceof Y.ContentType;
      if (holdsType && depthOf(struct, lookUp, depths) > MAX_NESTING) return true;
    }
  }
  return false;
}

/** How many types a struct stands in. What is collected has no place any more: 0. */
function depthOf(start: Struct, lookUp: FindStruct, depths: Map<Struct, number>): number {
  const path: { struct: Struct; deeper: number }[] = [];
  let depth = 0;
  for (let at: Struct | null = start; at !== null;) {
    const known = depths.get(at) ?? settledDepth(at);
    if (known !== null) {
      depth = known;
      break;
    }
    const above: Place | null = at instanceof Y.Item ? placeOf(at) : null;
    path.push({ struct: at, deeper: above?.deeper ?? 0 });
    at = above === null ? null : lookUp(above.id.client, above.id.clock);
  }
  for (const { struct, deeper } of path.toReversed()) {
    depth += deeper;
    depths.set(struct, depth);
  }
  return depth;
}

/** The depth that can be read off a struct: it is integrated, collected, or in a root. Null: ask {@link placeOf}. */
function settledDepth(struct: Struct): number | null {
  if (!(struct instanceof Y.Item)) return 0;
  if (typeof struct.parent === 'string') return 1;
  if (!(struct.parent instanceof Y.AbstractType)) return null;
  let depth = 1;
  for (let item = struct.parent._item; item !== null; depth++) {
    item = item.parent instanceof Y.AbstractType ? item.parent._item : null;
  }
  return depth;
}

/** What a struct's depth follows from: `deeper` is 1 for a parent, 0 for a neighbour. */
interface Place {
  id: Y.ID;
  deeper: 0 | 1;
}

/** Where a decoded item says its place is: in a parent, or beside a neighbour. */
function placeOf({ parent, origin, rightOrigin }: Y.Item): Place | null {
  if (parent !== null && typeof parent === 'object' && 'clock' in parent) return { id: parent, deeper: 1 };
  const neighbour = origin ?? rightOrigin;
  return neighbour === null ? null : { id: neighbour, deeper: 0 };
}
