import type { Actor } from '#lib/review/permissions.ts';

declare global {
  namespace App {
    interface Locals {
      /** Who makes this request; null when nobody is signed in. */
      actor: Actor | null;
    }
    interface Error {
      code?: string;
    }
  }
}
