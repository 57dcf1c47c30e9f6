/**
 * What 2,000 registered figures in a report of 110,000 characters cost the server for each keystroke: keeping their
 * anchors and looking how the text has them, in milliseconds beside applying the update.
 */
import * as Y from 'yjs';
import { Sights, type Known } from '#lib/figures/sight.ts';
import { stateOf } from '#lib/figures/register.ts';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import { Anchors } from '#lib/review/anchors.ts';

const PARAGRAPHS = 440;
const FIGURES = 2_000;
const KEYS = 3_000;
const SENTENCE = '全县新建水库12座，完成投资6.85亿元，培育经营主体2168个，覆盖42个乡镇，比上年增长31.76%。';
const REST = '坚持规划引领，健全工作机制，压实各级责任，推动项目早开工、早建成、早见效，群众满意度持续提升，';

let seed = 1;
const random = (below: number) => {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed % below;
};

const writer = new Y.Doc();
const texts = Array.from({ length: PARAGRAPHS }, () => new Y.XmlText(REST.repeat(4) + SENTENCE));
writer.getXmlFragment(CONTENT_FRAGMENT).insert(
  0,
  texts.map((text) => {
    const paragraph = new Y.XmlElement('paragraph');
    paragraph.insert(0, [text]);
    return paragraph;
  }),
);
const server = new Y.Doc();
Y.applyUpdate(server, Y.encodeStateAsUpdate(writer));

const begun = performance.now();
const anchors = new Anchors(server.getXmlFragment(CONTENT_FRAGMENT));
const sights = new Sights(anchors);
const known = new Map<string, Known>();
for (const block of anchors.blocks) {
  for (const { start, end, ...now } of sights.in(block)) {
    if (known.size >= FIGURES) break;
    const anchor = anchors.anchorAt({ block, from: start, to: end });
    if (anchor === null) continue;
    const id = `f${known.size}`;
    anchors.put(id, anchor);
    known.set(id, { now, state: stateOf(now, null), reworded: false, verified: null });
  }
}
for (const [id, one] of known) sights.put(id, one);
anchors.takeTouched();
const loading = performance.now() - begun;

let changes = 0;
const spent: number[] = [];
server.on('afterTransaction', (transaction: Y.Transaction) => {
  const start = performance.now();
  anchors.observe(transaction);
  for (const id of anchors.takeTouched()) if (sights.news(id) !== null) changes++;
  spent.push(performance.now() - start);
});
writer.on('update', (update: Uint8Array) => Y.applyUpdate(server, update));
for (let key = 0; key < KEYS; key++) {
  const text = texts[random(PARAGRAPHS)];
  const letters = '的在和7上是一，';
  text?.insert(random(text.length), letters[random(letters.length)] ?? '');
}
spent.sort((a, b) => a - b);
const at = (share: number) => (spent[Math.floor(share * (spent.length - 1))] ?? 0).toFixed(3);
process.stdout.write(
  `${known.size} registered figures, ${anchors.blocks.reduce((sum, { text }) => sum + text.length, 0)} characters, ${KEYS} keystrokes anywhere\n` +
    `a keystroke: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms; ${changes} changes of figures\n` +
    `detecting and placing all: ${loading.toFixed(0)} ms\n`,
);
