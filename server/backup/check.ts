import type { DocKind } from '../store/docs.ts';
import { sha256 } from '../store/digest.ts';
import { checkDocument } from './document.ts';
import type { Fault, FaultCode } from './fault.ts';
import type { DocHead, HeldArticle, HeldPicture, Holdings } from './holdings.ts';

/** What a check went through and what it found wrong. */
export interface CheckResult {
  people: number;
  reports: number;
  documents: number;
  rows: number;
  snapshots: number;
  articles: number;
  pictures: number;
  faults: Fault[];
}

type Counts = Omit<CheckResult, 'faults'>;
type Report = ReturnType<Holdings['reports']>[number];

const KINDS: readonly DocKind[] = ['content', 'review'];

/** Goes through all of a workspace's data. Changes nothing; damage that stops the reading is a fault too. */
export async function checkHoldings(holdings: Holdings): Promise<CheckResult> {
  const counts: Counts = {
    people: 0,
    reports: 0,
    documents: 0,
    rows: 0,
    snapshots: 0,
    articles: 0,
    pictures: 0,
  };
  const faults = [
    ...unlessDamaged(DATABASE, () => checkDatabase(holdings)),
    ...unlessDamaged(DATABASE, () => checkReports(holdings, counts)),
    ...unlessDamaged(DATABASE, () => checkArticles(holdings, counts)),
    ...(await checkPictures(holdings, counts)),
  ];
  return { ...counts, faults };
}

type About = Omit<Fault, 'fault' | 'detail'>;
const DATABASE: About = { about: 'database', id: null, reportId: null };

/** The faults that `check` finds; damage that stops it is one. */
function unlessDamaged(about: About, check: () => Fault[]): Fault[] {
  try {
    return check();
  } catch (error) {
    return [{ ...about, fault: 'damaged', detail: damageOf(error) }];
  }
}

/** The code of an error that SQLite or the disk gave. Anything else is a bug and is thrown. */
function damageOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (typeof code === 'string' && /^(SQLITE_|E[A-Z]+$)/.test(code)) return code;
  throw error;
}

function checkDatabase(holdings: Holdings): Fault[] {
  return [
    ...holdings.damage().map((detail) => ({ ...DATABASE, fault: 'damaged' as const, detail })),
    ...holdings.strayParts().map((id) => ({ ...DATABASE, id, fault: 'schema' as const, detail: '' })),
    ...holdings.brokenReferences().map(({ table, rows }) => ({
      ...DATABASE,
      id: table,
      fault: 'reference' as const,
      detail: `${rows} rows`,
    })),
  ];
}

function checkReports(holdings: Holdings, counts: Counts): Fault[] {
  const people = holdings.people();
  const reports = new Map(holdings.reports().map((report) => [report.id, report]));
  const heads = holdings.documents();
  counts.people = people.size;
  counts.reports = reports.size;
  counts.documents = heads.length;
  const faults = heads.flatMap((head) =>
    unlessDamaged({ about: 'document', id: head.id, reportId: head.reportId }, () =>
      checkHead(holdings, head, reports.get(head.reportId), people, counts),
    ),
  );
  const there = new Set(heads.map(({ reportId, kind }) => `${reportId}/${kind}`));
  for (const { id } of reports.values()) {
    for (const kind of KINDS) {
      if (there.has(`${id}/${kind}`)) continue;
      faults.push({ about: 'report', id, reportId: id, fault: 'noDocument', detail: kind });
    }
  }
  return faults;
}

function checkHead(
  holdings: Holdings,
  head: DocHead,
  report: Report | undefined,
  people: ReadonlySet<string>,
  counts: Counts,
): Fault[] {
  const rows = holdings.rows(head.id);
  counts.rows += rows.length;
  const hasTitle = head.kind === 'content' && report !== undefined;
  const found = checkDocument(
    {
      head,
      title: hasTitle ? { text: report.title, seq: report.titleSeq } : null,
      rows,
      snapshots: counted(holdings.snapshots(head.id), () => counts.snapshots++),
      owners: holdings.owners(head.id),
      runs: holdings.runs(head.id),
      figures: head.kind === 'review' ? holdings.figures(head.reportId) : [],
    },
    people,
  );
  const { id, reportId } = head;
  return found.map(({ fault, detail }) => ({ about: 'document', id, reportId, fault, detail }));
}

function checkArticles(holdings: Holdings, counts: Counts): Fault[] {
  const articles = holdings.articles();
  counts.articles = articles.length;
  const about = (number: number) => ({
    about: 'article' as const,
    id: String(number),
    reportId: articles.find((article) => article.number === number)?.reportId ?? null,
  });
  const faults: Fault[] = articles.flatMap((article) =>
    articleFaults(article).map((detail) => ({ ...about(article.number), fault: 'article' as const, detail })),
  );
  /** The revisions that readers' pages can be made of. */
  const readable = new Set<string>();
  for (const { number, revision, format, sha256: digest, bytes } of holdings.renderings()) {
    if (format === 'fragment') readable.add(`${number}/${revision}`);
    if (sha256(bytes) === digest) continue;
    faults.push({ ...about(number), fault: 'rendering', detail: `${revision} ${format}` });
  }
  for (const { number, revision } of articles) {
    if (readable.has(`${number}/${revision}`)) continue;
    faults.push({ ...about(number), fault: 'rendering', detail: `${revision} fragment` });
  }
  return faults;
}

/** In what an article is not what its revisions and its report say. */
function articleFaults(article: HeldArticle): string[] {
  const { revision, revisions, date, newestDate, isWithdrawn, isNewestWithdrawn, isIndexed, status } =
    article;
  const faults: string[] = [];
  if (newestDate === null || revisions !== revision) faults.push(`revision ${revision} of ${revisions}`);
  else if (date !== newestDate) faults.push('date');
  if (isWithdrawn !== isNewestWithdrawn) faults.push('withdrawal');
  if (isIndexed === isWithdrawn) faults.push('index');
  if (status !== null && (status === 'published') === (isWithdrawn === 1)) faults.push(`report ${status}`);
  return faults;
}

function* counted<T>(items: Iterable<T>, count: () => void): Iterable<T> {
  for (const item of items) {
    count();
    yield item;
  }
}

/** What is kept under a picture's digest. `size` null: it cannot or need not be compared. */
interface KeptBytes {
  fault: FaultCode | null;
  size: number | null;
}

/** Pictures of several reports may share their bytes: those are read once. */
async function checkPictures(holdings: Holdings, counts: Counts): Promise<Fault[]> {
  let pictures: HeldPicture[] = [];
  const faults = unlessDamaged(DATABASE, () => {
    pictures = holdings.pictures();
    return [];
  });
  counts.pictures = pictures.length;
  const kept = new Map<string, KeptBytes>();
  for (const { id, reportId, bytes, sha256: key } of pictures) {
    const { fault, size } = kept.get(key) ?? (await checkBytes(holdings, key));
    kept.set(key, { fault, size });
    const found = fault ?? (size === null || size === bytes ? null : 'altered');
    if (found !== null) faults.push({ about: 'picture', id, reportId, fault: found, detail: key });
  }
  return faults;
}

async function checkBytes(holdings: Holdings, key: string): Promise<KeptBytes> {
  try {
    const bytes = await holdings.pictureBytes(key);
    if (bytes !== null) return { fault: sha256(bytes) === key ? null : 'altered', size: bytes.length };
    // A report may have dropped its picture since.
    return { fault: holdings.isStillNamed(key) ? 'missing' : null, size: null };
  } catch (error) {
    damageOf(error);
    return { fault: 'damaged', size: null };
  }
}
