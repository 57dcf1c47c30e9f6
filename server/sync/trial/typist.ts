import { WebSocket } from 'ws';
import * as Y from 'yjs';
import type { Actor } from '#lib/review/permissions.ts';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import { SYNC } from '#lib/sync/protocol.ts';
import { RawClient, REPORT } from '../testing.ts';
import { editAtRandom } from './edits.ts';
import { Ledger } from './ledger.ts';
import type { Random } from './random.ts';
import type { Watch } from './watch.ts';

export interface TypistOptions {
  name: string;
  who: Actor;
  random: Random;
  watch: Watch;
  report?: string;
}

/**
 * Somebody who types: as a browser does, with a document of their own that outlives the connection, over
 * the exchange that y-websocket holds. Keeps account of what the server promised.
 */
export class Typist {
  readonly name: string;
  readonly who: Actor;
  readonly random: Random;
  doc = new Y.Doc();
  ledger: Ledger;
  /** Documents of pages that were closed, with what was promised to them. */
  readonly past: { doc: Y.Doc; ledger: Ledger }[] = [];
  /** How many messages were heard over all sockets. */
  heard = 0;
  /** While it is above 0, whatever is heard is answered with another edit. */
  budget = 0;
  /** How many edits may wait for their acknowledgement. */
  ahead = 1;
  readonly #watch: Watch;
  readonly #report: string;
  #client: RawClient | null = null;
  #isJoined = false;

  constructor({ name, who, random, watch, report = REPORT }: TypistOptions) {
    this.name = name;
    this.who = who;
    this.random = random;
    this.#watch = watch;
    this.#report = report;
    this.ledger = new Ledger(name);
    this.#open();
  }

  /** Whether the server has all that was written here, and said so. */
  get isSaved(): boolean {
    return this.#isJoined && this.ledger.unsaved === 0;
  }

  get isConnected(): boolean {
    return this.#client !== null;
  }

  /** How it stands, for a failure's message. */
  get state(): string {
    const { name, ledger, budget, ahead } = this;
    const client = this.#client;
    const socket =
      client === null
        ? 'away'
        : `socket ${client.socket.readyState}, asked ${client.asked.length}, heard ${client.updates.length}, acked ${client.acked} of ${client.sent}`;
    return `[${name}: ${socket}; ${ledger.unsaved} unsaved, ${ahead} ahead, budget ${budget}]`;
  }

  get client(): RawClient | null {
    return this.#client;
  }

  get content(): Y.XmlFragment {
    return this.doc.getXmlFragment(CONTENT_FRAGMENT);
  }

  /** Closes the page and opens it again: an empty document. Only what was saved may be left behind. */
  reload(): void {
    this.disconnect();
    this.past.push({ doc: this.doc, ledger: this.ledger });
    this.ledger = new Ledger(this.name);
    this.doc = new Y.Doc();
    this.#open();
  }

  #open(): void {
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === 'server') return;
      const edit = this.ledger.record(update);
      if (this.#client?.socket.readyState !== WebSocket.OPEN) return;
      this.ledger.sent(edit);
      this.#client.sendUpdate(update);
    });
  }

  /** Connects to a server; `onClosed` is called once, unless it was by {@link disconnect}. */
  connect(url: string, onClosed: () => void): void {
    const client = new RawClient(url, this.who, { doc: this.doc, room: `${this.#report}/content` });
    this.#client = client;
    this.ledger.begin();
    let [answered, shown, settled] = [0, 0, 0];
    client.socket.once('open', () => client.sendSync(SYNC.step1, Y.encodeStateVector(this.doc)));
    client.listen(() => {
      if (this.#client !== client) return;
      this.heard++;
      const asked = client.asked[answered];
      if (asked !== undefined) {
        answered++;
        this.ledger.sent(null);
        client.sendSync(SYNC.step2, Y.encodeStateAsUpdate(this.doc, asked));
      }
      for (; shown < client.updates.length; shown++) {
        this.ledger.show(client.updates[shown] ?? new Uint8Array());
      }
      if (client.acked > client.sent) this.#watch.fail(`${this.name} got an ack of what was never sent`);
      if (client.acked > settled) this.ledger.settle((settled = client.acked));
      if (answered > 0 && shown > 0) this.#isJoined = true;
      const [nack] = client.nacks;
      if (nack !== undefined)
        this.#watch.fail(`${this.name}'s frame ${nack.n} was refused (${nack.code}): ${nack.text}`);
      if (client.closed !== null) {
        if (client.closed >= 4400 && client.closed < 4500) {
          this.#watch.fail(`${this.name} was sent away (${client.closed})`);
        }
        this.#client = null;
        this.#isJoined = false;
        onClosed();
      } else this.#answer();
      this.#watch.look();
    });
  }

  disconnect(): void {
    const client = this.#client;
    this.#client = null;
    this.#isJoined = false;
    client?.socket.terminate();
  }

  #answer(): void {
    while (this.budget > 0 && this.ledger.unsaved < this.ahead) {
      this.budget--;
      this.type();
    }
  }

  /** One edit, chosen at random. */
  type(): void {
    this.doc.transact(() => editAtRandom(this.content, this.random));
  }
}
