import type { AddressInfo } from 'node:net';

/** Tells whoever started this process where it listens. */
export function announce(address: AddressInfo | string | null): void {
  if (address === null || typeof address === 'string') throw new Error(`no port: ${address}`);
  process.stdout.write(`http://127.0.0.1:${address.port}\n`);
}

/** Ends the process when it is asked to. */
export function endOnTerm(): void {
  process.once('SIGTERM', () => process.exit(0));
}
