import * as Y from 'yjs';

/** What people type; Chinese characters and some marks. */
const TEXT = '坚持以人民为中心，今年全市共建成高标准农田四十三万亩，同比增长百分之十二。';
/** How a client speaks about its first text: a paragraph and its text node come before it. */
export const FIRST_CLOCK = 2;

/** Types into a paragraph of its own. Every keystroke is one Yjs update that raises the clock by one. */
export class Typist {
  readonly doc = new Y.Doc();
  readonly client = this.doc.clientID;
  readonly #text = new Y.XmlText();
  #isBegun = false;

  /** The updates of so many further keystrokes. */
  type(count: number): Uint8Array[] {
    return this.#updates(() => {
      for (let left = count; left > 0; left--) {
        const { length } = this.#text;
        this.doc.transact(() => this.#text.insert(length, TEXT[length % TEXT.length] ?? '。'));
      }
    });
  }

  /** One update that puts paragraphs of about `bytes` in all before the typist's own. */
  static fill(bytes: number): Uint8Array {
    const doc = new Y.Doc();
    const fragment = doc.getXmlFragment('content');
    const paragraph = TEXT.repeat(8);
    const count = Math.ceil(bytes / new TextEncoder().encode(paragraph).length);
    doc.transact(() => {
      fragment.insert(
        0,
        Array.from({ length: count }, () => {
          const element = new Y.XmlElement('paragraph');
          element.insert(0, [new Y.XmlText(paragraph)]);
          return element;
        }),
      );
    });
    return Y.encodeStateAsUpdate(doc);
  }

  #updates(change: () => void): Uint8Array[] {
    const updates: Uint8Array[] = [];
    const note = (update: Uint8Array) => updates.push(update);
    this.doc.on('update', note);
    if (!this.#isBegun) {
      this.#isBegun = true;
      this.doc.transact(() => {
        const element = new Y.XmlElement('paragraph');
        element.insert(0, [this.#text]);
        this.doc.getXmlFragment('content').insert(0, [element]);
      });
    }
    change();
    this.doc.off('update', note);
    return updates;
  }
}
