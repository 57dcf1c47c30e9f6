/**
 * Whether an update is one that a report's editor makes. Yjs takes whatever decodes, and then throws in the
 * middle of some of it, in the room and for everyone who ever opens the document again; and what no editor
 * makes stops the editors of everyone else. So it is found out before it is committed.
 */
import * as Y from 'yjs';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import { takeSnapshot } from '../store/snapshot.ts';
import type { FindStruct } from './nesting.ts';
import { structAt, type Struct, type Update } from './update.ts';

/**
 * `plain`: text, formats, elements and attributes in their places, each beside what is alive or deleted:
 * Yjs is known to take it. `odd`: an honest client can have made it, as when it was offline while what it
 * wrote in was deleted, and so can a hostile one: see {@link canBeApplied}. `wrong`: no editor makes it.
 */
export type Shape = 'plain' | 'odd' | 'wrong';

/** Where a struct stands: in what, and under which attribute's name. */
type Place =
  | { in: 'root' | 'element' | 'text'; id: string; sub: string | null }
  /** In something of which nothing is left; Yjs keeps no more of it than its length. */
  | { in: 'gone' }
  | { in: 'nowhere' };

const GONE: Place = { in: 'gone' };
const NOWHERE: Place = { in: 'nowhere' };

/** The shape of an update that misses nothing and repeats nothing. Time in the size of the update. */
export function shapeOf({ structs }: Update, find: FindStruct): Shape {
  const lookUp: FindStruct = (client, clock) => find(client, clock) ?? structAt(structs.get(client), clock);
  const places = new Map<Struct, Place>();
  let isOdd = false;
  for (const struct of [...structs.values()].flat()) {
    const shape = struct instanceof Y.Item ? shapeOfItem(struct, lookUp, places) : 'odd';
    if (shape === 'wrong') return 'wrong';
    isOdd ||= shape === 'odd';
  }
  return isOdd ? 'odd' : 'plain';
}

/** Whether Yjs can apply an update to a document, given as a state and what is queued. Time in the size of all. */
export function canBeApplied(update: Update, state: Uint8Array, queued: readonly Uint8Array[]): boolean {
  try {
    takeSnapshot(state, [...queued, update.bytes]);
    return true;
  } catch {
    // Whatever Yjs throws on it now, it would throw when it is committed.
    return false;
  }
}

function shapeOfItem(item: Y.Item, lookUp: FindStruct, places: Map<Struct, Place>): Shape {
  const place = placeOf(item, lookUp, places);
  const left = item.origin === null ? null : placeOfId(item.origin, lookUp, places);
  const right = item.rightOrigin === null ? null : placeOfId(item.rightOrigin, lookUp, places);
  if ([place, left, right].some((one) => one?.in === 'nowhere')) return 'wrong';
  const around = [place, left, right].filter((one) => one !== null);
  // All of it, or none: beside what is half gone Yjs keeps or drops it by when it looks.
  const gone = around.filter((one) => one.in === 'gone').length;
  if (gone > 0) return gone === around.length ? 'odd' : 'wrong';
  if (!around.every((one) => isSamePlace(one, place))) return 'wrong';
  return fits(item.content, place) ? 'plain' : 'wrong';
}

function isSamePlace(a: Place, b: Place): boolean {
  return 'id' in a && 'id' in b && a.id === b.id && a.sub === b.sub;
}

/** Whether this kind of content may stand there. */
function fits(content: Y.Item['content'], place: Place): boolean {
  if (content instanceof Y.ContentDeleted) return true;
  switch (place.in) {
    case 'root':
      return place.sub === null && isNode(content);
    case 'element':
      return place.sub === null ? isNode(content) : isAttribute(content);
    case 'text':
      return place.sub === null && (content instanceof Y.ContentString || content instanceof Y.ContentFormat);
    case 'gone':
    case 'nowhere':
      return false;
    default:
      return place satisfies never;
  }
}

/** One value that JSON has: whoever copies an element writes its attributes anew, and Yjs has other contents for others. */
function isAttribute(content: Y.Item['content']): boolean {
  return content instanceof Y.ContentAny && content.arr.length === 1 && isPlain(content.arr[0], 0);
}

/** Deeper than this no attribute goes. */
const MAX_VALUE_DEPTH = 8;

function isPlain(value: unknown, depth: number): boolean {
  if (depth > MAX_VALUE_DEPTH) return false;
  if (Array.isArray(value)) return value.every((one) => isPlain(one, depth + 1));
  if (typeof value !== 'object' || value === null) return typeof value !== 'bigint';
  // Bytes are objects too.
  const isRecord = Object.getPrototypeOf(value) === Object.prototype;
  return isRecord && Object.values(value).every((one) => isPlain(one, depth + 1));
}

function isNode(content: Y.Item['content']): boolean {
  return content instanceof Y.ContentType && (isElement(content.type) || isText(content.type));
}

const isText = (type: unknown) => type instanceof Y.XmlText;
// Hooks and fragments share the class's base, and no editor makes them inside a document.
const isElement = (type: unknown) => type instanceof Y.XmlElement && !(type instanceof Y.XmlHook);

function placeOfId({ client, clock }: Y.ID, lookUp: FindStruct, places: Map<Struct, Place>): Place {
  const struct = lookUp(client, clock);
  if (struct === null) return NOWHERE;
  return placeOf(struct, lookUp, places);
}

/** Goes from neighbour to neighbour, without recursion, until one says what it stands in. */
function placeOf(start: Struct, lookUp: FindStruct, places: Map<Struct, Place>): Place {
  const passed: Struct[] = [];
  let place: Place | null = null;
  for (let at: Struct = start; place === null;) {
    place = places.get(at) ?? settledPlace(at, lookUp);
    if (place !== null) break;
    passed.push(at);
    const neighbour: Y.ID | null = at instanceof Y.Item ? (at.origin ?? at.rightOrigin) : null;
    const next: Struct | null = neighbour === null ? null : lookUp(neighbour.client, neighbour.clock);
    if (next === null) place = NOWHERE;
    else at = next;
  }
  for (const struct of passed) places.set(struct, place);
  return place;
}

/** The place that can be read off a struct; null: it is its neighbour's. */
function settledPlace(struct: Struct, lookUp: FindStruct): Place | null {
  if (!(struct instanceof Y.Item)) return GONE;
  const { parent, parentSub: sub } = struct;
  // As it was decoded: the name of a root, or the id of the item that holds a type.
  if (typeof parent === 'string') {
    return parent === CONTENT_FRAGMENT ? { in: 'root', id: parent, sub } : NOWHERE;
  }
  if (parent instanceof Y.AbstractType) return inType(parent, parent._item, sub);
  if (parent === null) return null;
  const holder = lookUp(parent.client, parent.clock);
  if (holder === null) return NOWHERE;
  if (!(holder instanceof Y.Item) || holder.content instanceof Y.ContentDeleted) return GONE;
  return holder.content instanceof Y.ContentType ? inType(holder.content.type, holder, sub) : NOWHERE;
}

function inType(type: unknown, item: Y.Item | null, sub: string | null): Place {
  if (item === null) return { in: 'root', id: CONTENT_FRAGMENT, sub };
  const id = `${item.id.client}:${item.id.clock}`;
  if (isText(type)) return { in: 'text', id, sub };
  return isElement(type) ? { in: 'element', id, sub } : NOWHERE;
}
