/** The articles as readers meet them: the newest revision of each. Nobody's rights are asked, nothing internal is answered. */
import { sql, type Kysely, type SqlBool } from 'kysely';
import { FORMATS, type Format } from '#lib/publish/formats.ts';
import type { Database } from '../store/tables.ts';
import { fileOf, newestRevisions, type Rendered } from './revision.ts';
import { matchOf } from './words.ts';

/** What a list shows of an article. */
export interface ArticleLine {
  /** Six digits. */
  number: number;
  title: string;
  /** '' for none. */
  byline: string;
  /** By the name it had then; '' for none. */
  department: string;
  /** The day it bears, `2023-12-08`. */
  date: string;
  /** The beginning of the lead. */
  description: string;
  /** 字数. */
  words: number;
  /** Reading time. */
  minutes: number;
  /** When it was published first and last, ISO 8601, UTC. */
  publishedAt: string;
  changedAt: string;
  /** From 1. */
  revision: number;
}

export interface ArticleQuery {
  /** Words and parts of words that the title or the text must contain, each of them. */
  query?: string;
  departmentId?: string | null;
  /** `2023-12`. */
  month?: string | null;
  page?: number;
}

export interface ArticlePage {
  articles: ArticleLine[];
  total: number;
  page: number;
  pages: number;
}

/** The neighbours in the order of the list. */
export interface Neighbour {
  number: number;
  title: string;
}

export type FoundArticle =
  | (ArticleLine & {
      state: 'published';
      /** The article as semantic HTML: format `fragment`. */
      html: string;
      /** That it is another text than was published first, since when, and what readers are told of it; '' for nothing. */
      corrected: { at: string; note: string } | null;
      older: Neighbour | null;
      newer: Neighbour | null;
    })
  | { state: 'withdrawn'; number: number; title: string; note: string; withdrawnAt: string };

/** What articles can be listed by. */
export interface Shelves {
  departments: { id: string; name: string; articles: number }[];
  /** `2023-12`, the newest first. */
  months: { month: string; articles: number }[];
}

export interface Articles {
  /** The newest day first; 20 a page. A page beyond the last is the last. */
  list(query: ArticleQuery): Promise<ArticlePage>;
  /** Null: there never was such an article. */
  find(number: number): Promise<FoundArticle | null>;
  /** Null: there is none, it was withdrawn, or it was not published in this format. */
  rendered(number: number, format: Format): Promise<Rendered | null>;
  shelves(): Promise<Shelves>;
  /** The formats that an article may be taken away in; none when it was withdrawn. */
  formats(number: number): Promise<Format[]>;
  /** Every article that readers find, the newest day first. */
  addresses(): Promise<{ number: number; changedAt: string }[]>;
  /** Rises with each publication and withdrawal; `at` null: there never was one. */
  lastChanged(): Promise<{ count: number; at: string | null }>;
}

export const ARTICLES_PER_PAGE = 20;

