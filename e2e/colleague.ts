/** A colleague as a bare Yjs client, without an editor, whose edits a test times. */
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

export interface Json {
  type: string;
  text?: string;
  attrs?: Record<string, unknown>;
  content?: readonly Json[];
}

function build(json: Json): Y.XmlElement | Y.XmlText {
  if (json.type === 'text') return new Y.XmlText(json.text ?? '');
  const element = new Y.XmlElement(json.type);
  for (const [name, value] of Object.entries(json.attrs ?? {})) {
    // Yjs keeps any JSON value in an attribute; its types say only strings.
    element.setAttribute(name, value as string);
  }
  element.insert(0, (json.content ?? []).map(build));
  return element;
}

/** A colleague's end of the report, without an editor. */
export class Colleague {
  readonly doc = new Y.Doc();
  readonly #provider: WebsocketProvider;

  constructor(socketUrl: string, room: string, headers: Record<string, string>) {
    class SignedInSocket extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols, { headers });
      }
    }
    this.#provider = new WebsocketProvider(socketUrl, room, this.doc, {
      // `ws` is the browser's WebSocket in all that the provider uses.
      WebSocketPolyfill: SignedInSocket as unknown as typeof globalThis.WebSocket,
      disableBc: true,
    });
  }

  get content(): Y.XmlFragment {
    return this.doc.getXmlFragment('content');
  }

  /** What this client says of itself, sound or not. */
  say(state: Record<string, unknown>): void {
    this.#provider.awareness.setLocalState(state);
  }

  /** An awareness caret in a block. */
  caretIn(index: number, offset: number): Record<string, unknown> {
    const at = Y.createRelativePositionFromTypeIndex(this.text(index), offset);
    return { anchor: at, head: at };
  }

  /** Waits until the colleague has what the server has. */
  async synced(): Promise<this> {
    if (!this.#provider.synced) {
      await new Promise<void>((resolve) => this.#provider.once('sync', () => resolve()));
    }
    return this;
  }

  block(index: number): Y.XmlElement {
    const block = this.content.get(index);
    if (!(block instanceof Y.XmlElement)) throw new Error(`block ${index} is no element`);
    return block;
  }

  /** The cells of a table, row by row. */
  cells(index: number): Y.XmlElement[] {
    const elements = (parent: Y.XmlElement) =>
      parent.toArray().filter((child): child is Y.XmlElement => child instanceof Y.XmlElement);
    return elements(this.block(index)).flatMap(elements);
  }

  text(index: number): Y.XmlText {
    const text = this.block(index).get(0);
    if (!(text instanceof Y.XmlText)) throw new Error(`block ${index} has no text`);
    return text;
  }

  /** The text of each block. */
  lines(): string[] {
    const plain = (node: Y.XmlElement | Y.XmlText | Y.XmlHook): string => {
      if (node instanceof Y.XmlText) {
        return (node.toDelta() as { insert: string }[]).map(({ insert }) => insert).join('');
      }
      return node instanceof Y.XmlElement ? node.toArray().map(plain).join('') : '';
    };
    return this.content.toArray().map(plain);
  }

  paragraph(text: string, attributes: Record<string, string> = {}): Y.XmlElement {
    const block = new Y.XmlElement('paragraph');
    for (const [name, value] of Object.entries(attributes)) block.setAttribute(name, value);
    block.insert(0, [new Y.XmlText(text)]);
    return block;
  }

  /** Replaces the whole text. Attributes that are null stay absent, as the editor leaves them. */
  write(content: readonly Json[]): void {
    this.doc.transact(() => {
      this.content.delete(0, this.content.length);
      this.content.insert(0, content.map(build));
    });
  }

  leave(): void {
    this.#provider.destroy();
    this.doc.destroy();
  }
}
