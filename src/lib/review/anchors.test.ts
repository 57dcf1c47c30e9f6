/** Threads stay on their words, after edits as ProseMirror makes them and y-prosemirror brings them into Yjs. */
import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { fromBase64 } from 'lib0/buffer';
import type { Transaction } from '@tiptap/pm/state';
import * as Y from 'yjs';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import { Anchors, type Selection } from './anchors.ts';
import { blockAt, Editor, move, nodeOf, paragraph, SEVENTEEN, TEXT, WORDS } from './testing.ts';
import type { Anchor } from './thread.ts';

/** The server's copy of the content, and the anchors it keeps. */
class Server {
  readonly doc = new Y.Doc();
  anchors: Anchors;

  constructor() {
    this.anchors = new Anchors(this.content);
    this.doc.on('afterTransaction', (transaction: Y.Transaction) => this.anchors.observe(transaction));
  }

  get content(): Y.XmlFragment {
    return this.doc.getXmlFragment(CONTENT_FRAGMENT);
  }

  receive(updates: readonly Uint8Array[]): void {
    for (const update of updates) Y.applyUpdate(this.doc, update);
  }

  /** Adds a thread as a browser asks for it. */
  comment(id: string, selection: Selection): Anchor {
    const anchor = this.anchors.locate(selection);
    this.anchors.put(id, anchor);
    return anchor;
  }

  anchor(id: string): Anchor {
    const anchor = this.anchors.anchorOf(id);
    if (anchor === null) throw new Error(`no thread ${id}`);
    return anchor;
  }

  /** Goes on with what was written down. */
  restart(ids: readonly string[]): void {
    const kept = ids.map((id) => [id, this.anchor(id)] as const);
    this.anchors = new Anchors(this.content);
    for (const [id, anchor] of kept) this.anchors.put(id, anchor);
  }
}

/** What an anchor is on for somebody who joins now: the words between its positions. */
function wordsFor(server: Server, { from, to, state }: Anchor): string | null {
  if (state === 'orphan') return null;
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(server.doc));
  const place = (encoded: string) =>
    Y.createAbsolutePositionFromRelativePosition(Y.decodeRelativePosition(fromBase64(encoded)), doc);
  const [start, end] = [place(from), place(to)];
  if (start === null || end === null) return null;
  if (start.type !== end.type) return `${textAfter(start)}…${textBefore(end)}`;
  return textOf(start.type).slice(start.index, end.index);
}
const textOf = (type: unknown) =>
  ((type as Y.XmlText).toDelta() as { insert: string }[]).map(({ insert }) => insert).join('');
const textAfter = ({ type, index }: Y.AbsolutePosition) => textOf(type).slice(index);
const textBefore = ({ type, index }: Y.AbsolutePosition) => textOf(type).slice(0, index);

let server: Server;
let an: Editor;
beforeEach(() => {
  server = new Server();
  an = new Editor();
  send(
    an.edit((tr) =>
      tr.replaceWith(
        0,
        tr.doc.content.size,
        TEXT.map((text) => paragraph(text)),
      ),
    ),
  );
});

function send(updates: readonly Uint8Array[]): void {
  server.receive(updates);
}
const edit = (change: (transaction: Transaction) => void) => send(an.edit(change));

describe('[A5] the seventeen edits', () => {
  test.each(Object.keys(SEVENTEEN))('%s', (name) => {
    server.comment('t', an.selectWords(WORDS));
    for (const step of SEVENTEEN[name] ?? []) {
      send(step(an));
      const { state, exact } = server.anchor('t');
      if (state === 'orphan') expect(exact).toBe(WORDS);
    }
    const anchor = server.anchor('t');
    expect([anchor.exact, wordsFor(server, anchor)]).toEqual([WORDS, WORDS]);
    const moves = ['cut and pasted elsewhere', 'the block moved'];
    expect(moves.includes(name) ? ['ok', 'moved'] : ['ok']).toContain(anchor.state);
  });

  test.each(Object.keys(SEVENTEEN))('%s, with a restart after every step', (name) => {
    server.comment('t', an.selectWords(WORDS));
    for (const step of SEVENTEEN[name] ?? []) {
      send(step(an));
      server.restart(['t']);
    }
    expect(wordsFor(server, server.anchor('t'))).toBe(WORDS);
  });
});

