/** The example workspace: three departments of an invented county, five people, one report. */
import { hashPassword } from 'better-auth/crypto';
import type { Transaction } from 'kysely';
import type { Actor, WorkspaceRole } from '#lib/review/permissions.ts';
import { newId } from '../ids.ts';
import { insertDepartment, type Department } from '../people/departments.ts';
import { newPassword } from '../people/names.ts';
import { insertPerson } from '../people/people.ts';
import { insertReport } from '../reports/create.ts';
import type { Database } from '../store/tables.ts';
import { EXAMPLE_TITLE, exampleContent } from './example-report.ts';
import type { NewAccount, SetUp } from './result.ts';

const PRESS = '县委宣传部';
const SCHOOLS = '县教育局';
const PLANNING = '县发展和改革局';

interface Role {
  username: string;
  name: string;
  role: WorkspaceRole;
  department: string | null;
}

const ADMIN: Role = { username: 'admin', name: '沈知远', role: 'admin', department: null };
const PUBLISHER: Role = { username: 'songyutong', name: '宋雨桐', role: 'publisher', department: PRESS };
const WRITER: Role = { username: 'linxiaohe', name: '林晓禾', role: 'member', department: SCHOOLS };
const OTHER_WRITER: Role = { username: 'fanglicheng', name: '方立诚', role: 'member', department: PLANNING };
const REVIEWER: Role = { username: 'hejingyi', name: '何静宜', role: 'member', department: PRESS };

/** The writers are of different departments. */
export const EXAMPLE_PEOPLE: readonly Role[] = [ADMIN, PUBLISHER, WRITER, OTHER_WRITER, REVIEWER];

export interface ExampleAccount extends NewAccount {
  passwordHash: string;
}

/** The people with fresh passwords. Hashing takes a while, so it is done before any transaction. */
export function exampleAccounts(): Promise<ExampleAccount[]> {
  return Promise.all(
    EXAMPLE_PEOPLE.map(async (role) => {
      const password = newPassword();
      const passwordHash = await hashPassword(password);
      return Object.assign({ password, passwordHash }, role);
    }),
  );
}

/** Writes departments, people and the report, shared: two departments write, the reviewer comments. */
export async function writeExample(
  tx: Transaction<Database>,
  accounts: readonly ExampleAccount[],
  now: Date,
): Promise<SetUp> {
  const departments = new Map<string, Department>();
  for (const name of [PRESS, SCHOOLS, PLANNING]) departments.set(name, await insertDepartment(tx, name));
  const idOf = (department: string | null) => departments.get(department ?? '')?.id ?? null;

  const people = new Map<string, Actor>();
  for (const account of accounts) {
    const { username, name, role, department, passwordHash } = account;
    const departmentId = idOf(department);
    const userId = await insertPerson(tx, { username, name, role, departmentId, passwordHash });
    people.set(username, { userId, name, role, departmentId });
  }

  const writer = known(people, WRITER.username);
  const reportId = newId();
  await insertReport(tx, reportId, writer, { from: 'content', content: exampleContent(), title: null }, now);
  await tx.updateTable('report').set({ status: 'review' }).where('id', '=', reportId).execute();
  await tx
    .insertInto('reportShare')
    .values([
      ...[SCHOOLS, PLANNING].map((name) => ({
        reportId,
        subjectKind: 'department' as const,
        subjectId: known(departments, name).id,
        role: 'editor' as const,
      })),
      {
        reportId,
        subjectKind: 'person',
        subjectId: known(people, REVIEWER.username).userId,
        role: 'commenter',
      },
    ])
    .execute();

  return {
    workspace: '云禾县稿件协作（示例）',
    accounts: accounts.map(({ username, password, name, department, role }) => ({
      username,
      password,
      name,
      department,
      role,
    })),
    reports: [{ id: reportId, title: EXAMPLE_TITLE }],
  };
}

function known<T>(map: ReadonlyMap<string, T>, key: string): T {
  const found = map.get(key);
  if (found === undefined) throw new Error(`the example has no ${key}`);
  return found;
}
