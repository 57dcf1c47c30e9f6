/** Who wrote how much of a report, asked for when somebody wants to see it. */
import type { AuthoredRun } from '#lib/editor/authors.ts';
import { api } from '#lib/http/client.ts';
import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';
import { hueColor } from '#lib/ui/hues.ts';
import type { AuthorshipShares, Shares } from '#server/review/authorship.ts';
import { exactTime } from '#lib/ui/when.ts';
import { personOf, type Names } from './names.ts';

type Authorship = AuthorshipShares & { people: Names };

/** Null: it could not be had now. */
export async function loadAuthorship(reportId: string): Promise<Authorship | null> {
  const answer = await api('GET', `/api/reports/${reportId}/authorship`);
  return answer.ok ? (answer.value as Authorship) : null;
}

function colorOf(names: Names, departmentId: string | null): string {
  return hueColor(departmentId === null ? null : (names.departments[departmentId]?.hue ?? null));
}

/** What the text shows of it. */
export function authoredRuns({ blocks, people: names }: Authorship): AuthoredRun[][] {
  const locale = getLocale();
  return blocks.map((block) =>
    block.map(({ length, userId, departmentId, at }) => {
      if (userId === null) return { length, color: null, title: m.review_nobodys() };
      const { name } = personOf(names, userId);
      const department = departmentId === null ? null : names.departments[departmentId]?.name;
      const who = department ? m.review_author({ name, department }) : name;
      return {
        length,
        color: colorOf(names, departmentId),
        title: at === null ? who : `${who} · ${exactTime(at, locale)}`,
      };
    }),
  );
}

export interface DepartmentShare {
  id: string;
  name: string;
  color: string;
  /** 0 to 1. */
  share: number;
}

/** The largest first; empty where there is no text. */
export function departmentShares({ characters, departments }: Shares, names: Names): DepartmentShare[] {
  if (characters === 0) return [];
  return departments.map(({ id, characters: own }) => ({
    id: id ?? '',
    name:
      id === null ? m.review_no_department() : (names.departments[id]?.name ?? m.review_unknown_department()),
    color: colorOf(names, id),
    share: own / characters,
  }));
}
