/** What the process is made of: every part is opened here, once, and closed in the opposite order. */
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import type { ImportOptions } from '#lib/import/imported.ts';
import type { Format } from '#lib/publish/formats.ts';
import type { ArticleMeta } from '#lib/publish/meta.ts';
import type { Actor } from '#lib/review/permissions.ts';
import { openAudit, type Audit } from './audit/audit.ts';
import type { Config } from './config.ts';
import { DataDirError, openDataDir } from './datadir.ts';
import { createEvents, type Events } from './events.ts';
import { clientAddress, isOwnOrigin } from './origin.ts';
import type { Outcome } from './outcome.ts';
import { openAuth, type Auth } from './people/auth.ts';
import { openDepartments, readDepartment, type Departments } from './people/departments.ts';
import { BEAT, openLive, type Live } from './notifications/live.ts';
import { createMailer, MAIL_BEAT, smtpTransport, type Mailer } from './notifications/mailer.ts';
import { openNotifications, type Notifications } from './notifications/notifications.ts';
import { openPeople, type People } from './people/people.ts';
import { openWorkspace, type Workspace } from './people/workspace.ts';
import { createConverter } from './import/converter.ts';
import { importFile, type FileImported, type ImportFile } from './import/import.ts';
import { createMetrics } from './metrics.ts';
import { createOperations, type Operations } from './operations.ts';
import { openFilePictures } from './pictures/files.ts';
import { createPictures, sweepPictures, type Pictures } from './pictures/pictures.ts';
import type { PictureStore } from './pictures/store.ts';
import { openArticles, type Articles } from './publications/articles.ts';
import { createPublications, type Publications } from './publications/publications.ts';
import { openFavourites, type Favourites } from './publications/favourites.ts';
import { KeptPages, toKept } from './publications/kept.ts';
import { openSite, type Site } from './publications/site.ts';
import { createReadiness } from './readiness.ts';
import { createAccess } from './reports/access.ts';
import { exportMeta, exportReport, type ExportedReport } from './reports/export.ts';
import { readReport, type ReadReport } from './reports/read.ts';
import { createReports, type Reports } from './reports/reports.ts';
import { createFigures, type Figures } from './figures/figures.ts';
import { createChecking } from './figures/checking.ts';
import { catchUpIndex, FigureIndexer } from './figures/indexer.ts';
import { tellStale } from './figures/stale.ts';
import { openGlossary, type Glossary } from './glossary/glossary.ts';
import { createKeeping } from './review/keeping.ts';
import { createReview, type Review } from './review/review.ts';
import { openSetup, type Setup } from './setup/setup.ts';
import { openSqliteStore, type Store } from './store/store.ts';
import { LIMITS } from './sync/limits.ts';
import { together } from './sync/follower.ts';
import { createSync, type SyncServer } from './sync/sync.ts';
import { xlsx, type Sheet } from './xlsx.ts';

export interface App {
  config: Config;
  log: Logger;
  store: Store;
  events: Events;
  audit: Audit;
  setup: Setup;
  workspace: Workspace;
  site: Site;
  departments: Departments;
  people: People;
  notifications: Notifications;
  live: Live;
  /** Null: no SMTP server is configured. */
  mailer: Mailer | null;
  auth: Auth;
  reports: Reports;
  pictures: Pictures;
  sync: SyncServer;
  review: Review;
  figures: Figures;
  glossary: Glossary;
  publications: Publications;
  /** What readers see of them. */
  articles: Articles;
  favourites: Favourites;
  keptPages: KeptPages;
  /** See publications/kept.ts. */
  keepPage: typeof toKept;
  /** Answers what machines ask of the process, and leaves the rest to the pages. */
  operations: Operations;
  /** A table as a file for spreadsheets. */
  workbook(sheet: Sheet): Uint8Array<ArrayBuffer>;
  /** See reports/read.ts. */
  readReport(reportId: string): Promise<ReadReport | null>;
  /** See reports/export.ts. */
  exportMeta(reportId: string): Promise<ArticleMeta | null>;
  exportReport(actor: Actor, reportId: string, format: Format): Promise<Outcome<ExportedReport>>;
  /** See import/import.ts. */
  importFile(actor: Actor, file: ImportFile, options: ImportOptions): Promise<Outcome<FileImported>>;
  /** Whether an Origin header names this server, which was reached under the given Host. */
  isOwnOrigin(origin: string, host: string | null | undefined): boolean;
  close(): Promise<void>;
}

