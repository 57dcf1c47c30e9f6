/** The use cases of pictures, the actor first. A picture belongs to one report; its bytes may be shared. */
import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { EmbeddedPicture, PictureType } from '#lib/report/model.ts';
import { PICTURE_TYPES } from '#lib/report/model.ts';
import type { Actor } from '#lib/review/permissions.ts';
import { newId } from '../ids.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { authorize, type AccessReader } from '../reports/access.ts';
import { isStorageFull } from '#lib/http/storage.ts';
import type { Database, PictureTable } from '../store/tables.ts';
import { cleanImage, type CleanImage } from './image.ts';
import type { PictureStore } from './store.ts';

/** The most pictures of one report, those that its text no longer shows included. */
export const MAX_PICTURES = 500;

/** A picture of a report, as the API answers it. Width and height in pixels. */
export interface Picture {
  id: string;
  type: PictureType;
  bytes: number;
  width: number;
  height: number;
}

/** A picture whose bytes are kept, but which belongs to no report yet. */
export interface KeptPicture extends Picture {
  sha256: string;
}

export interface Pictures {
  /** Refused with `not_found`, `forbidden`, `unsupported_type`, `too_large`, `invalid`, `too_many`, `storage_full`. */
  upload(actor: Actor, reportId: string, bytes: Uint8Array): Promise<Outcome<Picture>>;
  /** The bytes, for those who may read the report. */
  read(
    actor: Actor,
    reportId: string,
    pictureId: string,
  ): Promise<Outcome<{ type: PictureType; bytes: Uint8Array }>>;
  /** Gives a picture of one report to another: read right there, write right here. */
  copy(
    actor: Actor,
    from: { reportId: string; pictureId: string },
    reportId: string,
  ): Promise<Outcome<Picture>>;
  /** A report's pictures as our JSON and exports carry them, as far as they are there. The caller has checked that the actor may read. */
  embedded(reportId: string, ids: readonly string[]): Promise<Record<string, EmbeddedPicture>>;
  /** The pictures of a report, by id. The caller has checked the rights. */
  of(reportId: string, ids: readonly string[]): Promise<KeptPicture[]>;
  /** Checks, strips and keeps the bytes, under a new id. No rights are asked: nothing can reach it yet. */
  keep(bytes: Uint8Array): Promise<Outcome<KeptPicture>>;
}

export interface PicturesDeps {
  db: Kysely<Database>;
  store: PictureStore;
  access: AccessReader;
  now: () => Date;
}

export function createPictures({ db, store, access, now }: PicturesDeps): Pictures {
  async function keep(bytes: Uint8Array): Promise<Outcome<KeptPicture>> {
    const image = cleanImage(bytes);
    if (!image.ok) return image;
    const kept = keptOf(image.value);
    try {
      await store.put(kept.sha256, image.value.bytes);
    } catch (error) {
      if (isStorageFull(error)) return refuse('storage_full');
      throw error;
    }
    return done(kept);
  }

  /** Makes a kept picture one of the report's; the same bytes once more are the picture that is there. */
  async function add(actor: Actor, reportId: string, kept: KeptPicture): Promise<Outcome<Picture>> {
    return db.transaction().execute(async (trx) => {
      const there = await trx.selectFrom('picture').selectAll().where('reportId', '=', reportId).execute();
      const same = there.find(({ sha256 }) => sha256 === kept.sha256);
      if (same !== undefined) return done(pictureOf(keptFromRow(same)));
      if (there.length >= MAX_PICTURES) return refuse('too_many', `${MAX_PICTURES}`);
      await insertPictures(trx, actor, reportId, [kept], now());
      return done(pictureOf(kept));
    });
  }

  async function of(reportId: string, ids: readonly string[]): Promise<KeptPicture[]> {
    if (ids.length === 0) return [];
    const rows = await db.selectFrom('picture').selectAll().where('reportId', '=', reportId).execute();
    return rows.filter(({ id }) => ids.includes(id)).map(keptFromRow);
  }

  return {
    keep,
    of,
    async upload(actor, reportId, bytes) {
      const allowed = await authorize(access, actor, reportId, 'write');
      if (!allowed.ok) return allowed;
      const kept = await keep(bytes);
      return kept.ok ? add(actor, reportId, kept.value) : kept;
    },
    async read(actor, reportId, pictureId) {
      const allowed = await authorize(access, actor, reportId, 'read');
      if (!allowed.ok) return allowed;
      const [picture] = await of(reportId, [pictureId]);
      if (picture === undefined) return refuse('not_found');
      const bytes = await store.get(picture.sha256);
      if (bytes === null) throw new Error(`the bytes of picture ${pictureId} of ${reportId} are gone`);
      return done({ type: picture.type, bytes });
    },
    async copy(actor, from, reportId) {
      const readable = await authorize(access, actor, from.reportId, 'read');
      if (!readable.ok) return readable;
      const writable = await authorize(access, actor, reportId, 'write');
      if (!writable.ok) return writable;
      const [picture] = await of(from.reportId, [from.pictureId]);
      if (picture === undefined) return refuse('not_found');
      if (from.reportId === reportId) return done(pictureOf(picture));
      return add(actor, reportId, { ...picture, id: newId() });
    },
    async embedded(reportId, ids) {
      const out: Record<string, EmbeddedPicture> = {};
      for (const picture of await of(reportId, ids)) {
        const bytes = await store.get(picture.sha256);
        // A report must not be lost with one of its pictures: who exports it is told what is missing.
        if (bytes === null) continue;
        out[picture.id] = { type: picture.type, base64: Buffer.from(bytes).toString('base64') };
      }
      return out;
    },
  };
}

/** Gives kept pictures to a report, in a transaction of the caller's. */
export async function insertPictures(
  trx: Kysely<Database>,
  actor: Actor,
  reportId: string,
  pictures: readonly KeptPicture[],
  now: Date,
): Promise<void> {
  if (pictures.length === 0) return;
  const common = { reportId, createdBy: actor.userId, createdAt: now.toISOString() };
  await trx
    .insertInto('picture')
    .values(pictures.map((picture) => ({ ...picture, ...common })))
    .execute();
}

/**
 * Removes bytes that no report refers to: what a refused upload or a crash left. Only before the first
 * request: an upload keeps its bytes before its row.
 */
export async function sweepPictures(db: Kysely<Database>, store: PictureStore): Promise<number> {
  const rows = await db.selectFrom('picture').select('sha256').distinct().execute();
  const used = new Set(rows.map(({ sha256 }) => sha256));
  const unused = (await store.list()).filter((key) => !used.has(key));
  for (const key of unused) await store.delete(key);
  return unused.length;
}

function keptOf({ type, width, height, bytes }: CleanImage): KeptPicture {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { id: newId(), type, bytes: bytes.length, width, height, sha256 };
}

function keptFromRow({ id, type, bytes, width, height, sha256 }: PictureTable): KeptPicture {
  const known = PICTURE_TYPES.find((name) => name === type);
  if (known === undefined) throw new Error(`picture ${id} is of the unknown type ${type}`);
  return { id, type: known, bytes, width, height, sha256 };
}

function pictureOf({ id, type, bytes, width, height }: KeptPicture): Picture {
  return { id, type, bytes, width, height };
}
