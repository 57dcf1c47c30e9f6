import type { Actor } from '#lib/review/permissions.ts';

declare global {
  namespace App {
    interface Locals {
      /** Who makes this request; null when nobody is signed in. */
      actor: Actor | null;
      /** Set-Cookie headers that go out with the answer: the session's. */
      setCookie: string[];
      /** What the visitor is told of an error that nobody expected; absent: there was none. */
      failure?: App.Error;
    }
    interface Error {
      code?: string;
      /** Names the error in the server's log. */
      id?: string;
      /** An article that readers no longer find: what they are told instead; `at` ISO 8601. */
      withdrawn?: { title: string; note: string; at: string };
    }
  }
}