describe('[A6] words that change', () => {
  test('typing into them and deleting from them is followed', () => {
    server.comment('t', an.selectWords(WORDS));
    edit((tr) => tr.insertText('和', an.find('备播')));
    expect(server.anchor('t').exact).toBe('春耕和备播');
    edit((tr) => tr.delete(an.find('春耕和'), an.find('春耕和') + 1));
    expect(server.anchor('t')).toMatchObject({ exact: '耕和备播', state: 'ok' });
  });

  test('deleted key by key they are kept as a whole, and so they come back', () => {
    server.comment('t', an.selectWords(WORDS));
    const end = an.find(WORDS) + WORDS.length;
    for (let left = 1; left <= WORDS.length; left++) edit((tr) => tr.delete(end - left, end - left + 1));
    expect(server.anchor('t')).toMatchObject({ exact: WORDS, state: 'orphan' });
    for (let left = 1; left <= WORDS.length; left++) send(an.undo());
    expect(wordsFor(server, server.anchor('t'))).toBe(WORDS);
    expect(server.anchor('t')).not.toHaveProperty('was');
  });

  test('moved meanwhile, what is left of them takes the rest back', () => {
    server.comment('t', an.selectWords(WORDS));
    edit((tr) => tr.delete(an.find(WORDS) + 1, an.find(WORDS) + WORDS.length));
    edit((tr) => move(tr, 1, 2));
    send(an.undo());
    send(an.undo());
    expect(wordsFor(server, server.anchor('t'))).toBe(WORDS);
  });

  test('what replaces all of them is not theirs', () => {
    server.comment('t', an.selectWords(WORDS));
    edit((tr) => tr.insertText('夏收', an.find(WORDS), an.find(WORDS) + WORDS.length));
    expect(server.anchor('t')).toMatchObject({ exact: WORDS, state: 'orphan' });
  });

  test('Enter inside them leaves the thread on both halves', () => {
    server.comment('t', an.selectWords(WORDS));
    edit((tr) => tr.split(an.find('备播')));
    expect(server.anchor('t').exact).toBe('春耕\n备播');
    expect(wordsFor(server, server.anchor('t'))).toBe('春耕…备播');
    edit((tr) => tr.join(blockAt(tr, 2)));
    expect(server.anchor('t').exact).toBe(WORDS);
  });
});

test('[A5] an empty paragraph above is no hindrance', () => {
  edit((tr) => tr.insert(0, paragraph('')));
  server.comment('t', an.selectWords(WORDS));
  edit((tr) => tr.split(an.find(WORDS)));
  expect(wordsFor(server, server.anchor('t'))).toBe(WORDS);
});

test('[A5] two threads that overlap both live', () => {
  server.comment('a', an.selectWords('抓好春耕'));
  server.comment('b', an.selectWords(WORDS));
  edit((tr) => tr.split(an.find('耕备')));
  edit((tr) => move(tr, 1, 0));
  send(an.undo());
  send(an.undo());
  expect(['a', 'b'].map((id) => wordsFor(server, server.anchor(id)))).toEqual(['抓好春耕', WORDS]);
});

