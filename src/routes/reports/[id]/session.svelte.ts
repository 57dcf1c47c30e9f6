/**
 * The report as one browser window has it open: its connection, whether it is saved, who else is here,
 * and what the outline and the title say of the text as it stands now.
 */
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import type { CaretUser } from '#lib/editor/carets.ts';
import type { ReportEditor } from '#lib/editor/editor.ts';
import { statedAtFirst, type StatedById } from '#lib/editor/stated.ts';
import { readingMinutes } from '#lib/report/count.ts';
import { CONTENT_FRAGMENT, type ContentJson, type StatedFigure } from '#lib/report/model.ts';
import type { Section } from '#lib/report/outline.ts';
import { createOverview, type Overview } from '#lib/report/overview.ts';
import { readContent } from '#lib/report/ydoc.ts';
import type { Info } from '#lib/sync/protocol.ts';
import { connectReport, type ReportConnection } from '#lib/sync/connection.ts';
import type { SavedState } from '#lib/sync/saved.ts';
import { presentPeople, type PresentPerson } from './presence.ts';

export interface SessionUser {
  userId: string;
  name: string;
  department: string | null;
  hue: number | null;
}

/** What the page knew when the server rendered it. */
export interface SessionStart {
  reportId: string;
  user: SessionUser;
  title: string;
  content: ContentJson;
  /** What its figures say, by id. */
  figures: Readonly<Record<string, StatedFigure>>;
  sections: Section[];
  words: number;
  minutes: number;
}

/** Milliseconds that the server's text stays while its newest state is on the way. */
const WAIT_FOR_SYNC = 3_000;
/** Milliseconds after the last edit until outline and counts follow the text: they cost a key what a key costs. */
const OVERVIEW_AFTER = 300;
/** Milliseconds after which they do while somebody goes on typing. */
const OVERVIEW_AT_LATEST = 2_000;

export class ReportSession {
  readonly reportId: string;
  readonly user: SessionUser;
  /** The text as the server rendered it, until the document is here. */
  readonly #rendered: ContentJson;
  /** What the server said of the figures in it. */
  readonly stated: StatedById;
  #connection: ReportConnection | null = null;
  #overviewTimer: ReturnType<typeof setTimeout> | undefined;
  #closers: (() => void)[] = [];

  /** Null before scripts have run. */
  saved = $state.raw<SavedState | null>(null);
  info = $state.raw<Info | null>(null);
  people = $state.raw<PresentPerson[]>([]);
  /** The doc to edit, once its content is there; another one after a refusal. */
  doc = $state.raw<Y.Doc | null>(null);
  editor = $state.raw<ReportEditor | null>(null);
  title: string = $state('');
  sections = $state.raw<readonly Section[]>([]);
  words = $state(0);
  minutes = $state(1);
  /** What a screen reader is told: who came and went. */
  announcement = $state('');

  constructor(start: SessionStart) {
    this.reportId = start.reportId;
    this.user = start.user;
    this.#rendered = start.content;
    this.stated = statedAtFirst(start.figures);
    this.title = start.title;
    this.sections = start.sections;
    this.words = start.words;
    this.minutes = start.minutes;
  }

  get awareness(): Awareness {
    return this.connection.awareness;
  }

  get provider(): ReportConnection['provider'] {
    return this.connection.provider;
  }