/** Throws DataDirError or DatabaseOpenError when the data cannot be used. */
export async function openApp(config: Config): Promise<App> {
  const closers: (() => void | Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    return { ...(await openParts(config, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openPictureStore(dataDir: string, db: Store['db']): Promise<PictureStore> {
  try {
    const pictures = await openFilePictures(join(dataDir, 'pictures'));
    await sweepPictures(db, pictures);
    return pictures;
  } catch (error) {
    throw new DataDirError('unusable', dataDir, error instanceof Error ? error.message : String(error));
  }
}

async function openMailer(
  { mail, origin, port }: Config,
  { db, log, workspace, people }: { db: Store['db']; log: Logger; workspace: Workspace; people: People },
  closers: (() => void | Promise<void>)[],
): Promise<Mailer | null> {
  if (mail === null) return null;
  const mailer = createMailer({
    db,
    log,
    transport: await smtpTransport(mail),
    origin: origin ?? `http://localhost:${port}`,
    actor: (userId) => people.actor(userId),
    workspace: () => workspace.name(),
  });
  const running = setInterval(() => void mailer.run(new Date()), MAIL_BEAT);
  running.unref();
  closers.push(
    () => mailer.close(),
    () => clearInterval(running),
  );
  return mailer;
}

async function openParts(
  config: Config,
  closers: (() => void | Promise<void>)[],
): Promise<Omit<App, 'close'>> {
  // Standard output belongs to what was asked for: the address, or the CLI's JSON.
  const log = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }));
  const now = () => new Date();
  const dataDir = await openDataDir(config.dataDir);
  closers.push(() => dataDir.close());
  const store = await openSqliteStore(dataDir.database);
  closers.push(() => store.close());
  const { db } = store;
  const access = createAccess(db);
  const events = createEvents(db, log, now);
  const people = openPeople(db, events);
  const auth = openAuth(config, dataDir.secret, { log, store, events, people });
  const notifications = openNotifications(db, now);
  const live = openLive({
    authenticate: (headers) => auth.authenticate(headers),
    unread: (actor) => notifications.unread(actor),
    failed: (error) => log.error({ err: error }, 'notifications could not be read'),
  });
  const beating = setInterval(() => live.beat(), BEAT);
  beating.unref();
  closers.push(
    () => clearInterval(beating),
    () => live.close(),
    events.on((_events, notified) => live.poke(notified)),
    notifications.onRead((userId) => live.poke([userId])),
    people.onChange((userId) => live.poke([userId])),
  );
  const workspace = openWorkspace(db, events);
  const site = openSite(db, events);
  const keptPages = new KeptPages();
  closers.push(events.on((happened) => keptPages.heard(happened)));
  const mailer = await openMailer(config, { db, log, workspace, people }, closers);
  const metrics = createMetrics();
  const sync = createSync({
    docs: store.docs,
    log,
    now,
    isOwnOrigin: (origin, host) => isOwnOrigin(config, origin, host),
    authenticate: (headers) => auth.authenticate(headers),
    actor: (userId) => people.actor(userId),
    department: (id) => readDepartment(db, id),
    access,
    addressOf: ({ headers, socket }) =>
      clientAddress(config.trustProxy, headers['x-forwarded-for'], socket.remoteAddress),
    meter: metrics.meter,
    limits: { ...LIMITS, sockets: config.sockets },
    follow: (content) => together(keeping.follow(content), checking.follow(content)),
    followReview: (review) => new FigureIndexer(review, { db, log }),
  });
  const keeping = createKeeping({
    db,
    log,
    now,
    sync: () => sync,
    onStale: tellStale(db, events),
  });
  const checking = createChecking({ db, log, keeping, sync: () => sync });
  closers.push(events.on((told) => checking.hear(told)));
  const reviewing = { db, access, events, now, keeping, sync: () => sync };
  metrics.observe(() => sync.census());
  closers.push(
    () => sync.close(),
    people.onChange((userId) => sync.personChanged(userId)),
  );
  const catchingUp = catchUpIndex({ db, log }, sync).then(() => checking.catchUp());
  closers.push(() => catchingUp);
  const pictureStore = await openPictureStore(config.dataDir, db);
  const pictures = createPictures({ db, store: pictureStore, access, now });
  const converter = createConverter();
  closers.push(() => converter.close());
  return {
    config,
    log,
    store,
    events,
    audit: openAudit(db, events),
    setup: openSetup(config, db),
    workspace,
    site,
    departments: openDepartments(db, events),
    people,
    notifications,
    live,
    mailer,
    auth,
    sync,
    review: createReview(reviewing),
    figures: createFigures(reviewing),
    glossary: openGlossary(db, events, now),
    operations: createOperations({
      config,
      log,
      metrics,
      readiness: createReadiness({
        db,
        now,
        isDraining: () => sync.isClosing,
        isStoring: () => sync.isStoring,
      }),
    }),
    reports: createReports({ db, events, access, sync, keeping, pictures, now }),
    pictures,
    publications: createPublications({
      db,
      events,
      sync,
      keeping,
      pictures,
      now,
      origin: config.origin,
      siteName: async () => (await site.facts()).title,
    }),
    articles: openArticles(db),
    favourites: openFavourites(db, now),
    keptPages,
    keepPage: toKept,
    workbook: xlsx,
    exportMeta: (id) => exportMeta(db, id),
    readReport: (id) => readReport({ sync, keeping }, id),
    exportReport: (actor, id, format) =>
      exportReport({ db, access, events, sync, keeping, pictures }, actor, id, format),
    importFile: (actor, file, options) =>
      importFile({ events, sync, pictures, converter, now }, actor, file, options),
    isOwnOrigin: (origin, host) => isOwnOrigin(config, origin, host),
  };
}