describe('[A5] the same phrase five times', () => {
  const five = ['抓落实。', '抓落实。', '抓落实。', '抓落实。', '抓落实。'].join('');
  const at = (nth: number) => an.find('抓落实', nth);
  beforeEach(() => {
    edit((tr) => tr.insert(0, paragraph(five)));
    server.comment('t', an.selectWords('抓落实', 3));
  });
  /** Which of them the thread is on. */
  function which(): number {
    const { from } = server.anchor('t');
    const found = [1, 2, 3, 4, 5].find((nth) => {
      const one = server.anchors.locate(an.selectWords('抓落实', nth));
      return one.from === from;
    });
    return found ?? 0;
  }
  test('the thread is on the third', () => expect(which()).toBe(3));
  test.each([1, 2, 3, 4, 5])('and stays there when someone presses Enter before number %i', (nth) => {
    edit((tr) => tr.split(at(nth)));
    expect(which()).toBe(3);
  });
  test('and after the block was moved, and moved back', () => {
    edit((tr) => move(tr, 0, 2));
    expect(which()).toBe(3);
    send(an.undo());
    expect(which()).toBe(3);
  });
  test('deleted, it jumps to none of the others; undone, it is back', () => {
    edit((tr) => tr.delete(at(3), at(3) + 3));
    expect(server.anchor('t').state).toBe('orphan');
    edit((tr) => tr.insertText('！', at(1)));
    expect(server.anchor('t').state).toBe('orphan');
    send(an.undo());
    send(an.undo());
    expect(which()).toBe(3);
  });
});

test('[A4] a comment composed before someone’s Enter, and brought after it, finds its words', () => {
  const before = an.selectWords('备播');
  edit((tr) => tr.split(an.find(WORDS)));
  expect(wordsFor(server, server.comment('t', before))).toBe('备播');
});

test('[A4] words that are gone when a comment arrives are kept with it, and found when they return', () => {
  const before = an.selectWords(WORDS);
  edit((tr) => tr.delete(an.find(WORDS), an.find(WORDS) + WORDS.length));
  expect(server.comment('t', before)).toMatchObject({ state: 'orphan', exact: WORDS });
  send(an.undo());
  expect(wordsFor(server, server.anchor('t'))).toBe(WORDS);
});

describe('[A4] what can be commented on', () => {
  test('a range over paragraphs', () => {
    server.comment('t', an.select(an.find('颗粒'), an.find('办好') + 2));
    expect(server.anchor('t')).toMatchObject({ exact: '颗粒归仓。\n聚焦民生，办好', state: 'ok' });
    edit((tr) => tr.insertText('一定', an.find('聚焦民生')));
    expect(server.anchor('t').exact).toBe('颗粒归仓。\n一定聚焦民生，办好');
  });
  test('words in a table, and a picture', () => {
    const cell = (text: string) => ({
      type: 'tableCell',
      content: [{ type: 'paragraph', ...(text !== '' && { content: [{ type: 'text', text }] }) }],
    });
    const table = {
      type: 'table',
      content: [{ type: 'tableRow', content: [cell('指标'), cell('完成率')] }],
    };
    const picture = { type: 'picture', attrs: { id: 'p1', alt: '', caption: '' } };
    edit((tr) => tr.insert(0, [nodeOf(table), nodeOf(picture)]));
    server.comment('t', an.selectWords('完成率'));
    const at = an.view.child(0).nodeSize;
    expect(server.comment('p', an.select(at, at + 1))).toMatchObject({ exact: '\ufffc', state: 'ok' });
    edit((tr) => tr.insert(0, paragraph('上面的一段')));
    expect(wordsFor(server, server.anchor('t'))).toBe('完成率');
    expect(server.anchor('p')).toMatchObject({ exact: '\ufffc', state: 'ok' });
    edit((tr) => move(tr, 2, 1));
    expect(server.anchor('p').state).not.toBe('orphan');
  });
  test('nothing of what a stranger makes up is taken for a position', () => {
    for (const nonsense of ['', '%%%', 'AAAA', '////////', 'AQdub25zZW5z']) {
      const { state } = server.anchors.locate({
        from: nonsense,
        to: nonsense,
        exact: '没有的话',
        prefix: '',
        suffix: '',
      });
      expect(state).toBe('orphan');
    }
    expect([...server.doc.share.keys()]).toEqual([CONTENT_FRAGMENT]);
  });
});

test('[A7] an anchor is written only when it changed', () => {
  server.comment('t', an.selectWords(WORDS));
  server.comment('u', an.selectWords('学校'));
  server.anchors.takeChanges();
  edit((tr) => tr.insertText('今年', an.find('聚焦农时')));
  expect(server.anchors.hasChanged).toBe(false);
  edit((tr) => tr.split(an.find(WORDS)));
  expect([...server.anchors.takeChanges().keys()]).toEqual(['t']);
  expect(server.anchors.hasChanged).toBe(false);
});

