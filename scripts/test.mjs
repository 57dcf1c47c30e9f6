/**
 * The test command: format, lint, types, dead code, dependency direction, messages, build, sizes, then
 * unit and contract tests, then browser tests. Goes on after a failure so that one run shows them all,
 * and ends with one line: `N passed, N failed, N skipped`.
 *
 * usage: node scripts/test.mjs [checks|unit|browser]...   (all when none is named)
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const results = join(root, 'test-results');
const asked = new Set(process.argv.slice(2));
const wants = (/** @type {string} */ part) => asked.size === 0 || asked.has(part);

const total = { passed: 0, failed: 0, skipped: 0 };

/** @param {string} command @param {string[]} args */
function run(command, args) {
  const started = Date.now();
  const env = process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: '1' };
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env });
  if (error) process.stderr.write(`${command}: ${error.message}\n`);
  return { ok: status === 0, seconds: Math.round((Date.now() - started) / 1000) };
}

/** A check counts as one test. @param {string} name @param {string} command @param {string[]} args */
function check(name, command, args) {
  process.stdout.write(`\n── ${name}\n`);
  const { ok, seconds } = run(command, args);
  total[ok ? 'passed' : 'failed']++;
  process.stdout.write(`${ok ? '✓' : '✗'} ${name} (${seconds} s)\n`);
  return ok;
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

if (wants('checks')) check('format', 'prettier', ['--check', '.']);
// The build writes what the other checks read: messages as code, and the routes' types.
const built = check('build', 'node', ['scripts/prepare.mjs', 'build']);
if (wants('checks')) {
  check('lint', 'oxlint', ['--deny-warnings']);
  check('types', 'svelte-check', [
    '--tsconfig',
    './tsconfig.json',
    '--output',
    'human',
    '--fail-on-warnings',
  ]);
  check('dead code and unused dependencies', 'knip', ['--no-progress', '--no-config-hints']);
  check('who imports whom', 'depcruise', [
    '--config',
    '.dependency-cruiser.mjs',
    '--output-type',
    'err-long',
    'src',
    'server',
    'e2e',
  ]);
  check('messages', 'node', ['scripts/check-messages.mjs']);
  check('sizes', 'node', ['scripts/check-sizes.mjs']);
}
if (wants('unit')) {
  process.stdout.write('\n── unit and contract tests\n');
  const { ok } = run('vitest', [
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
  const { ok } = run('playwright', ['test']);
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
