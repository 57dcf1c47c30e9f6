/**
 * Opens our Word documents with LibreOffice and looks at the paper that comes out: `npm run check:docx`.
 * Needs `soffice` (Debian: libreoffice-writer-nogui, fonts-noto-cjk), `pdftotext` and `pdfinfo` (poppler-utils).
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EVERYTHING, META, waterReport } from '../src/lib/publish/fixtures/everything.ts';
import { render, renderFile } from '../src/lib/publish/formats.ts';
import type { BlockJson, ReportJson } from '../src/lib/report/model.ts';

/**
 * Lines of a full page (GB/T 9704-2012, 5.2.3). Its 28 characters are not counted here: LibreOffice (7.4) takes a grid
 * whose characters stand closer than they are wide, as this one's, for a wider one.
 */
const LINES = 22;
/** A4 in points. */
const PAPER = /Page size:\s+595\.\d+ x 841\.\d+ pts \(A4\)/;
/** How far apart the words of one line may stand upright, in points: Latin letters are lower. */
const SAME_LINE = 6;

const folder = mkdtempSync(join(tmpdir(), 'huigao-docx-'));
const faults: string[] = [];

function run(command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8', env: { ...process.env, HOME: folder } });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      process.stderr.write(
        `check:docx needs ${command}. On Debian: apt install libreoffice-writer-nogui fonts-noto-cjk poppler-utils\n`,
      );
      process.exit(2);
    }
    throw error;
  }
}

/** A report of body text alone that fills more than a page. */
function pages(): ReportJson {
  const text = '全县坚持节水优先空间均衡系统治理两手发力'.repeat(60);
  const title: BlockJson = {
    type: 'paragraph',
    attrs: { style: 'title' },
    content: [{ type: 'text', text: '满页' }],
  };
  const body: BlockJson = { type: 'paragraph', content: [{ type: 'text', text }] };
  return { schema: 1, title: '满页', content: { type: 'doc', content: [title, body] }, pictures: {} };
}

/** The lines of text of a page: their words by how far down they stand. */
function linesOn(pdf: string, page: number): number {
  const found = run('pdftotext', ['-bbox', '-f', `${page}`, '-l', `${page}`, pdf, '-']);
  const bottoms = [...found.matchAll(/<word [^>]*yMax="([\d.]+)">([^<]*)/g)].map(([, y]) => Number(y));
  const lines = bottoms
    .toSorted((a, b) => a - b)
    .filter((y, index, all) => index === 0 || y - (all[index - 1] ?? 0) > SAME_LINE);
  // The page's number stands below the text.
  return lines.length - 1;
}

const bare = (text: string) => text.normalize('NFKC').replace(/[\s—•◦▪]/gu, '');

/** The lines of our text format, which say all that a reader is shown, each looked for in the paper's text. */
function missing(report: ReportJson, paper: string): string[] {
  const shown = render('text', report, META)
    .split('\n')
    .flatMap((line) => line.split(/\t|（\d+字|共\d+字，预计阅读时长\d+分钟/))
    .map((line) => line.replace(/^\s*(?:\d+\.|[•◦▪-])\s*/u, '').trim())
    // Of pictures and tables the text says what they are.
    .map((line) => line.replace(/^［[图表]：(.*)］$/u, '$1'));
  return shown.filter((line) => line !== '' && !paper.includes(bare(line)));
}

function check(name: string, report: ReportJson): void {
  const docx = join(folder, `${name}.docx`);
  const pdf = join(folder, `${name}.pdf`);
  writeFileSync(docx, renderFile('docx', report, META));
  run('soffice', ['--headless', '--convert-to', 'pdf', '--outdir', folder, docx]);
  const info = run('pdfinfo', [pdf]);
  if (!PAPER.test(info)) faults.push(`${name}: the paper is not A4`);
  // A page's number and its break may stand in the middle of a line.
  const paper = bare(run('pdftotext', ['-raw', pdf, '-']).replace(/—\s*\d+\s*—\s*\f?/g, ''));
  for (const line of missing(report, paper)) faults.push(`${name}: not on paper: ${line}`);
}

try {
  check('everything', EVERYTHING);
  check('water', waterReport());
  check('pages', pages());
  const lines = linesOn(join(folder, 'pages.pdf'), 2);
  if (lines !== LINES) faults.push(`pages: page 2 has ${lines} lines of text, not ${LINES}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.stdout.write(
  faults.length === 0 ? 'LibreOffice shows all of every document, on A4, 22 lines a page.\n' : '',
);
process.exitCode = faults.length === 0 ? 0 : 1;
