/**
 * The test command: format, lint, types, dead code, dependency direction, messages, build, sizes, then
 * unit and contract tests, then browser tests. Goes on after a failure so that one run shows them all,
 * and ends with one line: `N passed, N failed, N skipped`.
 *
 * usage: node scripts/test.mjs [checks|unit|browser]...   (all when none is named)
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const results = join(root, 'test-results');
const asked = new Set(process.argv.slice(2));
const wants = (/** @type {string} */ part) => asked.size === 0 || asked.has(part);

const total = { passed: 0, failed: 0, skipped: 0 };

const env = {
  // What Node compiles, types stripped off, is kept: the tests start some thousand processes and threads.
  NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'),
  ...process.env,
  ...(!process.stdout.isTTY && { NO_COLOR: '1' }),
};

/** A runner of tests, whose output is shown as it comes. @param {string} command @param {string[]} args */
function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env });
  if (error) process.stderr.write(`${command}: ${error.message}\n`);
  return status === 0;
}

/**
 * What a check printed is shown when it ends. It counts as one test.
 * @param {string} name @param {string} command @param {string[]} args @returns {Promise<boolean>}
 */
function check(name, command, args) {
  const started = Date.now();
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    child.on('error', (error) => (said += `${command}: ${error.message}\n`));
    child.on('close', (status) => {
      const ok = status === 0;
      total[ok ? 'passed' : 'failed']++;
      const seconds = Math.round((Date.now() - started) / 1000);
      process.stdout.write(`\n── ${name}\n${said}${ok ? '✓' : '✗'} ${name} (${seconds} s)\n`);
      resolve(ok);
    });
  });
}

/** As many checks at once as there are cores. @param {[name: string, command: string, args: string[]][]} checks */
async function checkAll(checks) {
  const waiting = checks.values();
  const work = async () => {
    for (const one of waiting) await check(...one);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

/** Counts of a runner's JSON report; a runner that left none has failed once. */
function count(
  /** @type {string} */ file,
  /** @type {(report: any) => typeof total} */ read,
  /** @type {boolean} */ ok,
) {
  let counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    counts = read(JSON.parse(readFileSync(join(results, file), 'utf8')));
  } catch (error) {
    process.stderr.write(`${file}: ${error instanceof Error ? error.message : error}\n`);
    counts.failed = 1;
  }
  if (!ok && counts.failed === 0) counts.failed = 1;
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
}

mkdirSync(results, { recursive: true });
for (const file of ['unit.json', 'browser.json']) rmSync(join(results, file), { force: true });

// The build writes what some checks read (messages as code, the routes' types) and leaves a core to the others.
const building = check('build', 'node', ['scripts/prepare.mjs', 'build']);
if (wants('checks')) {
  await check('format', 'prettier', ['--check', '.']);
  await check('lint', 'oxlint', ['--deny-warnings']);
  await check('messages', 'node', ['scripts/check-messages.mjs']);
}
const built = await building;
if (wants('checks')) {
  const types = ['--tsconfig', './tsconfig.json', '--output', 'human', '--fail-on-warnings'];
  const directions = ['--config', '.dependency-cruiser.mjs', '--output-type', 'err-long'];
  await checkAll([
    ['types', 'svelte-check', types],
    ['dead code and unused dependencies', 'knip', ['--no-progress', '--no-config-hints']],
    ['who imports whom', 'depcruise', [...directions, 'src', 'server', 'e2e']],
    ['sizes', 'node', ['scripts/check-sizes.mjs']],
  ]);
}
if (wants('unit')) {
  process.stdout.write('\n── unit and contract tests\n');
  const ok = run('vitest', [
    'run',
    '--reporter=dot',
    '--reporter=json',
    '--outputFile.json=test-results/unit.json',
  ]);
  count(
    'unit.json',
    (report) => ({
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    }),
    ok,
  );
}
if (wants('browser') && built) {
  process.stdout.write('\n── browser tests\n');
  const ok = run('playwright', ['test']);
  count(
    'browser.json',
    ({ stats }) => ({
      passed: stats.expected + stats.flaky,
      failed: stats.unexpected,
      skipped: stats.skipped,
    }),
    ok,
  );
}

process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exit(total.failed + total.skipped === 0 ? 0 : 1);
