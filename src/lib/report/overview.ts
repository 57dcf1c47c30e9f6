/**
 * What is told of a report beside its text: title, sections, counts. Reading 100,000 characters anew takes
 * tens of milliseconds, so what each top-level block gives is kept until that block changes.
 */
import * as Y from 'yjs';
import { CONTENT_FRAGMENT } from './model.ts';
import { type BlockSummary, outlineOf, type Section, summariseBlock } from './outline.ts';
import { repairContent } from './parse.ts';
import { readTitle } from './title.ts';
import { readBlock } from './ydoc.ts';

export interface Overview {
  title: string;
  sections: Section[];
  /** 字数 of the body. */
  words: number;
  /** Characters of the body, without spaces. */
  characters: number;
}

export interface OverviewReader {
  /** As the document stands now; costs what changed since it was last read. */
  read(): Overview;
  destroy(): void;
}

type TopLevel = Y.XmlElement | Y.XmlText | Y.XmlHook;

export function createOverview(doc: Y.Doc): OverviewReader {
  const fragment = doc.getXmlFragment(CONTENT_FRAGMENT);
  const known = new WeakMap<TopLevel, BlockSummary[]>();

  /** A block that the parser refuses gives none, one that it takes apart several. */
  function summaries(block: TopLevel): BlockSummary[] {
    const before = known.get(block);
    if (before) return before;
    const { content } = repairContent({ type: 'doc', content: readBlock(block) });
    const now = (content.content ?? []).map(summariseBlock);
    known.set(block, now);
    return now;
  }

  const forget = (events: readonly Y.YEvent<Y.AbstractType<unknown>>[]) => {
    for (const { target } of events) {
      let type: Y.AbstractType<unknown> | null = target;
      while (type !== null && type.parent !== fragment) type = type.parent;
      if (type !== null) known.delete(type as TopLevel);
    }
  };
  fragment.observeDeep(forget);

  return {
    read() {
      const blocks = fragment.toArray().flatMap(summaries);
      let words = 0;
      let characters = 0;
      for (const block of blocks) {
        words += block.words;
        characters += block.characters;
      }
      return { title: readTitle(doc), sections: outlineOf(blocks), words, characters };
    },
    destroy: () => fragment.unobserveDeep(forget),
  };
}
