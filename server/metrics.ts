/**
 * The server's metrics for Prometheus. Frames are counted in plain numbers, which are handed over when somebody
 * asks. No label comes from outside: kinds of frames, codes and roles are fixed sets.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { FRAME_TYPES, frameType, type Census, type FrameType, type Meter } from './sync/meter.ts';

export interface Metrics {
  readonly contentType: string;
  /** What the sync server counts with. */
  readonly meter: Meter;
  /** Where the present state is asked for. */
  observe(census: () => Census): void;
  /**
   * All of it, in Prometheus' text format. The process itself – processor, memory, the loop's lag – is
   * measured from the first time somebody asks.
   */
  text(): Promise<string>;
}

const LATENCY_SECONDS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const BATCH_UPDATES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

type Traffic = Record<FrameType, { frames: number; bytes: number }>;

function noTraffic(): Traffic {
  return Object.fromEntries(FRAME_TYPES.map((type) => [type, { frames: 0, bytes: 0 }])) as Traffic;
}

function count(traffic: Traffic, frame: Uint8Array): void {
  const sum = traffic[frameType(frame)];
  sum.frames++;
  sum.bytes += frame.length;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const traffic = { in: noTraffic(), out: noTraffic() };
  let census: (() => Census) | null = null;
  let isProcessMeasured = false;

  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter({ name: `huigao_${name}`, help, labelNames, registers });
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name: `huigao_${name}`, help, buckets, registers });

  /** A counter whose sums are kept elsewhere. */
  const traffics = (name: string, help: string, unit: 'frames' | 'bytes') =>
    new Counter({
      name: `huigao_${name}`,
      help,
      labelNames: ['direction', 'type'],
      registers,
      collect() {
        this.reset();
        for (const direction of ['in', 'out'] as const) {
          for (const type of FRAME_TYPES) this.inc({ direction, type }, traffic[direction][type][unit]);
        }
      },
    });
  traffics('sync_frames_total', 'Frames of sockets, by kind', 'frames');
  traffics('sync_bytes_total', 'Bytes of sockets’ frames, by kind', 'bytes');

  const standing = <L extends string>(
    name: string,
    help: string,
    read: (now: Census) => number | Record<L, number>,
    label?: string,
  ) =>
    new Gauge({
      name: `huigao_${name}`,
      help,
      labelNames: label === undefined ? [] : [label],
      registers,
      collect() {
        if (census === null) return;
        const value = read(census());
        if (typeof value === 'number') this.set(value);
        else for (const [key, n] of Object.entries<number>(value)) this.set({ [label ?? '']: key }, n);
      },
    });
  standing('sync_sockets', 'Open sockets, by their person’s role', ({ sockets }) => sockets, 'role');
  standing('sync_documents', 'Documents in memory, by tier', ({ documents }) => documents, 'tier');
  standing('sync_buffered_bytes', 'Bytes that peers have not taken yet', (now) => now.bufferedBytes);
  standing('sync_waiting_bytes', 'Bytes of updates that wait for their commit', (now) => now.waitingBytes);
  standing('sync_lagging_sockets', 'Sockets too slow for what they are sent', ({ lagging }) => lagging);
  standing('sync_paused_sockets', 'Sockets not read from, as they sent too much', ({ paused }) => paused);
  standing('sync_queued_sockets', 'Sockets that wait to be sent a document', ({ queued }) => queued);

  const nacks = counter('sync_nacks_total', 'Frames refused, by code', ['code']);
  const closes = counter('sync_closes_total', 'Sockets closed by the server, by code', ['code']);
  const compactions = counter('sync_compactions_total', 'Compacted logs', ['result']);
  const commits = histogram('sync_commit_seconds', 'Time of a transaction', LATENCY_SECONDS);
  const batches = histogram('sync_commit_updates', 'Updates in a transaction', BATCH_UPDATES);
  const pauses = counter('sync_pauses_total', 'How often a socket was not read from, as it sent too much');
  const acks = histogram('sync_ack_seconds', 'From a frame’s arrival to its ack', LATENCY_SECONDS);
  const propagations = histogram(
    'sync_propagation_seconds',
    'From a frame’s arrival to its going out to others',
    LATENCY_SECONDS,
  );
  const loads = histogram('sync_cold_open_seconds', 'Time to read a document', LATENCY_SECONDS);

  const meter: Meter = {
    received: (frame) => count(traffic.in, frame),
    sent: (frame) => count(traffic.out, frame),
    refused: (code) => nacks.inc({ code }),
    closed: (code) => closes.inc({ code }),
    committed(took, updates) {
      commits.observe(took / 1_000);
      batches.observe(updates);
    },
    acknowledged: (took) => acks.observe(took / 1_000),
    propagated: (took) => propagations.observe(took / 1_000),
    paused: () => pauses.inc(),
    loaded: (took) => loads.observe(took / 1_000),
    compacted: (result) => compactions.inc({ result }),
  };

  return {
    contentType: registry.contentType,
    meter,
    observe: (read) => (census = read),
    text() {
      if (!isProcessMeasured) collectDefaultMetrics({ register: registry });
      isProcessMeasured = true;
      return registry.metrics();
    },
  };
}
