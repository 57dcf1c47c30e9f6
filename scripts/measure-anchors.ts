/**
 * What keeping 1,000 threads on their words costs the server for each keystroke in a report of 110,000
 * characters: the milliseconds that the anchors add to applying an update, and what reading them all costs.
 */
import * as Y from 'yjs';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import { Anchors } from '#lib/review/anchors.ts';
import { toBase64 } from 'lib0/buffer';

const PARAGRAPHS = 440;
const LENGTH = 250;
const THREADS = 1_000;
const KEYS = 5_000;

let seed = 1;
const random = (below: number) => {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed % below;
};
const words = (length: number) =>
  Array.from({ length }, () => String.fromCharCode(0x4e00 + random(3_000))).join('');

const writer = new Y.Doc();
const texts = Array.from({ length: PARAGRAPHS }, () => new Y.XmlText(words(LENGTH)));
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

const position = (text: Y.XmlText, at: number, assoc: number) =>
  toBase64(Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(text, at, assoc)));
const begun = performance.now();
const anchors = new Anchors(server.getXmlFragment(CONTENT_FRAGMENT));
for (let index = 0; index < THREADS; index++) {
  const text = texts[random(PARAGRAPHS)];
  if (text === undefined) throw new Error('no such paragraph');
  const at = random(LENGTH - 12);
  const [from, to] = [position(text, at, 0), position(text, at + 4 + random(8), -1)];
  const selection = { from, to, exact: '', prefix: '', suffix: '' };
  anchors.put(`t${index}`, anchors.locate(selection));
}
const loading = performance.now() - begun;

const spent: number[] = [];
server.on('afterTransaction', (transaction: Y.Transaction) => {
  const start = performance.now();
  anchors.observe(transaction);
  spent.push(performance.now() - start);
});
writer.on('update', (update: Uint8Array) => Y.applyUpdate(server, update));
for (let key = 0; key < KEYS; key++) {
  const text = texts[random(PARAGRAPHS)];
  text?.insert(random(text.length), words(1));
}
const changed = anchors.takeChanges();
const orphans = [...changed.values()].filter(({ state }) => state === 'orphan').length;
spent.sort((a, b) => a - b);
const at = (share: number) => (spent[Math.floor(share * (spent.length - 1))] ?? 0).toFixed(3);
process.stdout.write(
  `${THREADS} threads, ${PARAGRAPHS * LENGTH} characters, ${KEYS} keystrokes anywhere\n` +
    `a keystroke: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms\n` +
    `placing all threads: ${loading.toFixed(0)} ms; orphans afterwards: ${orphans}\n`,
);
