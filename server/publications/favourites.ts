/** The articles that people of the workspace keep (收藏). Readers without an account keep theirs in the browser. */
import type { Kysely } from 'kysely';
import type { Actor } from '#lib/review/permissions.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import type { Database } from '../store/tables.ts';

export interface Favourite {
  number: number;
  title: string;
  /** The day it bears, `2023-12-08`. */
  date: string;
}

export interface Favourites {
  /** The last one kept first; without those that were withdrawn. */
  list(actor: Actor): Promise<Favourite[]>;
  has(actor: Actor, number: number): Promise<boolean>;
  /**
   * Keeping what is kept, or leaving what is not, changes nothing. Refused with `not_found`, or with `too_many`
   * naming the limit.
   */
  keep(actor: Actor, number: number): Promise<Outcome<null>>;
  leave(actor: Actor, number: number): Promise<Outcome<null>>;
}

/** One person's most. */
const MAX_FAVOURITES = 500;

export function openFavourites(db: Kysely<Database>, now: () => Date): Favourites {
  const of = ({ userId }: Actor) => db.selectFrom('favourite').where('favourite.userId', '=', userId);
  const has = async (actor: Actor, number: number) =>
    (await of(actor).select('number').where('number', '=', number).executeTakeFirst()) !== undefined;

  return {
    has,
    list: (actor) =>
      of(actor)
        .innerJoin('article', 'article.number', 'favourite.number')
        .innerJoin('publication', (join) =>
          join
            .onRef('publication.number', '=', 'article.number')
            .onRef('publication.revision', '=', 'article.revision'),
        )
        .select(['article.number', 'publication.title', 'article.date'])
        .where('article.isWithdrawn', '=', 0)
        .orderBy('favourite.at', 'desc')
        .orderBy('article.number', 'desc')
        .execute(),
    async keep(actor, number) {
      if (await has(actor, number)) return done(null);
      const article = await db
        .selectFrom('article')
        .select('number')
        .where('number', '=', number)
        .where('isWithdrawn', '=', 0)
        .executeTakeFirst();
      if (article === undefined) return refuse('not_found');
      const { kept } = await of(actor)
        .select(({ fn }) => fn.countAll<number>().as('kept'))
        .executeTakeFirstOrThrow();
      if (kept >= MAX_FAVOURITES) return refuse('too_many', String(MAX_FAVOURITES));
      await db
        .insertInto('favourite')
        .values({ userId: actor.userId, number, at: now().toISOString() })
        .onConflict((on) => on.doNothing())
        .execute();
      return done(null);
    },
    async leave(actor, number) {
      await db
        .deleteFrom('favourite')
        .where('userId', '=', actor.userId)
        .where('number', '=', number)
        .execute();
      return done(null);
    },
  };
}
