/** A press office for tests of publishing: a whole app on a real store, and reports that are ready. */
import { inflateRawSync } from 'node:zlib';
import { EVERYTHING } from '#lib/publish/fixtures/everything.ts';
import type { BlockJson, ContentJson } from '#lib/report/model.ts';
import type { PublishCommand } from '#lib/review/publication.ts';
import type { Actor } from '#lib/review/permissions.ts';
import type { App } from '../app.ts';
import type { Outcome } from '../outcome.ts';
import { openOffice } from '../people/testing.ts';
import { newKey, valueOf } from '../review/testing.ts';
import type { Published } from './publish.ts';

export interface Press {
  app: App;
  publisher: Actor;
  /** Who writes, and owns what is written here. */
  writer: Actor;
  reviewer: Actor;
  admin: Actor;
  /** A report of the writer's that is ready; its text is without faults unless it is given. */
  ready(title: string, text?: string | ContentJson): Promise<string>;
  /** What a publisher sends who has just read the checklist. */
  command(reportId: string, more?: Partial<PublishCommand>): Promise<PublishCommand>;
  /** Reads the checklist and publishes. */
  publish(reportId: string, more?: Partial<PublishCommand>): Promise<Outcome<Published>>;
  close(): Promise<void>;
}

const paragraph = (text: string, style?: 'title'): BlockJson => ({
  type: 'paragraph',
  ...(style !== undefined && { attrs: { style } }),
  content: [{ type: 'text', text }],
});

export const textOf = (title: string, ...lines: string[]): ContentJson => ({
  type: 'doc',
  content: [paragraph(title, 'title'), ...lines.map((line) => paragraph(line))],
});

/** The bytes of a small picture. */
export const PICTURE = Buffer.from(EVERYTHING.pictures['reservoir']?.base64 ?? '', 'base64');

export async function openPress(): Promise<Press> {
  const office = await openOffice();
  const { app, admin, member: writer } = office;
  const publisher = await office.actor('songyutong');
  const press: Press = {
    app,
    admin,
    publisher,
    writer,
    reviewer: await office.actor('hejingyi'),
    async ready(title, text = '全县落实水利工作部署，各项任务按期完成。') {
      const content = typeof text === 'string' ? textOf(title, text) : text;
      const { id } = valueOf(await app.reports.create(writer, { from: 'content', content, title: null }));
      valueOf(await app.reports.setStatus(writer, id, 'ready'));
      return id;
    },
    async command(reportId, more = {}) {
      const { seen } = valueOf(await app.publications.checklist(publisher, reportId));
      return { key: newKey(), seen, byline: '林晓禾', date: '2024-03-01', ...more };
    },
    async publish(reportId, more) {
      return app.publications.publish(publisher, reportId, await press.command(reportId, more));
    },
    close: () => office.close(),
  };
  return press;
}

/** What a file says: of a package of files, as DOCX is, what each of them does. */
export function said(bytes: Uint8Array): string {
  const file = Buffer.from(bytes);
  if (!file.subarray(0, 2).equals(Buffer.from('PK'))) return file.toString('utf8');
  const parts: string[] = [];
  // The directory at its end says where each file begins and how long it is.
  for (let at = file.indexOf('PK\x01\x02', 0, 'latin1'); at >= 0;) {
    const [method, packed, begin] = [
      file.readUInt16LE(at + 10),
      file.readUInt32LE(at + 20),
      file.readUInt32LE(at + 42),
    ];
    const from = begin + 30 + file.readUInt16LE(begin + 26) + file.readUInt16LE(begin + 28);
    const data = file.subarray(from, from + packed);
    const name = file.toString('utf8', at + 46, at + 46 + file.readUInt16LE(at + 28));
    parts.push(name, (method === 0 ? data : inflateRawSync(data)).toString('utf8'));
    at = file.indexOf('PK\x01\x02', at + 46, 'latin1');
  }
  return parts.join('\n');
}
