/** How much waits for its commit in all documents. */
export interface Backlog {
  bytes: number;
}
