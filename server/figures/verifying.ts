/** Vouching for figures, and taking that back. */
import type { VerifyCommand, VerifyManyCommand } from '#lib/figures/command.ts';
import {
  clearVerified,
  findFigure,
  readFigure,
  setVerified,
  valueKeyOf,
  type RegisteredFigure,
} from '#lib/figures/register.ts';
import type { PlainCommand } from '#lib/review/command.ts';
import { actionOnFigure, can, type Actor } from '#lib/review/permissions.ts';
import type { AppEvent } from '../event.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { authorize } from '../reports/access.ts';
import type { FigurePath, FiguresDeps, Registrar } from './registrar.ts';

/** One of several that were to be verified, and why it was not. */
export interface Unverified {
  id: string;
  code: 'not_found' | 'forbidden' | 'conflict';
}

export interface Verifying {
  /** `conflict` (`valueKey`): the text has not, or not any more, what the verifier saw. */
  verify(actor: Actor, at: FigurePath, command: VerifyCommand): Promise<Outcome<RegisteredFigure>>;
  /** Those that can be are verified, the others named. */
  verifyMany(
    actor: Actor,
    reportId: string,
    command: VerifyManyCommand,
  ): Promise<Outcome<{ verified: string[]; refused: Unverified[] }>>;
  /** Takes a verification back. */
  unverify(actor: Actor, at: FigurePath, command: PlainCommand): Promise<Outcome<RegisteredFigure>>;
}

export function createVerifying(
  { access, now }: FiguresDeps,
  { command, changeFigure, settled, keepAsWritten }: Registrar,
): Verifying {
  const verify = (actor: Actor, at: FigurePath, { key, valueKey }: VerifyCommand) =>
    changeFigure(actor, at, 'verify', key ?? null, (map, { sights }) => {
      const sight = sights.look(at.figureId);
      if (sight.now === null || valueKeyOf(sight.now) !== valueKey) return refuse('conflict', 'valueKey');
      setVerified(map, actor.userId, now().toISOString(), sight);
      return done([
        { type: 'figure.verified', actor, reportId: at.reportId, figureIds: [at.figureId] },
      ] satisfies AppEvent[]);
    });

  async function verifyMany(
    actor: Actor,
    reportId: string,
    { key, figures }: VerifyManyCommand,
  ): Promise<Outcome<{ verified: string[]; refused: Unverified[] }>> {
    const allowed = await authorize(access, actor, reportId, 'verifyOwnFigure');
    if (!allowed.ok) return allowed;
    const keeper = await settled(reportId);
    if (keeper === null) return refuse('not_found');
    const { sights } = keeper;
    const outcome = await command<{ verified: string[]; refused: Unverified[] }>(
      actor,
      'verifyOwnFigure',
      reportId,
      key ?? null,
      (doc) => {
        const at = now().toISOString();
        const verified: string[] = [];
        const refused: Unverified[] = [];
        for (const { id, valueKey } of figures) {
          const map = findFigure(doc, id);
          const sight = map === null ? null : sights.look(id);
          if (map === null || sight === null) refused.push({ id, code: 'not_found' });
          else if (!can(actor, actionOnFigure(actor, 'verify', readFigure(map, id)), allowed.value))
            refused.push({ id, code: 'forbidden' });
          else if (sight.now === null || valueKeyOf(sight.now) !== valueKey)
            refused.push({ id, code: 'conflict' });
          else {
            setVerified(map, actor.userId, at, sight);
            verified.push(id);
          }
        }
        const about = { actor, reportId, figureIds: verified };
        return done({
          answer: { verified, refused },
          events: verified.length === 0 ? [] : [{ type: 'figure.verified', ...about }],
        });
      },
      () => done({ verified: figures.map(({ id }) => id), refused: [] }),
    );
    if (outcome.ok) await keepAsWritten(reportId, outcome.value.verified);
    return outcome;
  }

  const unverify = (actor: Actor, at: FigurePath, { key }: PlainCommand) =>
    changeFigure(actor, at, 'verify', key, (map) => {
      if (map.get('verified') === undefined) return refuse('conflict', 'state');
      clearVerified(map, actor.userId, now().toISOString());
      return done([
        { type: 'figure.unverified', actor, reportId: at.reportId, figureIds: [at.figureId] },
      ] satisfies AppEvent[]);
    });

  return { verify, verifyMany, unverify };
}
