import { expect, test } from 'vitest';
import { MAX_UPDATE_BYTES } from '#lib/sync/protocol.ts';
import { createMetrics } from './metrics.ts';
import { PEOPLE } from './reports/testing.ts';
import { LIMITS } from './sync/limits.ts';
import { openDesk, REPORT } from './sync/testing.ts';

const { chen, wang, zhao } = PEOPLE;

test('what the sync server does is counted, without a name, a title or an id', async () => {
  const metrics = createMetrics();
  const desk = await openDesk((docs) => docs, LIMITS, metrics.meter);
  metrics.observe(() => desk.sync.census());
  try {
    const [one, two] = [await desk.connect(chen).join(), await desk.connect(wang).join()];
    one.write('县里的水库');
    await one.settled();
    await two.until(() => two.text.includes('水库'));
    const reader = await desk.connect(zhao).join();
    reader.write('只读的人写的');
    await reader.until(() => reader.nacks.length === 1);
    expect(await desk.connect(null).untilClosed()).toBe(4401);
    two.send(new Uint8Array(MAX_UPDATE_BYTES + 2048));
    expect(await two.untilClosed()).toBe(4413);
    const text = await metrics.text();
    const value = (name: string) =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`huigao_sync_${name} `))
          ?.split(' ')[1],
      );
    expect(value('frames_total{direction="in",type="update"}')).toBe(2);
    expect(value('frames_total{direction="out",type="update"}')).toBe(1);
    expect(value('bytes_total{direction="in",type="update"}')).toBeGreaterThan(20);
    expect(value('sockets{role="owner"}')).toBe(1);
    expect(value('sockets{role="viewer"}')).toBe(1);
    expect(value('documents{tier="open"}')).toBe(1);
    expect(value('nacks_total{code="1"}')).toBe(1);
    expect(value('closes_total{code="4401"}')).toBe(1);
    expect(value('closes_total{code="4413"}')).toBe(1);
    // The two answers to the server's question change nothing, and are settled all the same.
    expect(value('ack_seconds_count')).toBe(4);
    expect(value('propagation_seconds_count')).toBe(1);
    expect(value('commit_seconds_count')).toBe(1);
    expect(value('commit_updates_sum')).toBe(1);
    expect(value('cold_open_seconds_count')).toBe(1);
    for (const secret of ['水库', '春耕', REPORT, chen.userId, chen.name]) expect(text).not.toContain(secret);
  } finally {
    await desk.close();
  }
});
