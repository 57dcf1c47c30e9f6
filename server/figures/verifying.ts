/** Vouching for figures, and taking that back. */
import type * as Y from 'yjs';
import type { VerifyCommand, VerifyManyCommand } from '#lib/figures/command.ts';
import {
  clearVerified,
  findFigure,
  readFigure,
  setVerified,
  valueKeyOf,
  verificationOf,
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

/** Which of several were verified, by id. */
export interface VerifiedMany {
  verified: string[];
  refused: Unverified[];
}

/** A figure as the verifier saw it. */
type Seen = VerifyManyCommand['figures'][number];

export interface Verifying {
  /** `conflict` (`valueKey`): the text has not, or not any more, what the verifier saw. */
  verify(actor: Actor, at: FigurePath, command: VerifyCommand): Promise<Outcome<RegisteredFigure>>;
  /** Those that can be are verified, the others named. */
  verifyMany(actor: Actor, reportId: string, command: VerifyManyCommand): Promise<Outcome<VerifiedMany>>;
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
  ): Promise<Outcome<VerifiedMany>> {
    const allowed = await authorize(access, actor, reportId, 'verifyOwnFigure');
    if (!allowed.ok) return allowed;
    const keeper = await settled(reportId);
    if (keeper === null) return refuse('not_found');
    const { sights } = keeper;
    const codeOf = (doc: Y.Doc, { id, valueKey }: Seen): Unverified['code'] | null => {
      const map = findFigure(doc, id);
      if (map === null) return 'not_found';
      if (!can(actor, actionOnFigure(actor, 'verify', readFigure(map, id)), allowed.value))
        return 'forbidden';
      const { now: value } = sights.look(id);
      return value === null || valueKeyOf(value) !== valueKey ? 'conflict' : null;
    };
    const outcome = await command<VerifiedMany>(
      actor,
      'verifyOwnFigure',
      reportId,
      key ?? null,
      (doc) => {
        const answer = sortedOut(figures, (figure) => codeOf(doc, figure));
        const at = now().toISOString();
        for (const id of answer.verified) {
          const map = findFigure(doc, id);
          if (map === null) throw new Error(`figure ${id} can be verified and is not there`);
          setVerified(map, actor.userId, at, sights.look(id));
        }
        const about = { actor, reportId, figureIds: answer.verified };
        return done({
          answer,
          events: answer.verified.length === 0 ? [] : [{ type: 'figure.verified', ...about }],
        });
      },
      (doc) =>
        done(
          sortedOut(figures, (figure) =>
            isVerified(doc, actor, figure) ? null : (codeOf(doc, figure) ?? 'conflict'),
          ),
        ),
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

function sortedOut(
  figures: readonly Seen[],
  codeOf: (figure: Seen) => Unverified['code'] | null,
): VerifiedMany {
  const sorted: VerifiedMany = { verified: [], refused: [] };
  for (const figure of figures) {
    const code = codeOf(figure);
    if (code === null) sorted.verified.push(figure.id);
    else sorted.refused.push({ id: figure.id, code });
  }
  return sorted;
}

/** Whether somebody has vouched for what they saw, whatever became of it since. */
function isVerified(doc: Y.Doc, actor: Actor, { id, valueKey }: Seen): boolean {
  const map = findFigure(doc, id);
  const known = map === null ? null : verificationOf(map);
  return known !== null && known.by === actor.userId && known.key === valueKey;
}
