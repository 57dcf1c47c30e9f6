/** Findings that people let stand, and have shown again. */
import type { NewDismissalCommand, RestorationCommand } from '#lib/figures/command.ts';
import {
  dismiss,
  dismissalsOf,
  readDismissals,
  restoreFinding,
  type Dismissal,
} from '#lib/figures/register.ts';
import type { Actor } from '#lib/review/permissions.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { authorize } from '../reports/access.ts';
import type { FiguresDeps, Registrar } from './registrar.ts';

/** The most in one report. */
const MAX_DISMISSALS = 5_000;

export interface Dismissing {
  dismiss(actor: Actor, reportId: string, command: NewDismissalCommand): Promise<Outcome<Dismissal>>;
  restore(actor: Actor, reportId: string, command: RestorationCommand): Promise<Outcome<null>>;
}

export function createDismissing({ access, now }: FiguresDeps, { command }: Registrar): Dismissing {
  return {
    async dismiss(actor, reportId, { key, ...said }) {
      const allowed = await authorize(access, actor, reportId, 'dismissFinding');
      if (!allowed.ok) return allowed;
      const dismissal: Dismissal = { ...said, by: actor.userId, at: now().toISOString() };
      return command<Dismissal>(
        actor,
        'dismissFinding',
        reportId,
        key,
        (doc) => {
          if (dismissalsOf(doc).size >= MAX_DISMISSALS) return refuse('too_many', `${MAX_DISMISSALS}`);
          dismiss(doc, dismissal);
          return done({
            answer: dismissal,
            events: [{ type: 'finding.dismissed', rule: said.rule, actor, reportId }],
          });
        },
        (doc) => {
          const known = readDismissals(doc).find(({ finding }) => finding === said.finding);
          return known === undefined ? refuse('not_found') : done(known);
        },
      );
    },
    async restore(actor, reportId, { key, finding }) {
      const allowed = await authorize(access, actor, reportId, 'dismissFinding');
      if (!allowed.ok) return allowed;
      return command<null>(
        actor,
        'dismissFinding',
        reportId,
        key,
        (doc) => {
          if (!dismissalsOf(doc).has(finding)) return refuse('not_found');
          restoreFinding(doc, finding);
          return done({ answer: null, events: [{ type: 'finding.restored', actor, reportId }] });
        },
        () => done(null),
      );
    },
  };
}
