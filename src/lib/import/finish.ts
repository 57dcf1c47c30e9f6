/** A draft becomes the content of a report, and the account of what became of the file. */
import { detectFigures } from '#lib/figures/detect.ts';
import { normalisePunctuation } from '#lib/figures/punctuation.ts';
import { mapBlocks } from '#lib/report/blocks.ts';
import { countContent } from '#lib/report/count.ts';
import type { BlockJson, ContentJson, InlineJson } from '#lib/report/model.ts';
import { openingOf } from '#lib/report/outline.ts';
import { parseContent } from '#lib/report/parse.ts';
import { pictureIds } from '#lib/report/pictures.ts';
import { paragraphsOf, paragraphStyle, paragraphText } from '#lib/report/text.ts';
import { titleOf } from '#lib/report/title.ts';
import type { Draft } from './draft.ts';
import { withoutFurniture } from './furniture.ts';
import type {
  Found,
  ImportFormat,
  ImportOptions,
  ImportResult,
  ImportSummary,
  LeftOuts,
} from './imported.ts';
import { withHeadings, withRunIns, withSignature } from './structure.ts';
import { withFoundTitle, type Titled } from './title.ts';

export interface Source {
  format: ImportFormat;
  fileName: string;
  encoding: string | null;
}

/** Refused with `empty` when no text and no picture is left, `tooLong` beyond the limits of a report. */
export function finishDraft(
  draft: Draft,
  { format, fileName, encoding }: Source,
  leftOut: LeftOuts,
  options: ImportOptions,
): ImportResult {
  const { blocks, from } = draft.isOwn ? asSaid(draft) : guessed(draft, fileName, leftOut);
  if (blocks.length === 0) return { ok: false, fault: 'empty' };
  const marks = halfWidthMarks(blocks);
  const content: ContentJson = {
    type: 'doc',
    content: options.punctuation ? mapBlocks(blocks, normalised) : blocks,
  };
  // What is written here is known to the schema; what can be wrong is how much there is.
  const parsed = parseContent(content);
  if (!parsed.ok) {
    const [first] = parsed.errors;
    if (first?.code !== 'too_long' && first?.code !== 'too_many') {
      throw new Error(`an import wrote what no report may hold: ${JSON.stringify(first)}`);
    }
    return { ok: false, fault: 'tooLong' };
  }
  const shown = new Set(pictureIds(parsed.content));
  return {
    ok: true,
    value: {
      content: parsed.content,
      pictures: draft.pictures.filter(({ id }) => shown.has(id)),
      figures: [],
      summary: summarise(
        parsed.content,
        { format, encoding, titleFrom: from, registered: 0 },
        leftOut,
        marks,
        options.punctuation,
      ),
    },
  };
}

/** The blocks as an export of ours has them. */
const asSaid = ({ blocks }: Draft): Titled => ({ blocks, from: 'marked' });

/** The blocks with the title, headings and run-in headings that they look like. None: nothing was there. */
function guessed(draft: Draft, fileName: string, leftOut: LeftOuts): Titled {
  const cleaned = withoutFurniture(draft.blocks, leftOut);
  if (cleaned.length === 0) return { blocks: [], from: 'fileName' };
  const titled = withFoundTitle({ ...draft, blocks: cleaned }, fileName, leftOut);
  // What was above the title is below it now, and what the title hid is at the top.
  const headed = withHeadings(withoutFurniture(titled.blocks, leftOut));
  return { ...titled, blocks: withSignature(draft.marksRunIns ? headed : withRunIns(headed)) };
}

export function summarise(
  content: ContentJson,
  {
    registered,
    ...source
  }: Pick<ImportSummary, 'format' | 'encoding' | 'titleFrom'> & Pick<Found, 'registered'>,
  leftOut: LeftOuts,
  marks: number,
  normalised: boolean,
): ImportSummary {
  return {
    ...source,
    title: titleOf(content),
    found: { ...found(content), registered },
    leftOut: leftOut.all,
    punctuation: { marks, normalised: normalised && marks > 0 },
  };
}

function found(content: ContentJson): Omit<Found, 'registered'> {
  const blocks = content.content ?? [];
  const openings = blocks.map((block) => openingOf(block).kind);
  const paragraphs = blocks.flatMap((block) => [...paragraphsOf(block)]);
  const links = new Set<string>();
  let figures = 0;
  for (const paragraph of paragraphs) {
    figures += detectFigures(paragraphText(paragraph)).length;
    for (const { marks = [] } of paragraph.content ?? []) {
      for (const mark of marks) if (mark.type === 'link') links.add(mark.attrs.href);
    }
  }
  const isItem = (style: string) => style === 'bullet' || style === 'ordered';
  return {
    paragraphs: paragraphs.filter((paragraph) => (paragraph.content ?? []).length > 0).length,
    headings: openings.filter((kind) => kind === 'heading').length,
    runIns: openings.filter((kind) => kind === 'runIn').length,
    listItems: paragraphs.filter((paragraph) => isItem(paragraphStyle(paragraph))).length,
    tables: blocks.filter(({ type }) => type === 'table').length,
    pictures: pictureIds(content).length,
    links: links.size,
    figures,
    words: countContent(content).words,
  };
}

/** How many half-width marks stand where Chinese text has full-width ones. */
export function halfWidthMarks(blocks: readonly BlockJson[]): number {
  let count = 0;
  for (const block of blocks) {
    for (const paragraph of paragraphsOf(block)) {
      const text = paragraphText(paragraph);
      const full = normalisePunctuation(text);
      for (let at = 0; at < text.length; at += 1) if (text[at] !== full[at]) count += 1;
    }
  }
  return count;
}

/** The same length, so that each run keeps its place. */
function normalised(block: BlockJson): BlockJson {
  if (block.type !== 'paragraph' || block.content === undefined) return block;
  const full = normalisePunctuation(paragraphText(block));
  let at = 0;
  const content = block.content.map((inline): InlineJson => {
    const from = at;
    at += inline.type === 'text' ? inline.text.length : 1;
    return inline.type === 'text' ? { ...inline, text: full.slice(from, at) } : inline;
  });
  return { ...block, content };
}
