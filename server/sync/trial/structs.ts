/**
 * A Yjs update as plain data, to be changed in ways that no editor would, and written again: version 1 of
 * the format, as `UpdateDecoderV1` reads it. What is written need not make sense.
 */
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';

export interface Id {
  client: number;
  clock: number;
}

export interface StructSpec {
  /** The kind of content; see {@link REF}. */
  ref: number;
  origin: Id | null;
  right: Id | null;
  /** Written only when there is neither origin nor right. */
  parent: { root: string } | { id: Id };
  sub: string | null;
  content: Uint8Array;
}

export interface UpdateSpec {
  groups: { client: number; clock: number; structs: StructSpec[] }[];
  deletes: { client: number; ranges: [clock: number, length: number][] }[];
}

export const REF = {
  gc: 0,
  deleted: 1,
  json: 2,
  binary: 3,
  string: 4,
  embed: 5,
  format: 6,
  type: 7,
  any: 8,
  doc: 9,
  skip: 10,
} as const;

const HAS_ORIGIN = 0x80;
const HAS_RIGHT = 0x40;
const HAS_SUB = 0x20;

export function bytesOf(write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  write(encoder);
  return encoding.toUint8Array(encoder);
}

/** A real update, taken apart. */
export function specOf(update: Uint8Array): UpdateSpec {
  const { structs, ds } = Y.decodeUpdate(update);
  const groups: UpdateSpec['groups'] = [];
  for (const struct of structs) {
    const { client, clock } = struct.id;
    const last = groups.at(-1);
    if (last?.client === client) last.structs.push(structSpecOf(struct));
    else groups.push({ client, clock, structs: [structSpecOf(struct)] });
  }
  const deletes = [...ds.clients].map(([client, ranges]) => ({
    client,
    ranges: ranges.map(({ clock, len }): [number, number] => [clock, len]),
  }));
  return { groups, deletes };
}

function structSpecOf(struct: Y.Item | Y.GC | Y.Skip): StructSpec {
  if (!(struct instanceof Y.Item)) return filler(struct instanceof Y.GC ? REF.gc : REF.skip, struct.length);
  const encoder = new Y.UpdateEncoderV1();
  struct.content.write(encoder, 0);
  const { parent } = struct;
  return {
    ref: struct.content.getRef(),
    origin: struct.origin,
    right: struct.rightOrigin,
    // Not written beside a neighbour; without one a mutation leaves the struct in the root.
    parent:
      parent === null
        ? { root: CONTENT_FRAGMENT }
        : typeof parent === 'string'
          ? { root: parent }
          : { id: parent as Id },
    sub: struct.parentSub,
    content: encoding.toUint8Array(encoder.restEncoder),
  };
}

/** A struct without content: collected, or skipped. */
export function filler(ref: number, length: number): StructSpec {
  const content = bytesOf((encoder) => encoding.writeVarUint(encoder, length));
  return { ref, origin: null, right: null, parent: { root: '' }, sub: null, content };
}

export function writeSpec({ groups, deletes }: UpdateSpec): Uint8Array {
  return bytesOf((encoder) => {
    encoding.writeVarUint(encoder, groups.length);
    for (const { client, clock, structs } of groups) {
      for (const value of [structs.length, client, clock]) encoding.writeVarUint(encoder, value);
      for (const struct of structs) writeStruct(encoder, struct);
    }
    encoding.writeVarUint(encoder, deletes.length);
    for (const { client, ranges } of deletes) {
      for (const value of [client, ranges.length, ...ranges.flat()]) encoding.writeVarUint(encoder, value);
    }
  });
}

function writeStruct(
  encoder: encoding.Encoder,
  { ref, origin, right, parent, sub, content }: StructSpec,
): void {
  if (ref === REF.gc || ref === REF.skip) {
    encoding.writeUint8(encoder, ref);
    encoding.writeUint8Array(encoder, content);
    return;
  }
  const flags =
    (origin === null ? 0 : HAS_ORIGIN) | (right === null ? 0 : HAS_RIGHT) | (sub === null ? 0 : HAS_SUB);
  encoding.writeUint8(encoder, ref | flags);
  const writeId = ({ client, clock }: Id) => {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
  };
  if (origin !== null) writeId(origin);
  if (right !== null) writeId(right);
  if (origin === null && right === null) {
    encoding.writeVarUint(encoder, 'root' in parent ? 1 : 0);
    if ('root' in parent) encoding.writeVarString(encoder, parent.root);
    else writeId(parent.id);
    if (sub !== null) encoding.writeVarString(encoder, sub);
  }
  encoding.writeUint8Array(encoder, content);
}
