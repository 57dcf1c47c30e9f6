/**
 * What a hostile peer says, as data that fast-check makes and makes smaller. What depends on the document
 * at hand – ids, edits – is a choice here, and becomes bytes when it is sent: see `attacker.ts`.
 */
import * as encoding from 'lib0/encoding';
import * as fc from 'fast-check';
import { MESSAGE, SYNC } from '#lib/sync/protocol.ts';
import { bytesOf, REF } from './structs.ts';

/** Somebody's Yjs client id, and one of its clocks. */
export interface IdChoice {
  whose: 'own' | 'writer' | 'seed' | 'unknown' | 'largest';
  clock: 'first' | 'within' | 'last' | 'next' | 'far';
}

/** What a struct holds instead: its kind, and the bytes of its content. */
export interface ContentChoice {
  ref: number;
  content: Uint8Array;
}

/** One change of an update that somebody really made. `at` picks the struct. */
export type Mutation =
  | { change: 'id'; at: number; to: IdChoice }
  | { change: 'origin' | 'right'; at: number; to: IdChoice | null }
  | { change: 'parent'; at: number; to: IdChoice | string }
  | { change: 'sub'; at: number; to: string | null }
  | { change: 'content'; at: number; to: ContentChoice }
  | { change: 'filler'; at: number; ref: number; length: number }
  | { change: 'repeat' | 'swap' | 'split'; at: number }
  | { change: 'delete'; what: IdChoice; length: number };

export type Hostile =
  /** Any bytes. */
  | { kind: 'bytes'; bytes: Uint8Array }
  /** A message of some type whose field claims another length than it has. */
  | { kind: 'field'; type: number; sub: number | null; claims: number; bytes: Uint8Array }
  /** An edit as an honest client makes it. */
  | { kind: 'edit'; seed: number }
  /** Such an edit, cut off, prolonged, or with some bytes changed; as an update or a step 2. */
  | { kind: 'damaged'; seed: number; sub: number; cut: number; flips: [at: number, byte: number][] }
  /** Such an edit, its structs changed. */
  | { kind: 'mutated'; seed: number; sub: number; mutations: Mutation[] }
  /** The second of two edits, and then the first. */
  | { kind: 'swapped'; seed: number }
  /** Something that was sent before, by whomever. */
  | { kind: 'replayed'; at: number }
  /** An element in an element in an element. */
  | { kind: 'nested'; depth: number }
  /** So many bytes of nothing in one frame. */
  | { kind: 'huge'; sub: number; size: number }
  | { kind: 'presence'; who: IdChoice; clock: number; state: string; times: number }
  | { kind: 'asking'; vector: Uint8Array }
  | { kind: 'askingWhoIsHere' }
  /** A text frame. */
  | { kind: 'text'; text: string }
  /** Bytes on the bare connection, past the handshake or in its place. */
  | { kind: 'wire'; isUpgraded: boolean; bytes: Uint8Array }
  /** A knock at some door. */
  | { kind: 'knock'; room: string; query: string; origin: string };

/** Who sends it: somebody not signed in, somebody who may read, somebody who may write. */
export type Role = 'nobody' | 'viewer' | 'editor';

export interface Sent {
  by: Role;
  what: Hostile;
  /** Whether the next comes only after this one was heard. */
  isAwaited: boolean;
}

const LARGE = [2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 50, 2 ** 53 - 1];
const bytes = (maxLength: number) => fc.uint8Array({ maxLength });
const number = fc.oneof(fc.nat(130), fc.constantFrom(...LARGE));
const seed = fc.nat();
const index = fc.nat(20);
/** A varint that goes on and on. */
const endless = fc.nat(30).map((length) => new Uint8Array(length + 1).fill(0xff));

const id: fc.Arbitrary<IdChoice> = fc.record({
  whose: fc.constantFrom('own', 'writer', 'seed', 'unknown', 'largest'),
  clock: fc.constantFrom('first', 'within', 'last', 'next', 'far'),
});