  get connection(): ReportConnection {
    if (this.#connection === null) throw new Error('the session is not open');
    return this.#connection;
  }

  /** Whether something would be lost with the window. */
  get wouldLose(): boolean {
    return this.#connection?.wouldLose ?? false;
  }

  /** Who is behind a Yjs client id, by the server's word. */
  clientInfo(client: number): CaretUser | null {
    return this.#connection?.clients.get(client) ?? null;
  }

  /** Connects; answers what ends it. `announce` words who came and went. */
  open(announce: (kind: 'joined' | 'left', name: string) => string): () => void {
    const { protocol, host } = location;
    const connection = connectReport({
      url: `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/sync`,
      reportId: this.reportId,
      userId: this.user.userId,
    });
    this.#connection = connection;
    let isLate = false;
    const update = () => {
      this.saved = connection.state;
      this.info = connection.info;
      const { doc, provider, state } = connection;
      // The text stays the server's until the document holds as much, or nothing newer can be had.
      const isFilled = doc.getXmlFragment(CONTENT_FRAGMENT).length > 0;
      if (provider.synced || (isFilled && (isLate || state.kind === 'offline'))) this.#take(connection);
    };
    const late = setTimeout(() => {
      isLate = true;
      update();
    }, WAIT_FOR_SYNC);
    const watchSync = () => connection.provider.on('sync', update);
    watchSync();
    this.#closers.push(
      () => clearTimeout(late),
      connection.subscribe(update),
      connection.onReset(() => {
        this.#takeAway();
        watchSync();
        this.#watchPeople(connection, announce);
      }),
    );
    this.#watchPeople(connection, announce);
    return () => {
      for (const close of this.#closers.splice(0).toReversed()) close();
      clearTimeout(this.#overviewTimer);
      connection.destroy();
      this.#connection = null;
      this.doc = null;
    };
  }

  /**
   * Takes the editor away with its document. An element that is removed with the focus in it blurs while the
   * page is being redrawn, when nothing may be written to state; and what shows the editor goes before it.
   */
  #takeAway(): void {
    const { activeElement } = document;
    if (activeElement instanceof HTMLElement && this.editor?.view.dom.contains(activeElement)) {
      activeElement.blur();
    }
    this.editor = null;
    this.doc = null;
  }

  /** The content as it stands here, saved or not, sound or not; before the document has come, as the page shows it. */
  content(): unknown {
    if (this.doc === null) return this.#rendered;
    return readContent(this.connection.doc);
  }

  /** What each registered figure says that is in the text as it stands here, by id. */
  statedFigures(): Record<string, StatedFigure> {
    const stated = this.editor?.figures.stated.all ?? this.stated;
    return Object.fromEntries(
      Object.entries(stated).flatMap(([id, { figure }]) => (figure === null ? [] : [[id, figure]])),
    );
  }

  #take({ doc }: ReportConnection): void {
    if (this.doc === doc) return;
    this.doc = doc;
    const overview = createOverview(doc);
    let latest = Infinity;
    const later = () => {
      clearTimeout(this.#overviewTimer);
      const now = performance.now();
      latest = Math.min(latest, now + OVERVIEW_AT_LATEST);
      this.#overviewTimer = setTimeout(
        () => {
          latest = Infinity;
          if (this.doc === doc) this.#tell(overview.read());
        },
        Math.min(OVERVIEW_AFTER, latest - now),
      );
    };
    doc.on('update', later);
    this.#closers.push(() => doc.off('update', later), overview.destroy);
    this.#tell(overview.read());
  }

  #tell({ title, sections, words, characters }: Overview): void {
    this.title = title;
    this.sections = sections;
    this.words = words;
    this.minutes = readingMinutes(characters);
  }

  #watchPeople(
    connection: ReportConnection,
    announce: (kind: 'joined' | 'left', name: string) => string,
  ): void {
    const { awareness, doc } = connection;
    const me = { client: doc.clientID, user: this.user };
    let clients = connection.clients;
    const update = () => {
      const before = new Map(this.people.map((person) => [person.userId, person]));
      const now = presentPeople(awareness.getStates().keys(), connection.clients, me);
      const ids = new Set(now.map(({ userId }) => userId));
      const joined = now.filter(({ userId, isMe }) => !isMe && !before.has(userId));
      const left = [...before.values()].filter(({ userId, isMe }) => !isMe && !ids.has(userId));
      this.people = now;
      const news = [
        ...joined.map(({ name }) => announce('joined', name)),
        ...left.map(({ name }) => announce('left', name)),
      ];
      if (news.length > 0) this.announcement = news.join(' ');
    };
    const rename = () => {
      if (clients === connection.clients || connection.awareness !== awareness) return;
      clients = connection.clients;
      update();
    };
    awareness.on('change', update);
    this.#closers.push(() => awareness.off('change', update), connection.subscribe(rename));
    update();
  }
}
