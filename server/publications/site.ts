/** The reading site as administrators set it up: what it is called, and who may read it. */
import type { Kysely } from 'kysely';
import { canInWorkspace, type Actor } from '#lib/review/permissions.ts';
import type { Recording } from '../events.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { cleanName } from '../people/names.ts';
import { WORKSPACE_NAME } from '../people/workspace.ts';
import type { Database } from '../store/tables.ts';

/** Who may read: everybody, or those who are signed in. */
export const AUDIENCES = ['members', 'public'] as const;
export type Audience = (typeof AUDIENCES)[number];

export interface SiteSettings {
  /** '' for none of its own: then it bears the workspace's. */
  name: string;
  /** Beside the name; '' for none. */
  slogan: string;
  /** Below every page, such as whose site it is and its registration; '' for none. */
  footer: string;
  audience: Audience;
}

/** What pages show. */
export interface SiteFacts extends SiteSettings {
  /** Its own or the workspace's; null as long as there is neither. */
  title: string | null;
}

export interface Site {
  /** Until somebody says otherwise it is for members. */
  facts(): Promise<SiteFacts>;
  /** Administrators only. Refused with `forbidden`, or `invalid` naming the field. */
  change(actor: Actor, settings: SiteSettings): Promise<Outcome<SiteSettings>>;
}

/** The most characters of each. */
const LONGEST = { name: 40, slogan: 60, footer: 200 };

type Field = keyof SiteSettings;
const KEYS: Record<Field, string> = {
  name: 'site.name',
  slogan: 'site.slogan',
  footer: 'site.footer',
  audience: 'site.audience',
};
const FIELDS = Object.keys(KEYS) as Field[];

async function factsIn(db: Kysely<Database>): Promise<SiteFacts> {
  const rows = await db
    .selectFrom('setting')
    .selectAll()
    .where('key', 'in', [...Object.values(KEYS), WORKSPACE_NAME])
    .execute();
  const stored = new Map(rows.map(({ key, value }) => [key, value]));
  const text = (field: Field) => stored.get(KEYS[field]) ?? '';
  return {
    name: text('name'),
    slogan: text('slogan'),
    footer: text('footer'),
    // Whatever else stands there, nothing is opened by mistake.
    audience: text('audience') === 'public' ? 'public' : 'members',
    title: text('name') || (stored.get(WORKSPACE_NAME) ?? null),
  };
}

/** The settings as they are kept, or the first field that cannot be. */
function cleaned(settings: SiteSettings): Outcome<SiteSettings> {
  const clean = { ...settings };
  for (const field of ['name', 'slogan', 'footer'] as const) {
    if (settings[field].trim() === '') clean[field] = '';
    else {
      const text = cleanName(settings[field], LONGEST[field]);
      if (text === null) return refuse('invalid', field);
      clean[field] = text;
    }
  }
  return done(clean);
}

export function openSite(db: Kysely<Database>, events: Recording): Site {
  return {
    facts: () => factsIn(db),
    async change(actor, settings) {
      if (!canInWorkspace(actor, 'manageSettings')) return refuse('forbidden');
      const clean = cleaned(settings);
      if (!clean.ok) return clean;
      return events.transaction(async (tx, record) => {
        const before = await factsIn(tx);
        const fields = FIELDS.filter((field) => before[field] !== clean.value[field]);
        if (fields.length === 0) return clean;
        await tx
          .insertInto('setting')
          .values(fields.map((field) => ({ key: KEYS[field], value: clean.value[field] })))
          .onConflict((on) => on.column('key').doUpdateSet((set) => ({ value: set.ref('excluded.value') })))
          .execute();
        const audience = fields.includes('audience') ? clean.value.audience : null;
        await record({ type: 'site.changed', actor, fields, audience });
        return clean;
      });
    },
  };
}
