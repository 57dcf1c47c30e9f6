import { expect, test } from 'vitest';
import { Turns, type Turn } from './turns.ts';

const KIB = 1024;

/** Someone who takes what they are sent only when told to. */
class Peer implements Turn {
  readonly userId: string;
  served = 0;
  take = () => {};
  readonly #bytes: number;
  constructor(userId: string, bytes: number) {
    this.userId = userId;
    this.#bytes = bytes;
  }
  serve(taken: () => void): number {
    this.served++;
    this.take = taken;
    return this.#bytes;
  }
}
const immediate = () => new Promise((resolve) => setImmediate(resolve));
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await immediate();
}
const served = (peers: Peer[]) => peers.map((peer) => peer.served).join('');

test('[R20] so many bytes are on their way and no more; the next comes when one has left', async () => {
  const turns = new Turns({ bytes: 200 * KIB, bytesPerUser: 1_000 * KIB });
  const peers = Array.from({ length: 4 }, (_, index) => new Peer(`user${index}`, 100 * KIB));
  for (const peer of peers) turns.ask(peer);
  await settle();
  expect(served(peers)).toBe('1100');
  peers[1]?.take();
  await settle();
  expect(served(peers)).toBe('1110');
});

test('[R20] who vanishes holds nobody up, served or waiting', async () => {
  const turns = new Turns({ bytes: 100 * KIB, bytesPerUser: 1_000 * KIB });
  const [one, two, three] = [new Peer('a', 100 * KIB), new Peer('b', 100 * KIB), new Peer('c', 100 * KIB)];
  for (const peer of [one, two, three]) turns.ask(peer);
  turns.leave(two);
  turns.leave(one);
  // Told a second time: it must not be counted twice.
  one.take();
  await settle();
  expect(served([one, two, three])).toBe('101');
  expect(turns.waiting).toBe(0);
});

test('[R20] one person with many sockets leaves room for the others', async () => {
  const turns = new Turns({ bytes: 400 * KIB, bytesPerUser: 100 * KIB });
  const greedy = Array.from({ length: 3 }, () => new Peer('greedy', 100 * KIB));
  const other = new Peer('other', 100 * KIB);
  for (const peer of [...greedy, other]) turns.ask(peer);
  await settle();
  expect(served([...greedy, other])).toBe('1001');
});

test('[R20] what is larger than all that may be on its way still comes, alone', async () => {
  const turns = new Turns({ bytes: 100 * KIB, bytesPerUser: 50 * KIB });
  const [large, next] = [new Peer('a', 900 * KIB), new Peer('b', 70 * KIB)];
  turns.ask(large);
  turns.ask(next);
  await settle();
  expect(served([large, next])).toBe('10');
  large.take();
  await settle();
  expect(served([large, next])).toBe('11');
});

test('[R20] small answers are sent at once, however many', () => {
  const turns = new Turns({ bytes: 100 * KIB, bytesPerUser: 50 * KIB });
  const peers = Array.from({ length: 50 }, () => new Peer('a', 10 * KIB));
  for (const peer of peers) turns.ask(peer);
  expect(peers.every((peer) => peer.served === 1)).toBe(true);
});

test('[R20] a socket that asks again is served again when the first answer has left', async () => {
  const turns = new Turns({ bytes: 900 * KIB, bytesPerUser: 900 * KIB });
  const peer = new Peer('a', 100 * KIB);
  turns.ask(peer);
  turns.ask(peer);
  turns.ask(peer);
  await settle();
  expect(peer.served).toBe(1);
  peer.take();
  await settle();
  expect(peer.served).toBe(2);
});
