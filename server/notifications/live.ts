/** The number of unread notifications, sent to open pages as it changes (server-sent events). */
import type { Actor } from '#lib/review/permissions.ts';

export interface Live {
  /** A stream of `{unread}` for a page; null: this person, or everybody, has too many open. Ends with the session. */
  open(cookie: string, actor: Actor): ReadableStream<Uint8Array> | null;
  /** Something may have changed for these people. */
  poke(userIds: readonly string[]): void;
  /** Looks after every stream: is its session still there, is somebody at the other end? To be called now and then. */
  beat(): void;
  /** How many streams are open. */
  readonly size: number;
  /** Ends every stream, and waits for what is being read for them. */
  close(): Promise<void>;
}

export interface LiveDeps {
  /** Who the cookie stands for now; null: nobody any more. */
  authenticate(headers: Headers): Promise<{ actor: Actor } | null>;
  unread(actor: Actor): Promise<number>;
  /** An error that ended a stream; the page opens another. */
  failed(error: unknown): void;
}

/** How many streams may be open at once. */
export const STREAMS = { perPerson: 20, all: 2_000 };

/** Between two calls of {@link Live.beat}, in milliseconds: less than proxies wait in silence. */
export const BEAT = 25_000;

/** Messages that wait for a slow reader; further ones are left out until there is room. */
const WAITING = 8;

interface Stream {
  userId: string;
  /** Reads the count and sends it when it is another. */
  refresh(isBeat: boolean): void;
  end(): void;
  /** What is being read for it; null: nothing. */
  work: Promise<void> | null;
}

export function openLive({ authenticate, unread, failed }: LiveDeps): Live {
  const streams = new Set<Stream>();
  const encoder = new TextEncoder();

  return {
    open(cookie, { userId }) {
      const theirs = [...streams].filter((stream) => stream.userId === userId);
      if (theirs.length >= STREAMS.perPerson || streams.size >= STREAMS.all) return null;
      const headers = new Headers({ cookie });
      let sent: number | null = null;
      /** Asked for while it was being read. */
      let again: 'no' | 'poke' | 'beat' = 'no';
      let stream: Stream;
      const body = new ReadableStream<Uint8Array>(
        {
          start(controller) {
            const end = () => {
              if (streams.delete(stream)) controller.close();
            };
            const send = (text: string) => {
              const hasRoom = (controller.desiredSize ?? 0) > 0;
              if (streams.has(stream) && hasRoom) controller.enqueue(encoder.encode(text));
              return hasRoom;
            };
            const read = async (isBeat: boolean) => {
              const signedIn = await authenticate(headers);
              if (signedIn === null || signedIn.actor.userId !== userId) return end();
              const count = await unread(signedIn.actor);
              // A beat is heard by proxies and finds out who is gone.
              if (count === sent) return void (isBeat && send(':\n\n'));
              if (send(`data: {"unread":${count}}\n\n`)) sent = count;
            };
            const refresh = (isBeat: boolean) => {
              if (stream.work !== null) {
                if (again !== 'beat') again = isBeat ? 'beat' : 'poke';
                return;
              }
              stream.work = read(isBeat)
                .catch((error: unknown) => {
                  if (streams.has(stream)) failed(error);
                  end();
                })
                .finally(() => {
                  stream.work = null;
                  const asked = again;
                  again = 'no';
                  if (asked !== 'no' && streams.has(stream)) refresh(asked === 'beat');
                });
            };
            stream = { userId, refresh, end, work: null };
            streams.add(stream);
            refresh(false);
          },
          cancel() {
            streams.delete(stream);
          },
        },
        { highWaterMark: WAITING },
      );
      return body;
    },
    poke(userIds) {
      const meant = new Set(userIds);
      for (const stream of streams) if (meant.has(stream.userId)) stream.refresh(false);
    },
    beat() {
      for (const stream of streams) stream.refresh(true);
    },
    get size() {
      return streams.size;
    },
    async close() {
      const all = [...streams];
      for (const stream of all) stream.end();
      await Promise.all(all.map(({ work }) => work));
    },
  };
}
