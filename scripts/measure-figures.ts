/**
 * How well figures are found, sample by sample, and how fast.
 *
 * usage: npm run measure:figures [-- further-sample.json…]
 */
import { detectFigures, detectMeasures } from '#lib/figures/detect.ts';
import { checkReport } from '#lib/figures/check.ts';
import { checkLanguage } from '#lib/figures/language.ts';
import { reportOf, samples, score } from '#lib/figures/testing.ts';

const all = samples(process.argv.slice(2));
const share = (part: number, whole: number) => (whole === 0 ? '–' : (part / whole).toFixed(3));
const lines = [
  [
    'sample',
    'figures',
    'recall',
    'precision',
    'value',
    'unit',
    'qualifier',
    'kind',
    'measures r',
    'measures p',
  ],
];
const total = { gold: 0, found: 0, extra: 0, value: 0, unit: 0, qualifier: 0, kind: 0 };
for (const sample of all) {
  const { id, gold, found, extra, value, unit, qualifier, kind, measures, faults } = score(sample);
  lines.push([
    id,
    String(gold),
    share(found, gold),
    share(found, found + extra),
    share(value, gold),
    share(unit, gold),
    share(qualifier, gold),
    share(kind, gold),
    share(measures.found, measures.gold),
    share(measures.found, measures.found + measures.extra),
  ]);
  for (const fault of faults) process.stdout.write(`${id}: ${fault}\n`);
  total.gold += gold;
  total.found += found;
  total.extra += extra;
  total.value += value;
  total.unit += unit;
  total.qualifier += qualifier;
  total.kind += kind;
}
lines.push([
  'all',
  String(total.gold),
  share(total.found, total.gold),
  share(total.found, total.found + total.extra),
  ...[total.value, total.unit, total.qualifier, total.kind].map((part) => share(part, total.gold)),
]);
for (const line of lines) process.stdout.write(`${line.map((cell) => cell.padEnd(12)).join('')}\n`);

/** The best of so many runs, in milliseconds: the first ones are slower while the code is new to the engine. */
function best(run: () => void, runs = 7): string {
  let least = Infinity;
  for (let times = 0; times < runs; times++) {
    const begun = performance.now();
    run();
    least = Math.min(least, performance.now() - begun);
  }
  return least.toFixed(1);
}

const paragraphs = all.flatMap((sample) => sample.paragraphs);
const report: string[] = [];
for (let length = 0, at = 0; length < 2_500; at++) {
  const text = paragraphs[at % paragraphs.length] ?? '';
  report.push(text);
  length += text.length;
}
const characters = report.join('').length;
process.stdout.write(
  `\na report of ${characters} characters: ${best(() => {
    for (const text of report) {
      detectFigures(text);
      detectMeasures(text);
    }
  }, 50)} ms\n`,
);
const checked = reportOf(...report);
process.stdout.write(
  `the same report checked, figures and language: ${best(() => {
    checkReport(checked);
    checkLanguage(checked);
  }, 50)} ms\n`,
);
let seed = 1;
const random = (below: number) => {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed % below;
};
const SORTS = {
  digits: '0123456789',
  numerals: '零一二三四五六七八九十百千万亿',
  'digits and numerals': '0123456789零一二三四五六七八九十百千万亿',
};
for (const [name, alphabet] of Object.entries(SORTS)) {
  const text = Array.from({ length: 100_000 }, () => alphabet.charAt(random(alphabet.length))).join('');
  process.stdout.write(`100,000 characters of ${name}: ${best(() => detectFigures(text))} ms\n`);
}