const json = fc.oneof(
  fc.json({ maxDepth: 3 }),
  fc.constantFrom('undefined', 'null', '{', '{"__proto__":{"x":1}}', '[[[[[[[[]]]]]]]]'),
  fc.nat(3_000).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
);
const name = fc.oneof(
  fc.constantFrom(
    'content',
    'paragraph',
    'table',
    'bold',
    'script',
    '__proto__',
    'constructor',
    'ychange',
    '',
  ),
  fc.string({ maxLength: 12, unit: 'binary' }),
);
/** lib0's `any`: a value of any kind, or an array in an array in an array. */
const any = fc.oneof(
  fc
    .anything({ maxDepth: 2, withBigInt: false })
    .map((value) =>
      bytesOf((encoder) => encoding.writeAny(encoder, value as Parameters<typeof encoding.writeAny>[1])),
    ),
  fc
    .nat(5_000)
    .map((depth) => Uint8Array.from([...Array.from({ length: depth }, () => [117, 1]).flat(), 126])),
  bytes(12),
);

function content(ref: number, written: fc.Arbitrary<Uint8Array>): fc.Arbitrary<ContentChoice> {
  return written.map((content) => ({ ref, content }));
}
const written = <T>(of: fc.Arbitrary<T>, write: (encoder: encoding.Encoder, value: T) => void) =>
  of.map((value) => bytesOf((encoder) => write(encoder, value)));

const contents: fc.Arbitrary<ContentChoice> = fc.oneof(
  content(REF.deleted, written(number, encoding.writeVarUint)),
  content(
    REF.json,
    written(fc.array(json, { maxLength: 3 }), (encoder, values) => {
      encoding.writeVarUint(encoder, values.length);
      for (const value of values) encoding.writeVarString(encoder, value);
    }),
  ),
  content(REF.binary, written(bytes(20), encoding.writeVarUint8Array)),
  content(REF.string, written(fc.string({ unit: 'binary', maxLength: 20 }), encoding.writeVarString)),
  content(REF.string, written(bytes(8), encoding.writeVarUint8Array)),
  content(REF.embed, written(json, encoding.writeVarString)),
  content(
    REF.format,
    written(fc.tuple(name, json), (encoder, [key, value]) => {
      encoding.writeVarString(encoder, key);
      encoding.writeVarString(encoder, value);
    }),
  ),
  content(
    REF.type,
    written(fc.tuple(fc.nat(9), name), (encoder, [type, element]) => {
      encoding.writeVarUint(encoder, type);
      // Elements and hooks have a name.
      if (type === 3 || type === 5) encoding.writeVarString(encoder, element);
    }),
  ),
  content(
    REF.any,
    written(fc.array(any, { maxLength: 3 }), (encoder, values) => {
      encoding.writeVarUint(encoder, values.length);
      for (const value of values) encoding.writeUint8Array(encoder, value);
    }),
  ),
  content(
    REF.doc,
    written(name, (encoder, guid) => {
      encoding.writeVarString(encoder, guid);
      encoding.writeAny(encoder, {});
    }),
  ),
  content(11, bytes(8)),
);

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ change: fc.constant('id' as const), at: index, to: id }),
  fc.record({
    change: fc.constantFrom('origin' as const, 'right' as const),
    at: index,
    to: fc.option(id),
  }),
  fc.record({ change: fc.constant('parent' as const), at: index, to: fc.oneof(id, name) }),
  fc.record({ change: fc.constant('sub' as const), at: index, to: fc.option(name) }),
  { arbitrary: fc.record({ change: fc.constant('content' as const), at: index, to: contents }), weight: 3 },
  fc.record({
    change: fc.constant('filler' as const),
    at: index,
    ref: fc.constantFrom(REF.gc, REF.skip),
    length: number,
  }),
  fc.record({ change: fc.constantFrom('repeat' as const, 'swap' as const, 'split' as const), at: index }),
  fc.record({ change: fc.constant('delete' as const), what: id, length: number }),
);

const sub = fc.constantFrom(SYNC.step2, SYNC.update, SYNC.update, SYNC.update);