test('an anchor names its section', () => {
  edit((tr) => tr.setNodeAttribute(blockAt(tr, 0), 'style', 'heading1'));
  server.comment('t', an.selectWords(WORDS));
  expect(server.anchor('t').section).toBe('全县工作综述');
});

describe('[A8] whatever is edited', () => {
  const runs = Number(process.env['ANCHOR_EDITS'] ?? 500);
  const perRun = 25;
  /** Fifty words that each stand once, and have no character in common. */
  const words = Array.from({ length: 50 }, (_, index) =>
    String.fromCharCode(...[0, 1, 2, 3, 4].map((character) => 0x4e00 + 5 * index + character)),
  );
  const structural = fc.record({
    what: fc.constantFrom('type', 'delete', 'split', 'join', 'move', 'style', 'undo', 'cut', 'paste', 'bold'),
    at: fc.nat(10_000),
    length: fc.nat(60),
    to: fc.nat(10_000),
  });

  test('threads whose words exist are on them, or marked moved, and none is lost', () => {
    fc.assert(
      fc.property(fc.array(structural, { minLength: perRun, maxLength: perRun }), (operations) => {
        const one = new Server();
        const writer = new Editor();
        const say = (updates: readonly Uint8Array[]) => one.receive(updates);
        const texts = Array.from({ length: 10 }, (_, line) =>
          words
            .slice(5 * line, 5 * line + 5)
            .map((word, index) => `${word}，见${line}、${index}。`)
            .join(''),
        );
        say(
          writer.edit((tr) =>
            tr.replaceWith(
              0,
              tr.doc.content.size,
              texts.map((text) => paragraph(text)),
            ),
          ),
        );
        for (const word of words) one.comment(word, writer.selectWords(word));
        let clipboard: string | null = null;
        for (const { what, at, length, to } of operations) {
          if (what === 'undo') {
            // What was cut may be back: pasted as well, it would be there twice.
            clipboard = null;
            say(writer.undo());
            continue;
          }
          say(
            writer.edit((tr) => {
              const { doc } = tr;
              if (doc.childCount === 0) return void tr.insert(0, paragraph(''));
              const index = at % doc.childCount;
              const begin = blockAt(tr, index);
              const block = doc.child(index);
              const position = begin + 1 + (at % (block.content.size + 1));
              const end = Math.min(begin + 1 + block.content.size, position + length);
              switch (what) {
                case 'type':
                  return void tr.insertText('新'.repeat(1 + (length % 5)), position);
                case 'delete':
                  return void tr.delete(position, Math.min(doc.content.size, position + length));
                case 'cut':
                  clipboard = doc.textBetween(position, end);
                  return void tr.delete(position, end);
                case 'paste':
                  if (clipboard !== null && clipboard !== '') tr.insertText(clipboard, position);
                  clipboard = null;
                  return;
                case 'split':
                  return void tr.split(position);
                case 'join':
                  return void (index > 0 && tr.join(begin));
                case 'move':
                  return move(tr, index, to % doc.childCount);
                case 'style':
                  return void tr.setNodeAttribute(begin, 'style', length % 2 === 0 ? 'heading2' : 'bullet');
                case 'bold':
                  return void tr.addMark(position, end, tr.doc.type.schema.mark('bold'));
                default:
                  return what satisfies never;
              }
            }),
          );
        }
        const text = one.content
          .toArray()
          .map((block) =>
            (block as Y.XmlElement)
              .toArray()
              .map((child) => textOf(child))
              .join(''),
          )
          .join('\n');
        expect(one.anchors.size).toBe(words.length);
        for (const word of words) {
          if (!text.includes(word)) continue;
          const anchor = one.anchor(word);
          if (anchor.state === 'moved') continue;
          expect([anchor.state, wordsFor(one, anchor)]).toEqual(['ok', word]);
        }
      }),
      { numRuns: Math.ceil(runs / perRun) },
    );
  });
});
