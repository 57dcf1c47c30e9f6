/** Who wrote what, after edits as ProseMirror makes them and y-prosemirror brings them into Yjs. */
import { getSchema } from '@tiptap/core';
import { EditorState, type Transaction } from '@tiptap/pm/state';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { initProseMirrorDoc, updateYFragment } from 'y-prosemirror';
import * as Y from 'yjs';
import { contentExtensions } from '#lib/editor/schema.ts';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import { Authorship, authorsByBlock, type Author } from './authorship.ts';

const schema = getSchema(contentExtensions((id) => id));
const AT = '2024-03-01T09:00:00.000Z';

/** The server's document, and how far its records can be carried over a restart. */
class Server {
  doc = new Y.Doc();
  authorship = new Authorship([], null);
  #runs = new Map<string, ReturnType<Authorship['takeChanges']>['runs'][number]>();
  #pool: string | null = null;

  constructor() {
    this.doc.on('afterTransaction', (transaction: Y.Transaction) => {
      this.authorship.observe(transaction, transaction.origin as Author | null);
    });
  }

  receive(userId: string | null, updates: readonly Uint8Array[]): void {
    const author = userId === null ? null : { userId, departmentId: null, at: AT };
    for (const update of updates) Y.applyUpdate(this.doc, update, author);
  }