const hostile: fc.Arbitrary<Hostile> = fc.oneof(
  {
    weight: 60,
    arbitrary: fc.record({ kind: fc.constant('bytes' as const), bytes: fc.oneof(bytes(40), endless) }),
  },
  {
    weight: 80,
    arbitrary: fc.record({
      kind: fc.constant('field' as const),
      type: fc.oneof(fc.constantFrom(...Object.values(MESSAGE)), number),
      sub: fc.option(number),
      claims: number,
      bytes: bytes(30),
    }),
  },
  { weight: 80, arbitrary: fc.record({ kind: fc.constant('edit' as const), seed }) },
  {
    weight: 160,
    arbitrary: fc.record({
      kind: fc.constant('damaged' as const),
      seed,
      sub,
      cut: fc.integer({ min: -20, max: 20 }),
      flips: fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 4 }),
    }),
  },
  {
    weight: 400,
    arbitrary: fc.record({
      kind: fc.constant('mutated' as const),
      seed,
      sub,
      mutations: fc.array(mutation, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 40, arbitrary: fc.record({ kind: fc.constant('swapped' as const), seed }) },
  { weight: 60, arbitrary: fc.record({ kind: fc.constant('replayed' as const), at: fc.nat(400) }) },
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constant('nested' as const),
      depth: fc.integer({ min: 50, max: 3_000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('huge' as const),
      sub,
      size: fc.constantFrom(100_000, 1_000_000, 8 * 1024 * 1024, 9 * 1024 * 1024),
    }),
  },
  {
    weight: 80,
    arbitrary: fc.record({
      kind: fc.constant('presence' as const),
      who: id,
      clock: number,
      state: fc.oneof(
        json,
        fc.nat(9_000).map((length) => JSON.stringify('在'.repeat(length))),
      ),
      times: fc.oneof(fc.constant(1), fc.nat(200)),
    }),
  },
  {
    weight: 40,
    arbitrary: fc.record({ kind: fc.constant('asking' as const), vector: fc.oneof(bytes(30), endless) }),
  },
  { weight: 20, arbitrary: fc.constant({ kind: 'askingWhoIsHere' as const }) },
  {
    weight: 20,
    arbitrary: fc.record({ kind: fc.constant('text' as const), text: fc.string({ maxLength: 50 }) }),
  },
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constant('wire' as const),
      isUpgraded: fc.boolean(),
      bytes: fc.oneof(
        bytes(80),
        // A frame whose length is the largest there is; one that is not masked; a ping too long; a close of no code.
        fc.constantFrom(
          Uint8Array.from({ length: 14 }, (_, at) => [0x82, 0xff, 0x7f][at] ?? 0xff),
          Uint8Array.of(0x82, 0x03, 1, 2, 3),
          Uint8Array.of(0x89, 0xfe, 0x01, 0x00, 0, 0, 0, 0, 1),
          Uint8Array.of(0x88, 0x82, 0, 0, 0, 0, 0x03, 0xee),
          Uint8Array.of(0x02, 0x81, 0, 0, 0, 0, 7, 0x02, 0x81, 0, 0, 0, 0, 7),
        ),
      ),
    }),
  },
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constant('knock' as const),
      room: fc.oneof(
        fc.constantFrom('report9999999999/content', '../../etc/passwd', '%00', 'a'.repeat(8_000), ''),
        fc.webPath(),
      ),
      query: fc.oneof(
        fc.constantFrom('?ext=1', '?schema=0', '?schema=1e9', '?ext=1&ext=2'),
        fc.webQueryParameters(),
      ),
      origin: fc.oneof(fc.constantFrom('null', 'http://evil.example'), fc.webUrl()),
    }),
  },
);

/** What several hostile peers send, one after another. */
export const hostilities: fc.Arbitrary<Sent[]> = fc.array(
  fc.record({
    by: fc.oneof(
      { weight: 1, arbitrary: fc.constant('nobody' as const) },
      { weight: 2, arbitrary: fc.constant('viewer' as const) },
      { weight: 7, arbitrary: fc.constant('editor' as const) },
    ),
    what: hostile,
    isAwaited: fc.boolean(),
  }),
  { minLength: 1, maxLength: 100, size: 'max' },
);
