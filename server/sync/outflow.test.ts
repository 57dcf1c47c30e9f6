import { expect, test } from 'vitest';
import { Outflow, type OutflowSource } from './outflow.ts';
import { Turns } from './turns.ts';

const LIMITS = { lagBytes: 100, cutBytes: 1_000, lagMs: 30_000 };

/** A peer that takes what it is sent when it is told to, and a document that is at a number. */
function open() {
  const peer = { buffered: 0, frames: 0, cuts: 0, now: 0 };
  const source = { at: 0, asked: [] as number[] };
  const port: OutflowSource = {
    stateVector: () => new Uint8Array([source.at]),
    since: (stateVector) => {
      source.asked.push(stateVector[0] ?? -1);
      return new Uint8Array(10);
    },
    presences: () => new Uint8Array([1, 1, 0]),
  };
  const outflow = new Outflow({
    userId: 'chen',
    limits: LIMITS,
    turns: new Turns({ bytes: 1_000, bytesPerUser: 1_000 }),
    now: () => peer.now,
    bufferedBytes: () => peer.buffered,
    send: (frame) => {
      peer.buffered += frame.length;
      peer.frames++;
    },
    cut: () => {
      peer.cuts++;
      outflow.close();
    },
  });
  outflow.open(port);
  const commit = (bytes: number) => {
    source.at++;
    outflow.sendUpdate(new Uint8Array(bytes));
  };
  const take = () => {
    peer.buffered = 0;
    outflow.drained();
  };
  return { peer, source, outflow, commit, take };
}

test('[R20] what a lagging peer missed comes as one update against the state that it was at', () => {
  const { peer, source, commit, take } = open();
  commit(60);
  commit(60);
  expect(peer.frames).toBe(2);
  for (let edit = 0; edit < 50; edit++) commit(60);
  expect(peer.frames).toBe(2);
  take();
  expect(source.asked).toEqual([2]);
  expect(peer.frames).toBe(3);
  commit(10);
  expect(peer.frames).toBe(4);
});

test('[R20] who asks while lagging is answered once, and the answer is all that was missed', () => {
  const { source, outflow, commit, take } = open();
  commit(200);
  commit(10);
  outflow.answer(new Uint8Array([77]));
  outflow.answer(new Uint8Array([78]));
  take();
  expect(source.asked).toEqual([78]);
});

test('[R20] presence is left out while it lags, and told anew afterwards', () => {
  const { peer, outflow, commit, take } = open();
  commit(200);
  for (let frame = 0; frame < 10; frame++) outflow.sendPresence(new Uint8Array(50));
  expect(peer.buffered).toBe(200);
  take();
  expect(peer.buffered).toBe(3);
});

test('[R20] a peer is cut when it holds too much, or has lagged for too long', () => {
  const full = open();
  full.commit(200);
  while (full.peer.cuts === 0) full.outflow.send(new Uint8Array(100));
  // One large frame does not count, so that a large document can be sent at all.
  expect(full.peer.buffered).toBe(1_300);

  const slow = open();
  slow.commit(200);
  slow.peer.now = 29_999;
  slow.outflow.check();
  expect(slow.peer.cuts).toBe(0);
  slow.peer.now = 30_000;
  slow.outflow.check();
  expect(slow.peer.cuts).toBe(1);
  slow.take();
  expect(slow.peer.frames).toBe(1);
});
