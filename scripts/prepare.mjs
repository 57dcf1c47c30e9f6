/**
 * Runs before `start`, `dev`, `cli` and `test`, on whatever Node is there, with Node's own modules only:
 * installs the dependencies when the lock file changed (they bring the Node that runs everything else)
 * and, when asked, builds when a source changed and finds a browser.
 *
 * usage: node scripts/prepare.mjs [build] [browser] [--quiet]
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const asked = new Set(process.argv.slice(2));
const quiet = asked.has('--quiet');

/** @param {string} message @returns {never} */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** @param {string} message */
function say(message) {
  if (!quiet) process.stdout.write(`${message}\n`);
}

/**
 * Runs a command with the project's own executables first in the path; answers why it failed, or null.
 * @param {string} command @param {string[]} args
 */
function attempt(command, args) {
  const bin = join(root, 'node_modules', '.bin');
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: quiet ? ['ignore', 'ignore', 'inherit'] : 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` },
  });
  if (result.error) return `${command}: ${result.error.message}`;
  if (result.status !== 0) return `${command} ${args.join(' ')} ended with ${result.status ?? result.signal}`;
  return null;
}

/** Ends the process when the command fails. @param {string} command @param {string[]} args */
function run(command, args) {
  const failure = attempt(command, args);
  if (failure !== null) fail(failure);
}

/** @param {string[]} paths */
function hashOf(paths) {
  const hash = createHash('sha256');
  const add = (/** @type {string} */ path) => {
    const full = join(root, path);
    if (!existsSync(full)) return;
    if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort()) add(join(path, name));
    } else {
      hash.update(path).update('\0').update(readFileSync(full)).update('\0');
    }
  };
  for (const path of paths) add(path);
  return hash.digest('hex');
}

/** Whether a stamp file already holds this hash. @param {string} stamp @param {string} hash */
function isStamped(stamp, hash) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
}

function install() {
  const stamp = join(root, 'node_modules', '.installed');
  const hash = hashOf(['package.json', 'package-lock.json']);
  if (isStamped(stamp, hash)) return;
  say('Installing dependencies …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, hash);
}

function build() {
  const stamp = join(root, 'build', '.built');
  const hash = hashOf([
    'package-lock.json',
    'svelte.config.js',
    'vite.config.ts',
    'tsconfig.json',
    'project.inlang/settings.json',
    'messages',
    'static',
    'src/app.css',
    'src/app.html',
    'src/hooks',
    'src/hooks.server.ts',
    'src/params',
    'src/routes',
    ...readdirSync(join(root, 'src/lib'))
      .filter((name) => name !== 'paraglide')
      .map((name) => join('src/lib', name)),
    'server/seam.ts',
  ]);
  if (isStamped(stamp, hash)) return;
  say('Building …');
  run('npm', ['run', 'build', '--silent']);
  mkdirSync(join(root, 'build'), { recursive: true });
  writeFileSync(stamp, hash);
}

/** The one without windows of its own takes half the time of the whole browser. */
const HEADLESS_SHELL = '/usr/lib/chromium/chromium-headless-shell';

/** Chromium and Chinese fonts for the browser tests: Debian's when root on Debian, else Playwright's own. */
function findBrowser() {
  const isDebianRoot =
    process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version');
  const hasChromium = existsSync('/usr/bin/chromium');
  const hasShell = existsSync(HEADLESS_SHELL);
  if (!isDebianRoot) {
    if (!hasChromium && !hasShell) run('npx', ['playwright', 'install', 'chromium']);
    return;
  }
  const hasFonts = existsSync('/usr/share/doc/fonts-noto-cjk');
  const missing = [...(hasShell ? [] : ['chromium-headless-shell']), ...(hasFonts ? [] : ['fonts-noto-cjk'])];
  if (missing.length === 0) return;
  say(`Installing ${missing.join(', ')} …`);
  const failure =
    attempt('apt-get', ['update', '-qq']) ??
    attempt('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing]);
  if (failure === null) return;
  if (hasFonts && hasChromium) say(`${failure}: the tests go on in the whole Chromium, which takes longer.`);
  else fail(failure);
}

install();
if (asked.has('build')) build();
if (asked.has('browser')) findBrowser();
