import type { App } from '../app.ts';
import { WORKSPACE_ROLES, type WorkspaceRole } from '#lib/review/permissions.ts';
import type { Person } from '../people/people.ts';
import { OPERATOR } from '../operator.ts';
import { parse, print, readLine, refused, UsageError, withApp, type Command } from './command.ts';

const OPTIONS = {
  name: { type: 'string' },
  role: { type: 'string', default: 'member' },
  department: { type: 'string' },
  email: { type: 'string' },
  'password-stdin': { type: 'boolean', default: false },
} as const;
type Values = ReturnType<typeof parse<typeof OPTIONS>>['values'];

async function everyone({ people }: App): Promise<Person[]> {
  const all: Person[] = [];
  for (let page = 1, pages = 1; page <= pages; page++) {
    const outcome = await people.list(OPERATOR, { page });
    if (!outcome.ok) throw new Error(`the operator may not list people: ${outcome.code}`);
    all.push(...outcome.value.people);
    pages = outcome.value.pages;
  }
  return all;
}

async function list(app: App): Promise<number> {
  const people = await everyone(app);
  print(
    people.map(({ username, name, department, role, email, disabled }) => ({
      username,
      name,
      department,
      role,
      email,
      disabled,
    })),
  );
  return 0;
}

function roleOf(values: Values): WorkspaceRole {
  const role = WORKSPACE_ROLES.find((known) => known === values.role);
  if (role === undefined) throw new UsageError(`--role: ${WORKSPACE_ROLES.join(' | ')}`);
  return role;
}

async function add(app: App, username: string, values: Values): Promise<number> {
  const departments = await app.departments.list(OPERATOR);
  const department = departments.find(({ name }) => name === values.department);
  if (values.department !== undefined && department === undefined) {
    throw new UsageError(`--department: ${departments.map(({ name }) => name).join(' | ')}`);
  }
  const outcome = await app.people.create(OPERATOR, {
    username,
    name: values.name ?? username,
    role: roleOf(values),
    departmentId: department?.id ?? null,
    email: values.email ?? null,
    ...(values['password-stdin'] && { password: await readLine() }),
  });
  if (!outcome.ok) return refused(outcome);
  print({ username, password: outcome.value.password });
  return 0;
}

async function resetPassword(app: App, username: string): Promise<number> {
  const person = (await everyone(app)).find((one) => one.username === username);
  if (person === undefined) return refused({ ok: false, code: 'not_found', detail: username });
  const outcome = await app.people.resetPassword(OPERATOR, person.id);
  if (!outcome.ok) return refused(outcome);
  print({ username, password: outcome.value.password });
  return 0;
}

export const userCommand: Command = {
  usage: [
    ['user list', '列出所有人员。Everybody.'],
    [
      'user add USERNAME [--name NAME] [--role member|publisher|admin] [--department NAME] [--email ADDRESS] [--password-stdin]',
      '添加人员；不给密码则随机生成并显示。Adds a person; without a password one is made up and shown.',
    ],
    ['user reset-password USERNAME', '重设密码并显示，原有登录全部失效。A new password; all sessions end.'],
  ],
  async run(args) {
    const { positionals, values } = parse(args, OPTIONS);
    const [action, username] = positionals;
    if (action === 'list') return withApp(list);
    if (username === undefined) throw new UsageError('user: list | add USERNAME | reset-password USERNAME');
    if (action === 'add') return withApp((app) => add(app, username, values));
    if (action === 'reset-password') return withApp((app) => resetPassword(app, username));
    throw new UsageError(`user: ${action ?? ''}`);
  },
};
