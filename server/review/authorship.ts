/** Who wrote how much of a report: what the records give, block by block, section by section, and in all. */
import * as Y from 'yjs';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import { outlineOf, summariseBlock, type Section } from '#lib/report/outline.ts';
import { repairContent } from '#lib/report/parse.ts';
import { readBlock } from '#lib/report/ydoc.ts';
import { authorsByBlock, type Author, type Authorship } from '#lib/review/authorship.ts';

/** So many characters, spaces left out; id null: nobody's, or of nobody's department. */
export interface Share {
  id: string | null;
  characters: number;
}

/** The largest first. */
export interface Shares {
  characters: number;
  departments: Share[];
  people: Share[];
}

/** So many UTF-16 units of a block's text, in its order. */
export interface AuthorRun {
  length: number;
  /** Null: nobody's, as a template's text is. */
  userId: string | null;
  /** The department its author was in. */
  departmentId: string | null;
  at: string | null;
}

export interface AuthorshipShares {
  report: Shares;
  /** Sections as the outline has them; `from` and `to` are indexes of `blocks`. */
  sections: (Pick<Section, 'kind' | 'title' | 'rank' | 'from' | 'to'> & { shares: Shares })[];
  /** One for each top-level block of the content. */
  blocks: AuthorRun[][];
}

interface Piece {
  text: string;
  author: Author | null;
}

export function readAuthorship(doc: Y.Doc, authorship: Authorship | null): AuthorshipShares {
  const content = doc.getXmlFragment(CONTENT_FRAGMENT);
  const pieces = authorship === null ? [] : authorsByBlock(content, authorship);
  return {
    report: sharesOf(pieces.flat()),
    sections: sectionsOf(content).map(({ kind, title, rank, from, to }) => ({
      kind,
      title,
      rank,
      from,
      to,
      shares: sharesOf(pieces.slice(from, to).flat()),
    })),
    blocks: pieces.map((block) => block.map(runOf)),
  };
}

function runOf({ text, author }: Piece): AuthorRun {
  return {
    length: text.length,
    userId: author?.userId ?? null,
    departmentId: author?.departmentId ?? null,
    at: author?.at ?? null,
  };
}

function sharesOf(pieces: readonly Piece[]): Shares {
  const people = new Map<string | null, number>();
  const departments = new Map<string | null, number>();
  let characters = 0;
  for (const { text, author } of pieces) {
    const count = [...text.replace(/\s+/gu, '')].length;
    if (count === 0) continue;
    characters += count;
    add(people, author?.userId ?? null, count);
    add(departments, author?.departmentId ?? null, count);
  }
  return { characters, departments: sorted(departments), people: sorted(people) };
}

function add(counts: Map<string | null, number>, id: string | null, count: number): void {
  counts.set(id, (counts.get(id) ?? 0) + count);
}

function sorted(counts: ReadonlyMap<string | null, number>): Share[] {
  return [...counts]
    .map(([id, characters]) => ({ id, characters }))
    .sort((a, b) => b.characters - a.characters);
}

/** The outline in terms of the document's own blocks: one that the reader takes apart is still one. */
function sectionsOf(content: Y.XmlFragment): Section[] {
  const blocks = content.toArray();
  const summaries = blocks.map((block) => {
    const { content } = repairContent({ type: 'doc', content: readBlock(block) });
    return (content.content ?? []).map(summariseBlock);
  });
  const blockOf = summaries.flatMap((list, index) => list.map(() => index));
  const placeOf = (index: number) => blockOf[index] ?? blocks.length;
  return outlineOf(summaries.flat()).map((section) => ({
    ...section,
    from: placeOf(section.from),
    to: placeOf(section.to),
  }));
}
