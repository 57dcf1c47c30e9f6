/** Two people at one report: one in a browser, and a colleague as a bare Yjs client whose edits a test times. */
import type { CDPSession, Locator, Page } from '@playwright/test';
import { Colleague, type Json } from './colleague.ts';
import { expect, test as base } from './fixtures.ts';

/** What a clipboard or a drag carries. */
export interface Transferred {
  html?: string;
  text?: string;
  pictures?: { type: string; base64: string }[];
}

/** The person's own end: the page, with its editor. */
export class Writer {
  readonly page: Page;
  #updates = 0;

  constructor(page: Page) {
    this.page = page;
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => {
        if (typeof payload !== 'string' && payload[0] === 0 && payload[1] === 2) this.#updates++;
      });
    });
  }

  get paper() {
    return this.page.locator('.paper[contenteditable]');
  }

  line(index: number) {
    return this.paper.locator('> *').nth(index);
  }

  /** The text of each block, as ProseMirror has it. */
  lines(): Promise<string[]> {
    return this.paper.evaluate((element) => {
      // ProseMirror leaves its view's description on the element.
      const { node } = (element as unknown as { pmViewDesc: { node: ProseMirrorNode } }).pmViewDesc;
      interface ProseMirrorNode {
        textContent: string;
        forEach(each: (node: ProseMirrorNode) => void): void;
      }
      const lines: string[] = [];
      node.forEach((block) => lines.push(block.textContent));
      return lines;
    });
  }

  /**
   * The blocks in short: `style: text`, with level and `restart`, or a node's name; marks as `[bold:…]`, a
   * table as its rows of cells.
   */
  blocks(): Promise<string[]> {
    return this.paper.evaluate((element) => {
      interface Json {
        type: string;
        text?: string;
        attrs?: Record<string, unknown>;
        marks?: { type: string; attrs?: { href?: string } }[];
        content?: Json[];
      }
      const { node } = (element as unknown as { pmViewDesc: { node: { toJSON(): Json } } }).pmViewDesc;
      const inline = (json: Json): string => {
        if (json.type === 'hardBreak') return '⏎';
        const names = (json.marks ?? []).map(({ type, attrs }) => attrs?.href ?? type);
        return names.length > 0 ? `[${names.join('+')}:${json.text}]` : (json.text ?? '');
      };
      const block = (json: Json): string => {
        const { attrs = {}, content = [] } = json;
        switch (json.type) {
          case 'paragraph': {
            const level = attrs['level'] ? String(attrs['level']) : '';
            const more = `${level}${attrs['restart'] ? '!' : ''}${attrs['align'] ? `@${attrs['align']}` : ''}`;
            return `${attrs['style'] ?? 'body'}${more}: ${content.map(inline).join('')}`;
          }
          case 'table':
            return `table: ${content.map((row) => (row.content ?? []).map(block).join(' | ')).join(' / ')}`;
          case 'tableCell':
          case 'tableHeader': {
            const { colspan = 1, rowspan = 1 } = attrs;
            const span = `${colspan === 1 ? '' : `c${colspan} `}${rowspan === 1 ? '' : `r${rowspan} `}`;
            return `${json.type === 'tableHeader' ? '#' : ''}${span}${content.map((one) => block(one).replace(/^body: /, '')).join('¶')}`;
          }
          case 'picture':
            return `picture: ${String(attrs['id'])} ${String(attrs['caption'])}`.trimEnd();
          default:
            return json.type;
        }
      };
      return (node.toJSON().content ?? []).map(block);
    });
  }

  /** Pastes as if the clipboard held this. */
  paste(data: Transferred): Promise<void> {
    return this.#transfer('paste', data, this.paper);
  }

  /** Drops something dragged from another window onto the middle of a block. */
  drop(data: Transferred, block: number): Promise<void> {
    return this.#transfer('drop', data, this.line(block));
  }

  async #transfer(kind: 'paste' | 'drop', data: Transferred, target: Locator): Promise<void> {
    await target.evaluate(
      (element, { kind, html, text, pictures = [] }) => {
        const transfer = new DataTransfer();
        if (html !== undefined) transfer.setData('text/html', html);
        if (text !== undefined) transfer.setData('text/plain', text);
        for (const { type, base64 } of pictures) {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          transfer.items.add(new File([bytes], '图.png', { type }));
        }
        const { left, top, width, height } = element.getBoundingClientRect();
        const how = { bubbles: true, cancelable: true };
        element.dispatchEvent(
          kind === 'paste'
            ? new ClipboardEvent('paste', { ...how, clipboardData: transfer })
            : new DragEvent('drop', {
                ...how,
                dataTransfer: transfer,
                clientX: left + width / 2,
                clientY: top + height / 2,
              }),
        );
      },
      { kind, ...data },
    );
  }

  /** What copying the selection puts on the clipboard. */
  copied(): Promise<{ html: string; text: string }> {
    return this.paper.evaluate((element) => {
      const clipboardData = new DataTransfer();
      element.dispatchEvent(new ClipboardEvent('copy', { clipboardData, bubbles: true, cancelable: true }));
      return { html: clipboardData.getData('text/html'), text: clipboardData.getData('text/plain') };
    });
  }

  /** The text of each block, as the page shows it. */
  shown(): Promise<string[]> {
    return this.paper.evaluate((element) => Array.from(element.children, (block) => block.textContent));
  }

  /** The block and the offset in it where the caret stands. */
  caret(): Promise<[number, number]> {
    return this.paper.evaluate((element) => {
      const selection = element.ownerDocument.getSelection();
      if (!selection?.focusNode) return [-1, -1];
      const block = Array.from(element.children).findIndex((child) => child.contains(selection.focusNode));
      const range = element.ownerDocument.createRange();
      range.setStart(element.children[block] ?? element, 0);
      range.setEnd(selection.focusNode, selection.focusOffset);
      return [block, range.toString().length];
    });
  }

  /** Puts the caret into a block, by mouse and keys. */
  async caretAt(block: number, offset: number): Promise<void> {
    await this.line(block).click({ position: { x: 2, y: 10 } });
    await this.page.keyboard.press('Home');
    for (let i = 0; i < offset; i++) await this.page.keyboard.press('ArrowRight');
    await expect.poll(() => this.caret()).toEqual([block, offset]);
  }

  /** Does `edit`, and waits until the page's socket has received the update it makes. */
  async receiving(edit: () => void, updates = 1): Promise<void> {
    const before = this.#updates;
    edit();
    await expect.poll(() => this.#updates, { intervals: [20] }).toBeGreaterThanOrEqual(before + updates);
  }

  cdp(): Promise<CDPSession> {
    return this.page.context().newCDPSession(this.page);
  }
}