  /** Goes on with what was written down. */
  restart(): void {
    const { runs, pool } = this.authorship.takeChanges();
    for (const run of runs) this.#runs.set(`${run.client}/${run.clock}`, run);
    this.#pool = pool ?? this.#pool;
    this.authorship = new Authorship([...this.#runs.values()], this.#pool);
  }

  /** Each block as `author:text` pieces; nobody is `-`. */
  get blocks(): string[] {
    return authorsByBlock(this.doc.getXmlFragment(CONTENT_FRAGMENT), this.authorship).map((pieces) =>
      pieces.map(({ text, author }) => `${author?.userId ?? '-'}:${text}`).join(' '),
    );
  }
}

/** Somebody with an editor. */
class Writer {
  readonly doc = new Y.Doc();
  readonly undo: Y.UndoManager;
  readonly #server: Server;
  readonly #userId: string;

  constructor(server: Server, userId: string) {
    this.#server = server;
    this.#userId = userId;
    this.undo = new Y.UndoManager(this.#content, { trackedOrigins: new Set(['editor']), captureTimeout: 0 });
  }

  get #content(): Y.XmlFragment {
    return this.doc.getXmlFragment(CONTENT_FRAGMENT);
  }

  #synced(change: () => void): void {
    Y.applyUpdate(this.doc, Y.encodeStateAsUpdate(this.#server.doc), 'server');
    const updates: Uint8Array[] = [];
    const keep = (update: Uint8Array) => updates.push(update);
    this.doc.on('update', keep);
    change();
    this.doc.off('update', keep);
    this.#server.receive(this.#userId, updates);
  }

  edit(change: (transaction: Transaction) => void): void {
    this.#synced(() => {
      const { doc, meta } = initProseMirrorDoc(this.#content, schema);
      const { tr } = EditorState.create({ doc });
      change(tr);
      this.doc.transact(() => updateYFragment(this.doc, this.#content, tr.doc, meta), 'editor');
    });
  }

  undoLast(): void {
    this.#synced(() => this.undo.undo());
  }
}

const paragraph = (text: string) =>
  schema.nodeFromJSON({
    type: 'paragraph',
    attrs: { style: 'body' },
    content: text === '' ? [] : [{ type: 'text', text }],
  });

let server: Server;
let an: Writer;
let bo: Writer;
const AN = '全县春耕备播工作进展顺利';
beforeEach(() => {
  server = new Server();
  an = new Writer(server, 'an');
  bo = new Writer(server, 'bo');
  an.edit((tr) => tr.replaceWith(0, tr.doc.content.size, [paragraph(AN), paragraph('第二段是安写的')]));
  expect(server.blocks).toEqual([`an:${AN}`, 'an:第二段是安写的']);
});

describe('[R15] the nine edits, each done by Bo to what An wrote', () => {
  test('typing beside it', () => {
    bo.edit((tr) => tr.insertText('今年', 1));
    bo.edit((tr) => tr.insertText('很', 10));
    expect(server.blocks[0]).toBe('bo:今年 an:全县春耕备播工 bo:很 an:作进展顺利');
  });
  test('Enter in the middle', () => {
    bo.edit((tr) => tr.split(5));
    expect(server.blocks).toEqual(['an:全县春耕', 'an:备播工作进展顺利', 'an:第二段是安写的']);
  });
  test('Enter in the middle of a short word', () => {
    bo.edit((tr) => tr.split(AN.length));
    expect(server.blocks.slice(0, 2)).toEqual(['an:全县春耕备播工作进展顺', 'an:利']);
  });
  test('Enter at the start', () => {
    bo.edit((tr) => tr.split(1));
    expect(server.blocks.slice(0, 2)).toEqual(['', `an:${AN}`]);
  });
  test('style to heading, style to list', () => {
    bo.edit((tr) => tr.setNodeAttribute(0, 'style', 'heading1'));
    expect(server.blocks[0]).toBe(`an:${AN}`);
    bo.edit((tr) => tr.setNodeAttribute(0, 'style', 'bullet'));
    expect(server.blocks[0]).toBe(`an:${AN}`);
  });
  test('joining two paragraphs', () => {
    bo.edit((tr) => tr.join(AN.length + 2));
    expect(server.blocks).toEqual([`an:${AN}第二段是安写的`]);
  });
  test.each([2, AN.length])('deleting %i characters and undoing it', (length) => {
    bo.edit((tr) => tr.delete(1, 1 + length));
    bo.undoLast();
    expect(server.blocks[0]).toBe(`an:${AN}`);
  });
  test('deleting both paragraphs and undoing it', () => {
    bo.edit((tr) => tr.replaceWith(0, tr.doc.content.size, paragraph('')));
    bo.undoLast();
    expect(server.blocks.filter((block) => block !== '')).toEqual([`an:${AN}`, 'an:第二段是安写的']);
  });
  test('moving the block', () => {
    bo.edit((tr) => {
      const block = tr.doc.child(0);
      tr.delete(0, block.nodeSize).insert(tr.doc.content.size, block);
    });
    expect(server.blocks).toEqual(['an:第二段是安写的', `an:${AN}`]);
  });
  test.each([
    [2, '全县'],
    [9, '全县春耕备播工作进'],
  ])('cutting %i characters, and pasting them elsewhere', (length, words) => {
    bo.edit((tr) => tr.delete(1, 1 + length));
    server.restart();
    bo.edit((tr) => tr.insertText(words, tr.doc.content.size - 1));
    expect(server.blocks[1]).toBe(`an:第二段是安写的${words}`);
  });
});

describe('what is new is its typist’s', () => {
  test('a word that is deleted and typed again', () => {
    bo.edit((tr) => tr.delete(1, 3));
    bo.edit((tr) => tr.insertText('全县', 1));
    expect(server.blocks[0]).toBe('bo:全县 an:春耕备播工作进展顺利');
  });
  test('a word deleted key by key and typed again key by key', () => {
    for (const end of [3, 2]) bo.edit((tr) => tr.delete(end - 1, end));
    for (const [index, key] of [...'全县'].entries()) bo.edit((tr) => tr.insertText(key, 1 + index));
    expect(server.blocks[0]).toBe('bo:全县 an:春耕备播工作进展顺利');
  });
  test('a word deleted key by key and brought back by undo', () => {
    for (const end of [3, 2]) bo.edit((tr) => tr.delete(end - 1, end));
    bo.undoLast();
    bo.undoLast();
    expect(server.blocks[0]).toBe(`an:${AN}`);
  });
  test('what replaces something else', () => {
    bo.edit((tr) => tr.insertText('城区', 1, 3));
    expect(server.blocks[0]).toBe('bo:城区 an:春耕备播工作进展顺利');
  });
});

test('a template’s text belongs to nobody, also after Enter and after a restart', () => {
  const fresh = new Server();
  const seed = new Writer(fresh, 'seed');
  const updates: Uint8Array[] = [];
  seed.doc.on('update', (update: Uint8Array) => updates.push(update));
  const body = new Y.XmlElement('paragraph');
  body.insert(0, [new Y.XmlText('在这里写导语')]);
  seed.doc.getXmlFragment(CONTENT_FRAGMENT).insert(0, [body]);
  fresh.receive(null, updates);
  const writer = new Writer(fresh, 'bo');
  writer.edit((tr) => tr.split(4));
  fresh.restart();
  writer.edit((tr) => tr.insertText('我', 1));
  expect(fresh.blocks).toEqual(['bo:我 -:在这里', '-:写导语']);
});

test('a restart in the middle changes nothing', () => {
  bo.edit((tr) => tr.delete(1, 10));
  server.restart();
  bo.undoLast();
  server.restart();
  bo.edit((tr) => tr.split(5));
  expect(server.blocks.slice(0, 2)).toEqual(['an:全县春耕', 'an:备播工作进展顺利']);
});

test('however much is typed and deleted, little is remembered', () => {
  for (let round = 0; round < 600; round++) {
    bo.edit((tr) => tr.insertText('一二三四五六七八九十'.repeat(3), 1));
    bo.edit((tr) => tr.delete(1, 31));
  }
  expect(server.authorship.takeChanges().pool?.length).toBeLessThan(60_000);
});

test('whatever is edited, the pieces add up to the text', () => {
  const operation = fc.record({
    who: fc.constantFrom('an', 'bo'),
    what: fc.constantFrom('type', 'delete', 'split', 'join', 'undo'),
    at: fc.nat(40),
    text: fc.string({ minLength: 1, maxLength: 12 }),
  });
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 25 }), (operations) => {
      const one = new Server();
      const writers = { an: new Writer(one, 'an'), bo: new Writer(one, 'bo') };
      writers.an.edit((tr) => tr.replaceWith(0, tr.doc.content.size, paragraph(AN)));
      for (const { who, what, at, text } of operations) {
        const writer = writers[who as 'an' | 'bo'];
        if (what === 'undo') writer.undoLast();
        else {
          writer.edit((tr) => {
            if (tr.doc.childCount === 0) return;
            const block = tr.doc.child(at % tr.doc.childCount);
            const start = tr.doc.children
              .slice(0, at % tr.doc.childCount)
              .reduce((sum, b) => sum + b.nodeSize, 1);
            const position = start + (at % (block.content.size + 1));
            if (what === 'type') tr.insertText(text, position);
            else if (what === 'delete') tr.delete(start, position);
            else if (what === 'split') tr.split(position);
            else if (start > 1) tr.join(start - 1);
          });
        }
      }
      const texts = authorsByBlock(one.doc.getXmlFragment(CONTENT_FRAGMENT), one.authorship).map((pieces) =>
        pieces.map((piece) => piece.text).join(''),
      );
      const shown = initProseMirrorDoc(one.doc.getXmlFragment(CONTENT_FRAGMENT), schema).doc;
      expect(texts).toEqual(shown.children.map((block) => block.textContent));
    }),
    { numRuns: 60 },
  );
});
