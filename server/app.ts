/** What the process is made of: every part is opened here, once, and closed in the opposite order. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import type { Config } from './config.ts';
import { openFilePictures } from './pictures/files.ts';
import { createPictures, sweepPictures, type Pictures } from './pictures/pictures.ts';
import { createAccess } from './reports/access.ts';
import { createReports, type Reports } from './reports/reports.ts';
import { openSqliteStore, type Store } from './store/store.ts';

export interface App {
  config: Config;
  log: Logger;
  store: Store;
  reports: Reports;
  pictures: Pictures;
  close(): Promise<void>;
}

export async function openApp(config: Config): Promise<App> {
  const log = pino({ level: process.env['LOG_LEVEL'] ?? 'info' });
  await mkdir(config.dataDir, { recursive: true });
  const store = await openSqliteStore(join(config.dataDir, 'huigao.db'));
  const now = () => new Date();
  const access = createAccess(store.db);
  const pictureStore = await openFilePictures(join(config.dataDir, 'pictures'));
  await sweepPictures(store.db, pictureStore);
  const pictures = createPictures({ db: store.db, store: pictureStore, access, now });
  return {
    config,
    log,
    store,
    reports: createReports({ db: store.db, access, now }),
    pictures,
    async close() {
      await store.close();
    },
  };
}
