/** What people do to a text, chosen at random. */
import * as Y from 'yjs';
import { paragraph } from '../testing.ts';
import type { Random } from './random.ts';

/** Texts stay about so long, in paragraphs: beyond it more is deleted than written. */
const PARAGRAPHS = 30;
const SYLLABLES = [...'春耕备耕水库蓄水灌溉面积种子化肥农机保障督导落实推进完成任务指标较上年增长百分点'];

/** One edit: typing, deleting, formatting, a new paragraph, one away, one moved, or a large paste. */
export function editAtRandom(content: Y.XmlFragment, random: Random): void {
  const { length } = content;
  if (length === 0 || random.chance(0.12)) return insert(content, random.between(0, length), random);
  const index = random.between(0, length - 1);
  const isLong = length > PARAGRAPHS;
  if (isLong || (length > 5 && random.chance(0.08))) return content.delete(index, 1);
  const block = content.get(index);
  if (block instanceof Y.XmlElement && random.chance(0.08)) return move(content, index, block, random);
  const text = block instanceof Y.XmlElement ? block.get(0) : null;
  if (!(text instanceof Y.XmlText)) return insert(content, index, random);
  if (text.length > 0 && random.chance(text.length > 200 ? 0.9 : 0.3)) {
    const from = random.between(0, text.length - 1);
    const size = random.between(1, text.length - from);
    if (random.chance(0.3)) text.format(from, size, { bold: random.chance(0.5) ? {} : null });
    else text.delete(from, size);
  } else text.insert(random.between(0, text.length), words(random));
}

function insert(content: Y.XmlFragment, index: number, random: Random): void {
  content.insert(index, [paragraph(words(random))]);
}

/** As ProseMirror moves: the block is deleted, and inserted anew somewhere else. */
function move(content: Y.XmlFragment, index: number, block: Y.XmlElement, random: Random): void {
  const copy = block.clone();
  content.delete(index, 1);
  content.insert(random.between(0, content.length), [copy]);
}

function words(random: Random): string {
  const length = random.chance(0.01) ? random.between(1_000, 8_000) : random.between(1, 12);
  return Array.from({ length }, () => random.pick(SYLLABLES)).join('');
}
