import { OPERATOR } from '../operator.ts';
import type { Outcome } from '../outcome.ts';
import type { SetUp } from '../setup/result.ts';
import { parse, print, readLine, refused, UsageError, withApp, type Command } from './command.ts';

const OPTIONS = {
  example: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  admin: { type: 'string' },
  name: { type: 'string' },
  workspace: { type: 'string' },
  'password-stdin': { type: 'boolean', default: false },
} as const;

function show(setUp: SetUp, asJson: boolean): void {
  if (asJson) return print(setUp);
  process.stdout.write(`${setUp.workspace}\n\n`);
  for (const { username, password, name, department, role } of setUp.accounts) {
    process.stdout.write(`${username}\t${password}\t${name}\t${department ?? '-'}\t${role}\n`);
  }
  process.stdout.write('\n密码只显示这一次。These passwords are not shown again.\n');
}

export const setUpCommand: Command = {
  usage: [
    [
      'setup --example [--json]',
      '建立示例工作区，显示各账号的密码。The example workspace, with its passwords.',
    ],
    [
      'setup --admin USERNAME --password-stdin [--name NAME] [--workspace NAME] [--json]',
      '建立空工作区和管理员，密码从标准输入读取。An empty workspace and its administrator.',
    ],
  ],
  async run(args) {
    const { values } = parse(args, OPTIONS);
    const { admin, example, json } = values;
    if (example === (admin !== undefined)) throw new UsageError('setup: --example | --admin USERNAME');
    if (admin !== undefined && !values['password-stdin']) {
      throw new UsageError('setup --admin: --password-stdin');
    }
    const password = admin === undefined ? '' : await readLine();
    return withApp(async ({ setup }) => {
      const outcome: Outcome<SetUp> =
        admin === undefined
          ? await setup.createExample(OPERATOR)
          : await setup.create(OPERATOR, {
              workspace: values.workspace ?? '会稿',
              admin: { username: admin, name: values.name ?? admin, password },
            });
      if (!outcome.ok) return refused(outcome);
      show(outcome.value, json);
      return 0;
    });
  },
};
