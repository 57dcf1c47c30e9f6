/** All that is bounded of what peers can make the server do or hold. */

/** How many sockets one person, one document and one address may have open. */
export interface SocketCaps {
  perUser: number;
  perDocument: number;
  perAddress: number;
}

export interface Limits {
  sockets: SocketCaps;
  /** Sockets that nobody is known to be behind yet, or that are on their way out; more are not even heard. */
  knocks: number;
}

export const LIMITS: Limits = {
  sockets: { perUser: 500, perDocument: 500, perAddress: 500 },
  knocks: 1_000,
};