/** Pinyin as Chromium gets it from an input method: letters composed one by one, then a word committed. */
export class Pinyin {
  readonly #cdp: CDPSession;
  constructor(cdp: CDPSession) {
    this.#cdp = cdp;
  }

  async #key(): Promise<void> {
    await this.#cdp.send('Input.dispatchKeyEvent', {
      type: 'rawKeyDown',
      windowsVirtualKeyCode: 229,
      key: 'Process',
    });
  }

  /** Composes up to `letters`, from what was composed before. */
  async compose(letters: string, from = 0): Promise<void> {
    for (let length = from + 1; length <= letters.length; length++) {
      await this.#key();
      const text = letters.slice(0, length);
      await this.#cdp.send('Input.imeSetComposition', {
        text,
        selectionStart: length,
        selectionEnd: length,
      });
    }
  }

  async commit(word: string): Promise<void> {
    await this.#key();
    await this.#cdp.send('Input.insertText', { text: word });
  }
}

/** A line to the server that keeps back, both ways, what is said while it is held. */
export class HeldLine {
  #waiting: (() => void)[] | null = null;

  /** Before the page opens. */
  async on(page: Page): Promise<this> {
    await page.routeWebSocket(/\/sync\//, (socket) => {
      const server = socket.connectToServer();
      socket.onMessage((message) => this.#say(() => server.send(message)));
      server.onMessage((message) => this.#say(() => socket.send(message)));
    });
    return this;
  }

  #say(message: () => void): void {
    if (this.#waiting) this.#waiting.push(message);
    else message();
  }

  hold(): void {
    this.#waiting ??= [];
  }

  release(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const message of waiting) message();
  }
}

interface Both {
  reportId: string;
  writer: Writer;
  colleague: Colleague;
  /** Another look at the server's document, by somebody who joins now. */
  join: () => Promise<Colleague>;
  /** Opens the report in the other person's browser too, behind a line that can be held. */
  second: () => Promise<{ writer: Writer; line: HeldLine }>;
}

export const test = base.extend<{
  /** A report with this content, open with one person's browser and joined by a colleague. */
  both: (content: readonly Json[]) => Promise<Both>;
}>({
  both: async ({ newReport, browserOf, cast, server }, use) => {
    const joined: Colleague[] = [];
    await use(async (content) => {
      const id = await newReport('编辑');
      const other = await browserOf(cast.otherWriter);
      const cookies = await other.cookies(server.url);
      const headers = {
        cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
        origin: server.url,
      };
      const join = async () => {
        const colleague = new Colleague(`${server.url.replace('http', 'ws')}/sync`, `${id}/content`, headers);
        joined.push(colleague);
        return colleague.synced();
      };
      const colleague = await join();
      colleague.write(content);
      const page = await (await browserOf(cast.writer)).newPage();
      const writer = new Writer(page);
      await page.goto(`${server.url}/reports/${id}`);
      await expect(writer.paper).toHaveAttribute('contenteditable', 'true');
      await expect.poll(() => writer.lines()).toEqual(colleague.lines());
      const second = async () => {
        const page = await other.newPage();
        const line = await new HeldLine().on(page);
        const writer = new Writer(page);
        await page.goto(`${server.url}/reports/${id}`);
        await expect(writer.paper).toHaveAttribute('contenteditable', 'true');
        return { writer, line };
      };
      return { reportId: id, writer, colleague, join, second };
    });
    for (const colleague of joined) colleague.leave();
  },
});

export const paragraph = (text: string, attrs: Record<string, unknown> = {}): Json => ({
  type: 'paragraph',
  attrs,
  ...(text !== '' && { content: [{ type: 'text', text }] }),
});

export { expect };
