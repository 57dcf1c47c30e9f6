/** The workspace's glossary (提法库) and what looks like a measure and is none. Everybody reads both. */
import { sql, type Kysely, type SqlBool, type Transaction } from 'kysely';
import {
  cleanTerm,
  faultOf,
  type ImportedTerm,
  type LineFault,
  type Term,
  type TermFacts,
} from '#lib/figures/term.ts';
import { canEditTerm, canInWorkspace, type Actor } from '#lib/review/permissions.ts';
import type { Recording } from '../events.ts';
import { newId } from '../ids.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import type { Database } from '../store/tables.ts';

/** What is kept of a term that somebody gives. */
export interface TermInput extends TermFacts {
  /** Null: the workspace's. */
  departmentId: string | null;
}

export interface Imported {
  added: number;
  changed: number;
  unchanged: number;
  /** Lines that were left out, and why. */
  faults: { line: number; fault: LineFault }[];
}

export interface DismissedMeasure {
  name: string;
  reason: string;
  by: { id: string; name: string };
  at: string;
}

export interface Glossary {
  /** By pinyin. `text`: words that name, definition or note must contain, each of them. */
  list(actor: Actor, text?: string): Promise<Term[]>;
  /** Refused with `forbidden`, `invalid` naming the field, `conflict` when the name is taken, or `too_many`. */
  create(actor: Actor, input: TermInput): Promise<Outcome<{ id: string }>>;
  change(actor: Actor, id: string, input: TermInput): Promise<Outcome<null>>;
  remove(actor: Actor, id: string): Promise<Outcome<null>>;
  /** Adds and changes by name what the actor may; the rest is answered line by line. */
  import(
    actor: Actor,
    terms: readonly { line: number; term: ImportedTerm }[],
    faults: Imported['faults'],
  ): Promise<Outcome<Imported>>;
  dismissed(actor: Actor): Promise<DismissedMeasure[]>;
  dismiss(actor: Actor, name: string, reason: string): Promise<Outcome<null>>;
  restore(actor: Actor, name: string): Promise<Outcome<null>>;
}

/** The most of each. */
const MAX_TERMS = 10_000;
const MAX_DISMISSED = 5_000;

