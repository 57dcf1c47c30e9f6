/** What was published is never changed or removed, nor replaced, which asks neither of the first two. */
const IMMUTABLE = Object.entries({
  publication:
    '(number = NEW.number AND revision = NEW.revision) OR (publishedBy = NEW.publishedBy AND key = NEW.key)',
  rendering: 'number = NEW.number AND revision = NEW.revision AND format = NEW.format',
  withdrawal: 'number = NEW.number AND revision = NEW.revision',
})
  .map(([table, isThere]) => {
    const abort = `BEGIN SELECT RAISE(ABORT, 'what was published is immutable'); END;`;
    return `
  CREATE TRIGGER ${table}_stays BEFORE UPDATE ON ${table} ${abort}
  CREATE TRIGGER ${table}_keeps BEFORE DELETE ON ${table} ${abort}
  CREATE TRIGGER ${table}_appends BEFORE INSERT ON ${table}
    WHEN EXISTS (SELECT 1 FROM ${table} WHERE ${isThere}) ${abort}`;
  })
  .join('');

/**
 * The database's schema, step by step. A step that has shipped is never changed: the database counts
 * in `user_version` how many it has seen.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE user (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE, emailVerified INTEGER NOT NULL DEFAULT 0,
    image TEXT, createdAt TEXT NOT NULL, updatedAt TEXT NOT NULL,
    username TEXT NOT NULL UNIQUE, displayUsername TEXT,
    role TEXT NOT NULL DEFAULT 'member', departmentId TEXT REFERENCES department(id), disabled INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE session (
    id TEXT PRIMARY KEY, userId TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE, token TEXT NOT NULL UNIQUE,
    expiresAt TEXT NOT NULL, createdAt TEXT NOT NULL, updatedAt TEXT NOT NULL, ipAddress TEXT, userAgent TEXT
  ) STRICT;
  CREATE INDEX session_user ON session(userId);
  CREATE TABLE account (
    id TEXT PRIMARY KEY, accountId TEXT NOT NULL, providerId TEXT NOT NULL,
    userId TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    accessToken TEXT, refreshToken TEXT, idToken TEXT, accessTokenExpiresAt TEXT, refreshTokenExpiresAt TEXT,
    scope TEXT, password TEXT, createdAt TEXT NOT NULL, updatedAt TEXT NOT NULL
  ) STRICT;
  CREATE INDEX account_user ON account(userId);
  CREATE TABLE verification (
    id TEXT PRIMARY KEY, identifier TEXT NOT NULL, value TEXT NOT NULL,
    expiresAt TEXT NOT NULL, createdAt TEXT NOT NULL, updatedAt TEXT NOT NULL
  ) STRICT;
  CREATE TABLE signInFailure (
    key TEXT PRIMARY KEY, failures INTEGER NOT NULL, lockedUntil TEXT, lastAt TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE heartbeat (id INTEGER PRIMARY KEY CHECK (id = 1), at TEXT NOT NULL) STRICT;
  CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE department (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, hue INTEGER NOT NULL, createdAt TEXT NOT NULL
  ) STRICT;
  CREATE TABLE report (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, titleSeq INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL DEFAULT 'draft', createdBy TEXT NOT NULL REFERENCES user(id),
    departmentId TEXT REFERENCES department(id), createdAt TEXT NOT NULL,
    updatedAt TEXT NOT NULL, updatedBy TEXT REFERENCES user(id), trashedAt TEXT
  ) STRICT;
  CREATE INDEX report_updated ON report(updatedAt);
  CREATE TABLE reportShare (
    reportId TEXT NOT NULL REFERENCES report(id) ON DELETE CASCADE,
    subjectKind TEXT NOT NULL, subjectId TEXT NOT NULL, role TEXT NOT NULL,
    PRIMARY KEY (reportId, subjectKind, subjectId)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX reportShare_subject ON reportShare(subjectKind, subjectId);
  CREATE TABLE picture (
    id TEXT PRIMARY KEY, reportId TEXT NOT NULL REFERENCES report(id) ON DELETE CASCADE, type TEXT NOT NULL,
    bytes INTEGER NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, sha256 TEXT NOT NULL,
    createdBy TEXT NOT NULL REFERENCES user(id), createdAt TEXT NOT NULL
  ) STRICT;
  CREATE INDEX picture_report ON picture(reportId);
  CREATE TABLE doc (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    reportId TEXT NOT NULL REFERENCES report(id) ON DELETE CASCADE, kind TEXT NOT NULL,
    headSeq INTEGER NOT NULL DEFAULT 0, snapSeq INTEGER NOT NULL DEFAULT 0,
    logBytes INTEGER NOT NULL DEFAULT 0, snapBytes INTEGER NOT NULL DEFAULT 0,
    epoch INTEGER NOT NULL DEFAULT 1, accessEpoch INTEGER NOT NULL DEFAULT 1,
    UNIQUE (reportId, kind)
  ) STRICT;
  -- Found by one integer: server/store/place.ts.
  CREATE TABLE docUpdate (
    place INTEGER PRIMARY KEY,
    docNumber INTEGER NOT NULL GENERATED ALWAYS AS (place >> 32) VIRTUAL
      REFERENCES doc(number) ON DELETE CASCADE,
    seq INTEGER NOT NULL GENERATED ALWAYS AS (place & 4294967295) VIRTUAL,
    userId TEXT, at TEXT NOT NULL, bytes BLOB NOT NULL
  ) STRICT;
  CREATE TABLE docSnapshot (
    docId TEXT NOT NULL REFERENCES doc(id) ON DELETE CASCADE, seq INTEGER NOT NULL,
    at TEXT NOT NULL, sha256 TEXT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (docId, seq)
  ) STRICT;
  CREATE TABLE clientOwner (
    docId TEXT NOT NULL REFERENCES doc(id) ON DELETE CASCADE, clientId INTEGER NOT NULL,
    userId TEXT NOT NULL, firstSeq INTEGER NOT NULL, PRIMARY KEY (docId, clientId)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE authorshipRun (
    docId TEXT NOT NULL REFERENCES doc(id) ON DELETE CASCADE, client INTEGER NOT NULL, clock INTEGER NOT NULL,
    length INTEGER NOT NULL, userId TEXT, departmentId TEXT, at TEXT NOT NULL,
    PRIMARY KEY (docId, client, clock)
  ) STRICT, WITHOUT ROWID;
  -- What readers have: an article and its newest revision. Numbers are given once: rows are never removed.
  CREATE TABLE article (
    number INTEGER PRIMARY KEY, reportId TEXT UNIQUE REFERENCES report(id) ON DELETE SET NULL,
    departmentId TEXT REFERENCES department(id) ON DELETE SET NULL,
    revision INTEGER NOT NULL, date TEXT NOT NULL, isWithdrawn INTEGER NOT NULL, changedAt TEXT NOT NULL
  ) STRICT;
  CREATE INDEX article_date ON article(date, number);
  CREATE TRIGGER article_stays BEFORE DELETE ON article
    BEGIN SELECT RAISE(ABORT, 'the number of an article is given once'); END;
  -- A revision of an article, as it was published.
  CREATE TABLE publication (
    number INTEGER NOT NULL REFERENCES article(number), revision INTEGER NOT NULL,
    title TEXT NOT NULL, byline TEXT NOT NULL, department TEXT NOT NULL, date TEXT NOT NULL,
    description TEXT NOT NULL, words INTEGER NOT NULL, minutes INTEGER NOT NULL,
    contentSeq INTEGER NOT NULL, contentHash TEXT NOT NULL, figures TEXT NOT NULL,
    correction TEXT NOT NULL, findings TEXT NOT NULL, reason TEXT,
    publishedBy TEXT NOT NULL REFERENCES user(id), publishedAt TEXT NOT NULL, key TEXT NOT NULL,
    PRIMARY KEY (number, revision), UNIQUE (publishedBy, key)
  ) STRICT;
  CREATE TABLE rendering (
    number INTEGER NOT NULL, revision INTEGER NOT NULL, format TEXT NOT NULL,
    mime TEXT NOT NULL, sha256 TEXT NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (number, revision, format), FOREIGN KEY (number, revision) REFERENCES publication(number, revision)
  ) STRICT;
  CREATE TABLE withdrawal (
    number INTEGER NOT NULL, revision INTEGER NOT NULL, note TEXT NOT NULL, withdrawnBy TEXT NOT NULL REFERENCES user(id),
    withdrawnAt TEXT NOT NULL, PRIMARY KEY (number, revision),
    FOREIGN KEY (number, revision) REFERENCES publication(number, revision)
  ) STRICT;
${IMMUTABLE}
  -- The words of the articles that readers find: by number, pairs of characters as server/publications/words.ts has them.
  CREATE VIRTUAL TABLE articleText USING fts5(
    words, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0', prefix='1'
  );
  CREATE TABLE favourite (
    userId TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE, number INTEGER NOT NULL REFERENCES article(number),
    at TEXT NOT NULL, PRIMARY KEY (userId, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE docProjection (
    docId TEXT NOT NULL REFERENCES doc(id) ON DELETE CASCADE, name TEXT NOT NULL,
    seq INTEGER NOT NULL, state TEXT, PRIMARY KEY (docId, name)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE doc ADD COLUMN restoredAt TEXT;
  `,
  `
  CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, act TEXT NOT NULL,
    actorId TEXT, asAdmin INTEGER NOT NULL, reportId TEXT, threadId TEXT,
    subjectKind TEXT, subjectId TEXT, detail TEXT NOT NULL, address TEXT
  ) STRICT;
  CREATE INDEX audit_at ON audit(at);
  CREATE INDEX audit_actor ON audit(actorId);
  CREATE INDEX audit_report ON audit(reportId);
  CREATE TRIGGER audit_keeps BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
  CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
  -- INSERT OR REPLACE removes without asking the trigger above.
  CREATE TRIGGER audit_appends BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
  `,
  `
  CREATE TABLE notification (
    id INTEGER PRIMARY KEY AUTOINCREMENT, userId TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    kind TEXT NOT NULL, act TEXT NOT NULL, reportId TEXT NOT NULL REFERENCES report(id) ON DELETE CASCADE,
    threadId TEXT, actorId TEXT NOT NULL, at TEXT NOT NULL, isShown INTEGER NOT NULL, readAt TEXT,
    mailDue TEXT, mailTries INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX notification_user ON notification(userId, id);
  CREATE INDEX notification_mail ON notification(mailDue) WHERE mailDue IS NOT NULL;
  CREATE TABLE preference (
    userId TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE, key TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (userId, key)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- The commands that were carried out on a document, so that one that is sent again is not.
  CREATE TABLE docCommand (
    docId TEXT NOT NULL REFERENCES doc(id) ON DELETE CASCADE, userId TEXT NOT NULL, key TEXT NOT NULL,
    seq INTEGER NOT NULL, at TEXT NOT NULL, PRIMARY KEY (docId, userId, key)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- What the review documents register, so that all reports' figures can be searched at once.
  CREATE TABLE figure (
    reportId TEXT NOT NULL REFERENCES report(id) ON DELETE CASCADE, id TEXT NOT NULL,
    surface TEXT NOT NULL, value TEXT NOT NULL, valueMax TEXT, unit TEXT NOT NULL, kind TEXT NOT NULL,
    object TEXT NOT NULL, scope TEXT NOT NULL, period TEXT NOT NULL, modality TEXT NOT NULL, topic TEXT,
    departmentId TEXT, source TEXT NOT NULL, section TEXT NOT NULL, state TEXT NOT NULL,
    verifiedAt TEXT, verifiedBy TEXT, registeredAt TEXT NOT NULL, PRIMARY KEY (reportId, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX figure_topic ON figure(topic) WHERE topic IS NOT NULL;
  CREATE INDEX figure_department ON figure(departmentId, state);
  CREATE TABLE figureStanding (
    reportId TEXT NOT NULL REFERENCES report(id) ON DELETE CASCADE, figureId TEXT NOT NULL,
    place INTEGER NOT NULL, wrong TEXT, PRIMARY KEY (reportId, figureId)
  ) STRICT, WITHOUT ROWID;
  ALTER TABLE notification ADD COLUMN figureId TEXT;
  CREATE TABLE term (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, definition TEXT NOT NULL,
    departmentId TEXT REFERENCES department(id) ON DELETE SET NULL, note TEXT NOT NULL,
    updatedBy TEXT NOT NULL REFERENCES user(id), updatedAt TEXT NOT NULL
  ) STRICT;
  CREATE TABLE dismissedMeasure (
    name TEXT PRIMARY KEY, reason TEXT NOT NULL, userId TEXT NOT NULL REFERENCES user(id), at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
];
