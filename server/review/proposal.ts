/** Proposals put into the text, and taken out of it again: functions of the content alone. */
import { fromBase64, toBase64 } from 'lib0/buffer';
import * as Y from 'yjs';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import { blockOf } from '#lib/review/flat.ts';
import type { Anchor } from '#lib/review/thread.ts';
import type { UndoRecord } from '#lib/review/write.ts';
import { done, refuse, type Outcome } from '../outcome.ts';

/** A stretch of one text of the content. */
interface Stretch {
  text: Y.XmlText;
  at: number;
  length: number;
}

type Delta = UndoRecord['delta'];

/**
 * Puts `replacement` in the place of an anchor's words, in their formatting, and answers where it is and how
 * to take it back. Refused with `conflict` (`stale`) when the words are not `original` any more.
 */
export function applyProposal(
  content: Y.Doc,
  anchor: Anchor,
  original: string,
  replacement: string,
): Outcome<{ anchor: Anchor; undo: UndoRecord }> {
  const stretch = anchor.state === 'orphan' ? null : stretchOf(content, anchor);
  if (stretch === null) return refuse('conflict', 'stale');
  const { text, at, length } = stretch;
  const delta = deltaOf(text, at, length);
  if (wordsOf(delta) !== original) return refuse('conflict', 'stale');
  const before = encode(Y.createRelativePositionFromTypeIndex(text, at, -1));
  // Inserted first, it stands before what it replaces: so an undo is seen to bring that back.
  // Yjs writes into the object it is given.
  text.insert(at, replacement, { ...delta[0]?.attributes });
  text.delete(at + replacement.length, length);
  const undo: UndoRecord = { delta, at: before };
  return done({ anchor: anchorAt(anchor, text, at, replacement, original), undo });
}

/**
 * Puts the words back that a proposal replaced. Refused with `conflict` (`stale`) when what stands there is not
 * the replacement any more.
 */
export function revertProposal(
  content: Y.Doc,
  anchor: Anchor,
  replacement: string,
  { delta, at: before }: UndoRecord,
): Outcome<Anchor> {
  const stretch = replacement === '' ? placeOf(content, before) : stretchOf(content, anchor);
  if (stretch === null) return refuse('conflict', 'stale');
  const { text, at, length } = stretch;
  if (wordsOf(deltaOf(text, at, length)) !== replacement) return refuse('conflict', 'stale');
  let end = at;
  for (const { insert, attributes } of delta) {
    text.insert(end, insert, { ...attributes });
    end += insert.length;
  }
  if (length > 0) text.delete(end, length);
  const original = wordsOf(delta);
  return done(anchorAt(anchor, text, at, original, original));
}

/** The anchor of words that were just written; of none, an orphan that keeps `quote`. */
function anchorAt(anchor: Anchor, text: Y.XmlText, at: number, words: string, quote: string): Anchor {
  const { was: _, ...rest } = anchor;
  if (words === '') return { ...rest, exact: quote, state: 'orphan' };
  return {
    ...rest,
    from: encode(Y.createRelativePositionFromTypeIndex(text, at, 0)),
    to: encode(Y.createRelativePositionFromTypeIndex(text, at + words.length, -1)),
    exact: words,
    state: 'ok',
  };
}

function stretchOf(content: Y.Doc, { from, to }: Anchor): Stretch | null {
  const start = placeOf(content, from);
  const end = placeOf(content, to);
  if (start === null || end === null || start.text !== end.text || end.at <= start.at) return null;
  return { ...start, length: end.at - start.at };
}

/** A place within a text that is part of the content; null: there is none. */
function placeOf(content: Y.Doc, encoded: string): Stretch | null {
  const position = Y.decodeRelativePosition(fromBase64(encoded));
  const place = Y.createAbsolutePositionFromRelativePosition(position, content, false);
  if (place === null || !(place.type instanceof Y.XmlText)) return null;
  if (place.type._item?.deleted !== false) return null;
  const isContent = blockOf(content.getXmlFragment(CONTENT_FRAGMENT), place.type as never) !== null;
  return isContent ? { text: place.type, at: place.index, length: 0 } : null;
}

/** A stretch of a text with its formatting; what is no text in it is left out. */
function deltaOf(text: Y.XmlText, at: number, length: number): Delta {
  const delta: Delta = [];
  let start = 0;
  for (const op of text.toDelta() as { insert: unknown; attributes?: Record<string, unknown> }[]) {
    if (typeof op.insert !== 'string') {
      start += 1;
      continue;
    }
    const insert = op.insert.slice(Math.max(0, at - start), Math.max(0, at + length - start));
    if (insert !== '')
      delta.push(op.attributes === undefined ? { insert } : { insert, attributes: op.attributes });
    start += op.insert.length;
  }
  return delta;
}

function wordsOf(delta: Delta): string {
  return delta.map(({ insert }) => insert).join('');
}

function encode(position: Y.RelativePosition): string {
  return toBase64(Y.encodeRelativePosition(position));
}