export function openGlossary(db: Kysely<Database>, events: Recording, now: () => Date): Glossary {
  async function check(tx: Kysely<Database>, actor: Actor, input: TermInput): Promise<Outcome<TermInput>> {
    const clean = {
      ...input,
      name: cleanTerm(input.name),
      definition: input.definition.trim(),
      note: input.note.trim(),
    };
    if (!canEditTerm(actor, clean.departmentId)) return refuse('forbidden');
    const fault = faultOf(clean);
    if (fault !== null) return refuse('invalid', fault);
    if (clean.departmentId !== null) {
      const row = await tx
        .selectFrom('department')
        .select('id')
        .where('id', '=', clean.departmentId)
        .executeTakeFirst();
      if (row === undefined) return refuse('invalid', 'departmentId');
    }
    return done(clean);
  }

  const named = (tx: Kysely<Database>, name: string) =>
    tx.selectFrom('term').selectAll().where('name', '=', name).executeTakeFirst();
  const stamp = (actor: Actor) => ({ updatedBy: actor.userId, updatedAt: now().toISOString() });
  const insert = async (tx: Transaction<Database>, actor: Actor, input: TermInput) => {
    const id = newId();
    await tx
      .insertInto('term')
      .values({ id, ...input, ...stamp(actor) })
      .execute();
    return id;
  };
  const countOf = async (tx: Kysely<Database>, table: 'term' | 'dismissedMeasure') => {
    const { total } = await tx
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    return total;
  };

  return {
    async list(actor, text = '') {
      let select = db
        .selectFrom('term')
        .leftJoin('department', 'department.id', 'term.departmentId')
        .leftJoin('user', 'user.id', 'term.updatedBy')
        .selectAll('term')
        .select(['department.name as departmentName', 'department.hue', 'user.name as updaterName']);
      for (const word of text.split(/\s+/u).filter((part) => part !== '')) {
        const like = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
        select = select.where(
          sql<SqlBool>`(term.name || ' ' || term.definition || ' ' || term.note) LIKE ${like} ESCAPE '\\'`,
        );
      }
      const rows = await select.execute();
      const pinyin = new Intl.Collator('zh-CN', { numeric: true });
      return rows
        .map((row): Term => ({
          id: row.id,
          name: row.name,
          kind: row.kind,
          definition: row.definition,
          note: row.note,
          department:
            row.departmentId === null || row.departmentName === null || row.hue === null
              ? null
              : { id: row.departmentId, name: row.departmentName, hue: row.hue },
          updatedAt: row.updatedAt,
          updatedBy: row.updaterName ?? row.updatedBy,
          canEdit: canEditTerm(actor, row.departmentId),
        }))
        .sort((a, b) => pinyin.compare(a.name, b.name));
    },
    create: (actor, input) =>
      events.transaction(async (tx, record): Promise<Outcome<{ id: string }>> => {
        const checked = await check(tx, actor, input);
        if (!checked.ok) return checked;
        if ((await named(tx, checked.value.name)) !== undefined) return refuse('conflict', 'name');
        if ((await countOf(tx, 'term')) >= MAX_TERMS) return refuse('too_many', `${MAX_TERMS}`);
        const id = await insert(tx, actor, checked.value);
        await record({ type: 'term.created', actor, termId: id });
        return done({ id });
      }),
    change: (actor, id, input) =>
      events.transaction(async (tx, record): Promise<Outcome<null>> => {
        const before = await tx.selectFrom('term').selectAll().where('id', '=', id).executeTakeFirst();
        if (before === undefined) return refuse('not_found');
        if (!canEditTerm(actor, before.departmentId)) return refuse('forbidden');
        const checked = await check(tx, actor, input);
        if (!checked.ok) return checked;
        const holder = await named(tx, checked.value.name);
        if (holder !== undefined && holder.id !== id) return refuse('conflict', 'name');
        await tx
          .updateTable('term')
          .set({ ...checked.value, ...stamp(actor) })
          .where('id', '=', id)
          .execute();
        await record({ type: 'term.changed', actor, termId: id });
        return done(null);
      }),
    remove: (actor, id) =>
      events.transaction(async (tx, record): Promise<Outcome<null>> => {
        const before = await tx
          .selectFrom('term')
          .select('departmentId')
          .where('id', '=', id)
          .executeTakeFirst();
        if (before === undefined) return refuse('not_found');
        if (!canEditTerm(actor, before.departmentId)) return refuse('forbidden');
        await tx.deleteFrom('term').where('id', '=', id).execute();
        await record({ type: 'term.removed', actor, termId: id });
        return done(null);
      }),
    import: (actor, terms, faults) =>
      events.transaction(async (tx, record): Promise<Outcome<Imported>> => {
        if (!canInWorkspace(actor, 'manageGlossary') && actor.departmentId === null)
          return refuse('forbidden');
        const departments = new Map(
          (await tx.selectFrom('department').select(['id', 'name']).execute()).map(({ id, name }) => [
            name,
            id,
          ]),
        );
        const known = new Map(
          (await tx.selectFrom('term').selectAll().execute()).map((term) => [term.name, term]),
        );
        const result: Imported = { added: 0, changed: 0, unchanged: 0, faults: [...faults] };
        for (const { line, term } of terms) {
          const { department, ...facts } = term;
          // Who manages none of the others' gives what names no department to their own.
          const own = canInWorkspace(actor, 'manageGlossary') ? null : actor.departmentId;
          const departmentId = department === '' ? own : (departments.get(department) ?? '');
          const before = known.get(facts.name);
          if (departmentId === '') result.faults.push({ line, fault: 'department' });
          else if (
            !canEditTerm(actor, departmentId) ||
            (before !== undefined && !canEditTerm(actor, before.departmentId))
          )
            result.faults.push({ line, fault: 'forbidden' });
          else if (before === undefined) {
            if (known.size + result.added >= MAX_TERMS) return refuse('too_many', `${MAX_TERMS}`);
            await insert(tx, actor, { ...facts, departmentId });
            result.added++;
          } else if (
            before.kind === facts.kind &&
            before.definition === facts.definition &&
            before.note === facts.note &&
            before.departmentId === departmentId
          )
            result.unchanged++;
          else {
            await tx
              .updateTable('term')
              .set({ ...facts, departmentId, ...stamp(actor) })
              .where('id', '=', before.id)
              .execute();
            result.changed++;
          }
        }
        result.faults.sort((a, b) => a.line - b.line);
        const { added, changed } = result;
        if (added + changed > 0) await record({ type: 'glossary.imported', actor, added, changed });
        return done(result);
      }),
    async dismissed() {
      const rows = await db
        .selectFrom('dismissedMeasure')
        .leftJoin('user', 'user.id', 'dismissedMeasure.userId')
        .selectAll('dismissedMeasure')
        .select('user.name as userName')
        .orderBy('dismissedMeasure.name')
        .execute();
      return rows.map(({ name, reason, userId, userName, at }) => ({
        name,
        reason,
        by: { id: userId, name: userName ?? userId },
        at,
      }));
    },
    dismiss: (actor, name, reason) =>
      events.transaction(async (tx, record): Promise<Outcome<null>> => {
        if (!canInWorkspace(actor, 'dismissMeasure')) return refuse('forbidden');
        const clean = cleanTerm(name);
        if (faultOf({ name: clean, definition: '', note: reason }) !== null) return refuse('invalid', 'name');
        if ((await countOf(tx, 'dismissedMeasure')) >= MAX_DISMISSED)
          return refuse('too_many', `${MAX_DISMISSED}`);
        const facts = { reason: reason.trim(), userId: actor.userId, at: now().toISOString() };
        await tx
          .insertInto('dismissedMeasure')
          .values({ name: clean, ...facts })
          .onConflict((on) => on.column('name').doUpdateSet(facts))
          .execute();
        await record({ type: 'measure.dismissed', actor });
        return done(null);
      }),
    restore: (actor, name) =>
      events.transaction(async (tx, record): Promise<Outcome<null>> => {
        if (!canInWorkspace(actor, 'dismissMeasure')) return refuse('forbidden');
        const removed = await tx
          .deleteFrom('dismissedMeasure')
          .where('name', '=', cleanTerm(name))
          .executeTakeFirst();
        if (removed.numDeletedRows === 0n) return refuse('not_found');
        await record({ type: 'measure.restored', actor });
        return done(null);
      }),
  };
}
