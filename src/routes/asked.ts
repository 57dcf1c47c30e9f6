/** What was asked for on the list of reports. */
export type Asked =
  | { kind: 'rename' | 'share'; id: string; title: string }
  | { kind: 'import' }
  /** Files are being dragged over the page. */
  | { kind: 'drag' };
