/** Blocks as they are read out of a file, before anything is made of what they say. */
import type {
  Alignment,
  BlockJson,
  InlineJson,
  MarkJson,
  MarkName,
  ParagraphAttrs,
  ParagraphJson,
} from '#lib/report/model.ts';
import { ALIGNMENTS, MARKS, PARAGRAPH_DEFAULTS } from '#lib/report/model.ts';
import { append, withoutDefaults } from '#lib/report/normal.ts';
import { UNPRINTABLE } from '#lib/report/values.ts';
import type { DraftPicture } from './imported.ts';

/** How a paragraph looked, as far as that tells a title. */
export interface Look {
  /** In points; 0: not known. */
  size: number;
}

export interface Draft {
  blocks: BlockJson[];
  pictures: DraftPicture[];
  looks: Map<BlockJson, Look>;
  /** Whether it is of our own making: all is said, and nothing guessed. */
  isOwn: boolean;
  /** Whether run-in headings are marked: then none are guessed. */
  marksRunIns: boolean;
  /** What the page calls itself; '' when it does not. */
  pageTitle: string;
}

/** The value is a link's address, '' of any other mark. */
export type Marks = ReadonlyMap<MarkName, string>;

export function withMark(marks: Marks, name: MarkName, on: boolean, value = ''): Marks {
  if (marks.has(name) === on && (!on || marks.get(name) === value)) return marks;
  const next = new Map(marks);
  if (on) next.set(name, value);
  else next.delete(name);
  return next;
}

function marksJson(marks: Marks): MarkJson[] {
  return MARKS.filter((name) => marks.has(name)).map((name) =>
    name === 'link' ? { type: name, attrs: { href: marks.get(name) ?? '' } } : { type: name },
  );
}

interface OpenParagraph {
  attrs: Partial<ParagraphAttrs>;
  content: InlineJson[];
  size: number;
}

/** Writes blocks one after another; a paragraph ends where the next begins. */
export class DraftWriter {
  readonly blocks: BlockJson[] = [];
  readonly #looks: Map<BlockJson, Look>;
  #open: OpenParagraph | null = null;

  constructor(looks: Map<BlockJson, Look>) {
    this.#looks = looks;
  }

  get isOpen(): boolean {
    return this.#open !== null;
  }

  /** Whether the open paragraph has no text yet. */
  get isEmpty(): boolean {
    return this.#open === null || this.#open.content.length === 0;
  }

  begin(attrs: Partial<ParagraphAttrs>): void {
    this.close();
    this.#open = { attrs, content: [], size: 0 };
  }

  text(value: string, marks: Marks, size = 0): void {
    const open = this.#open;
    const text = value.toWellFormed().replace(UNPRINTABLE, (found) => (found === '\n' ? ' ' : ''));
    if (open === null || text === '') return;
    const json = marksJson(marks);
    append(open.content, json.length > 0 ? { type: 'text', text, marks: json } : { type: 'text', text });
    open.size = Math.max(open.size, size);
  }

  lineBreak(): void {
    this.#open?.content.push({ type: 'hardBreak' });
  }

  push(block: BlockJson): void {
    this.close();
    this.blocks.push(block);
  }

  close(): void {
    const open = this.#open;
    this.#open = null;
    if (open === null) return;
    const content = trimmed(open.content);
    if (content.length === 0) return;
    const attrs = withoutDefaults({ ...PARAGRAPH_DEFAULTS, ...open.attrs });
    const paragraph: ParagraphJson = {
      type: 'paragraph',
      ...(Object.keys(attrs).length > 0 && { attrs }),
      content,
    };
    if (open.size > 0) this.#looks.set(paragraph, { size: open.size });
    this.blocks.push(paragraph);
  }
}

const isBlank = (inline: InlineJson | undefined) =>
  inline !== undefined && (inline.type === 'hardBreak' || inline.text.trim() === '');

/** Without what surrounds the text: spaces and breaks say nothing there. */
export function trimmed(content: readonly InlineJson[]): InlineJson[] {
  const out = [...content];
  while (isBlank(out[0])) out.shift();
  while (isBlank(out.at(-1))) out.pop();
  const first = out[0];
  if (first?.type === 'text') out[0] = { ...first, text: first.text.trimStart() };
  const last = out.at(-1);
  if (last?.type === 'text') out[out.length - 1] = { ...last, text: last.text.trimEnd() };
  return out;
}

/**
 * An alignment as CSS names it; null: the style's own. What others set to the left or justify, nearly all pages
 * and documents do, says nothing.
 */
export function alignment(value: string | null | undefined, isOwn: boolean): Alignment | null {
  if (isOwn) return ALIGNMENTS.find((one) => one === value) ?? null;
  return value === 'center' || value === 'right' ? value : null;
}

/** One line of so many UTF-16 units at most, without what no report may hold: a caption, the words of a picture. */
export function lineOf(text: string, limit: number): string {
  const line = text.replace(/\s+/g, ' ').replace(UNPRINTABLE, '').trim();
  return line.slice(0, limit).toWellFormed();
}
