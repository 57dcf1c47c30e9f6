import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { blockAt, Editor, move, paragraph } from '#lib/review/testing.ts';
import { UndoManager } from './undomanager.ts';

const LINES = ['春耕备播', '颗粒归仓', '聚焦民生', '办好学校', '防汛抗旱'];

function editorWith(lines: readonly string[]): Editor {
  const editor = new Editor();
  editor.edit((tr) =>
    tr.replaceWith(
      0,
      tr.doc.content.size,
      lines.map((line) => paragraph(line)),
    ),
  );
  return editor;
}

const stateOf = ({ view }: Editor) => JSON.stringify(view.toJSON());

test('text that came back, and was typed into, is not there twice after the next undo', () => {
  const editor = editorWith(LINES);
  const before = stateOf(editor);
  editor.edit((tr) => tr.join(blockAt(tr, 1)));
  editor.edit((tr) => move(tr, 0, 1));
  editor.undo();
  editor.edit((tr) => tr.delete(blockAt(tr, 0) + 5, blockAt(tr, 0) + 6));
  editor.undo();
  editor.undo();
  expect(stateOf(editor)).toBe(before);
});

test('what a colleague typed into it stays, and nothing else of it', () => {
  const doc = new Y.Doc();
  const text = doc.getText();
  const manager = new UndoManager(text, { trackedOrigins: new Set(['own']), captureTimeout: 0 });
  doc.transact(() => text.insert(0, '春耕备播'), 'own');
  doc.transact(() => text.delete(0, 4), 'own');
  manager.undo();
  doc.transact(() => text.insert(2, '，'), 'colleague');
  manager.undo();
  expect(text.toString()).toBe('，');
  manager.redo();
  expect(text.toString()).toBe('春耕，备播');
});

describe('whatever one edits alone', () => {
  interface Step {
    what: 'type' | 'delete' | 'split' | 'join' | 'move' | 'style' | 'bold' | 'undo' | 'redo';
    at: number;
    length: number;
    to: number;
  }

  const step: fc.Arbitrary<Step> = fc.record({
    what: fc.constantFrom<Step['what'][]>(
      'type',
      'delete',
      'split',
      'join',
      'move',
      'style',
      'bold',
      'undo',
      'undo',
      'redo',
    ),
    at: fc.nat(200),
    length: fc.nat(6),
    to: fc.nat(100),
  });

  function apply(editor: Editor, { what, at, length, to }: Step): void {
    editor.edit((tr) => {
      const { doc } = tr;
      const index = at % doc.childCount;
      const begin = blockAt(tr, index);
      const { size } = doc.child(index).content;
      const position = begin + 1 + (at % (size + 1));
      if (what === 'type') tr.insertText('新'.repeat(1 + (length % 3)), position);
      else if (what === 'delete') tr.delete(position, Math.min(begin + 1 + size, position + length));
      else if (what === 'split') tr.split(position);
      else if (what === 'join' && index > 0) tr.join(begin);
      else if (what === 'move') move(tr, index, to % doc.childCount);
      else if (what === 'style') tr.setNodeAttribute(begin, 'style', 'heading2');
      else if (what === 'bold')
        tr.addMark(begin + 1, Math.min(begin + 1 + size, position), tr.doc.type.schema.mark('bold'));
    });
  }

  test('undo leads back through every state, and redo forward', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 20 }), (steps) => {
        const editor = editorWith(LINES);
        const past: string[] = [];
        const future: string[] = [];
        for (const one of steps) {
          const before = stateOf(editor);
          if (one.what === 'undo' || one.what === 'redo') {
            const [from, onto] = one.what === 'undo' ? [past, future] : [future, past];
            const expected = from.pop();
            if (expected === undefined) continue;
            editor[one.what]();
            expect(stateOf(editor)).toBe(expected);
            onto.push(before);
            continue;
          }
          apply(editor, one);
          if (stateOf(editor) === before) continue;
          past.push(before);
          future.length = 0;
        }
      }),
      { numRuns: Number(process.env['UNDO_RUNS'] ?? 300) },
    );
  });
});
