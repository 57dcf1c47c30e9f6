/** What somebody may do in a room, as of now. */
import { can, type ReportAction } from '#lib/review/permissions.ts';
import { CLOSE } from '#lib/sync/protocol.ts';
import type { Standing } from './session.ts';

/** Why someone may not be in a room, or what they may do there. */
export type Judgement =
  { verdict: 'admitted'; standing: Standing } | { verdict: 'signedOut' | 'forbidden' | 'notFound' };

/** Whether somebody who was judged may do this to the report. */
export function isAllowed(judgement: Judgement, action: ReportAction): boolean {
  if (judgement.verdict !== 'admitted') return false;
  return can(judgement.standing.actor, action, judgement.standing.access);
}

/** How a socket is closed whose person may not be here. */
export function closing({ verdict }: Exclude<Judgement, { verdict: 'admitted' }>): [number, string] {
  switch (verdict) {
    case 'signedOut':
      return [CLOSE.unauthorized, 'not signed in'];
    case 'forbidden':
      return [CLOSE.forbidden, 'not allowed'];
    case 'notFound':
      return [CLOSE.notFound, 'no such report'];
    default:
      return verdict satisfies never;
  }
}
