/** A recorded writing session as Yjs updates. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as Y from 'yjs';

/** Position, how much is deleted there, and what is inserted. */
type Patch = [number, number, string];
interface Trace {
  txns: { patches: Patch[] }[];
}

const SYNTHETIC_KEYSTROKES = 260_000;

/** The session in a file; without one (`''`), a made one of the same length. */
export function readTrace(file: string): Patch[][] {
  if (file === '') return synthesise();
  const { txns } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Trace;
  return txns.map(({ patches }) => patches);
}

/** Mostly typing on, sometimes taking back, sometimes going elsewhere; the same each time. */
function synthesise(): Patch[][] {
  let seed = 1;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const keystrokes: Patch[][] = [];
  let length = 0;
  let at = 0;
  while (keystrokes.length < SYNTHETIC_KEYSTROKES) {
    if (random() < 0.02) at = Math.floor(random() * length);
    if (at > 0 && random() < 0.3) {
      keystrokes.push([[--at, 1, '']]);
      length--;
    } else {
      keystrokes.push([[at++, 0, '字']]);
      length++;
    }
  }
  return keystrokes;
}

/** The session as updates of `batch` keystrokes each. */
export function updatesOf(keystrokes: readonly Patch[][], batch: number): Uint8Array[] {
  const doc = new Y.Doc();
  const text = new Y.XmlText();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  doc.transact(() => {
    const paragraph = new Y.XmlElement('paragraph');
    paragraph.insert(0, [text]);
    doc.getXmlFragment('content').insert(0, [paragraph]);
  });
  for (let from = 0; from < keystrokes.length; from += batch) {
    doc.transact(() => {
      for (const [at, deleted, inserted] of keystrokes.slice(from, from + batch).flat()) {
        if (deleted > 0) text.delete(at, deleted);
        if (inserted !== '') text.insert(at, inserted);
      }
    });
  }
  return updates;
}