export function openArticles(db: Kysely<Database>): Articles {
  /** What readers find. */
  const listed = (query: ArticleQuery = {}) => {
    let select = newestRevisions(db).where('article.isWithdrawn', '=', 0);
    const match = matchOf(query.query ?? '');
    if (match !== null) {
      select = select.where(
        sql<SqlBool>`article.number IN (SELECT rowid FROM articleText WHERE articleText MATCH ${match})`,
      );
    }
    if (query.departmentId) select = select.where('article.departmentId', '=', query.departmentId);
    // Days begin with their month and a hyphen, which sorts before ~.
    if (query.month) {
      select = select.where('article.date', '>', query.month).where('article.date', '<', `${query.month}~`);
    }
    return select;
  };

  const lines = (select: ReturnType<typeof listed>) =>
    select
      .innerJoin('publication as first', (join) =>
        join.onRef('first.number', '=', 'article.number').on('first.revision', '=', 1),
      )
      .select([
        'article.number',
        'article.revision',
        'article.changedAt',
        'first.publishedAt',
        'publication.title',
        'publication.byline',
        'publication.department',
        'publication.date',
        'publication.description',
        'publication.words',
        'publication.minutes',
      ]);

  async function neighbour(
    { date, number }: { date: string; number: number },
    which: 'older' | 'newer',
  ): Promise<Neighbour | null> {
    const [op, order] = which === 'older' ? (['<', 'desc'] as const) : (['>', 'asc'] as const);
    const row = await listed()
      .where((where) =>
        where.or([
          where('article.date', op, date),
          where.and([where('article.date', '=', date), where('article.number', op, number)]),
        ]),
      )
      .select(['article.number', 'publication.title'])
      .orderBy('article.date', order)
      .orderBy('article.number', order)
      .limit(1)
      .executeTakeFirst();
    return row ?? null;
  }

  async function withdrawn(number: number): Promise<FoundArticle | null> {
    const row = await newestRevisions(db)
      .innerJoin('withdrawal', (join) =>
        join
          .onRef('withdrawal.number', '=', 'article.number')
          .onRef('withdrawal.revision', '=', 'article.revision'),
      )
      .select(['article.number', 'publication.title', 'withdrawal.note', 'withdrawal.withdrawnAt'])
      .where('article.number', '=', number)
      .executeTakeFirst();
    return row === undefined ? null : { state: 'withdrawn', ...row };
  }

  async function rendered(number: number, format: Format): Promise<Rendered | null> {
    const article = await db
      .selectFrom('article')
      .select(['number', 'revision'])
      .where('number', '=', number)
      .where('isWithdrawn', '=', 0)
      .executeTakeFirst();
    return article === undefined ? null : fileOf(db, article, format);
  }

  return {
    async list(query) {
      const { total } = await listed(query)
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow();
      const pages = Math.max(1, Math.ceil(total / ARTICLES_PER_PAGE));
      const page = Math.min(Math.max(1, Math.trunc(query.page ?? 1) || 1), pages);
      const articles = await lines(listed(query))
        .orderBy('article.date', 'desc')
        .orderBy('article.number', 'desc')
        .limit(ARTICLES_PER_PAGE)
        .offset((page - 1) * ARTICLES_PER_PAGE)
        .execute();
      return { articles, total, page, pages };
    },
    async find(number) {
      const row = await lines(listed())
        .select(['first.contentHash as firstHash', 'publication.contentHash', 'publication.correction'])
        .where('article.number', '=', number)
        .executeTakeFirst();
      if (row === undefined) return withdrawn(number);
      const { firstHash, contentHash, correction, ...line } = row;
      const html = (await fileOf(db, line, 'fragment'))?.bytes;
      if (html === undefined) throw new Error(`article ${number} was published without its fragment`);
      const isCorrected = firstHash !== contentHash || correction !== '';
      return {
        state: 'published',
        ...line,
        html: new TextDecoder().decode(html),
        corrected: isCorrected ? { at: line.changedAt, note: correction } : null,
        older: await neighbour(line, 'older'),
        newer: await neighbour(line, 'newer'),
      };
    },
    rendered,
    async shelves() {
      const departments = await listed()
        .innerJoin('department', 'department.id', 'article.departmentId')
        .select(({ fn }) => ['department.id', 'department.name', fn.countAll<number>().as('articles')])
        .groupBy('department.id')
        .orderBy('department.name')
        .execute();
      const month = sql<string>`substr(article.date, 1, 7)`;
      const months = await listed()
        .select(({ fn }) => [month.as('month'), fn.countAll<number>().as('articles')])
        .groupBy(month)
        .orderBy(month, 'desc')
        .execute();
      return { departments, months };
    },
    async formats(number) {
      const rows = await listed()
        .innerJoin('rendering', (join) =>
          join
            .onRef('rendering.number', '=', 'article.number')
            .onRef('rendering.revision', '=', 'article.revision'),
        )
        .select('rendering.format')
        .where('article.number', '=', number)
        .execute();
      const there = new Set(rows.map(({ format }) => format));
      return FORMATS.filter((format) => there.has(format));
    },
    addresses: () =>
      listed()
        .select(['article.number', 'article.changedAt'])
        .orderBy('article.date', 'desc')
        .orderBy('article.number', 'desc')
        .execute(),
    async lastChanged() {
      const { publications, withdrawals, at } = await db
        .selectNoFrom((get) => [
          get
            .selectFrom('publication')
            .select(({ fn }) => fn.countAll<number>().as('n'))
            .$asScalar()
            .as('publications'),
          get
            .selectFrom('withdrawal')
            .select(({ fn }) => fn.countAll<number>().as('n'))
            .$asScalar()
            .as('withdrawals'),
          get
            .selectFrom('article')
            .select(({ fn }) => fn.max('changedAt').as('at'))
            .$asScalar()
            .as('at'),
        ])
        .executeTakeFirstOrThrow();
      return { count: (publications ?? 0) + (withdrawals ?? 0), at: at ?? null };
    },
  };
}
