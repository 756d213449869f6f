import type { DatabaseSync } from 'node:sqlite';

/** Steps from one schema version to the next; released steps are never changed. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE operations (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, json TEXT NOT NULL);
   CREATE TABLE windows (
     operation INTEGER NOT NULL, release TEXT NOT NULL, number INTEGER NOT NULL,
     calls INTEGER NOT NULL, errors INTEGER NOT NULL, client_errors INTEGER NOT NULL,
     first REAL NOT NULL, last REAL NOT NULL, sum REAL NOT NULL, max REAL NOT NULL,
     latency BLOB NOT NULL, slowest TEXT, error_groups TEXT,
     PRIMARY KEY (operation, release, number)) WITHOUT ROWID;
   CREATE TABLE positions (file TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE pending (
     file TEXT NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL, arrival INTEGER NOT NULL, ids TEXT NOT NULL,
     PRIMARY KEY (file, offset)) WITHOUT ROWID;
   CREATE TABLE lease (id INTEGER PRIMARY KEY CHECK (id = 1), owner TEXT NOT NULL, heartbeat REAL NOT NULL);
   CREATE TABLE commits (id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL);
   INSERT INTO commits VALUES (1, 0);`,
  `CREATE TABLE shapes (
     operation INTEGER NOT NULL, release TEXT NOT NULL, number INTEGER NOT NULL, shape BLOB NOT NULL,
     PRIMARY KEY (operation, release, number)) WITHOUT ROWID;`,
];

/** The schema that this version writes, kept in `PRAGMA user_version`. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/** Brings a database up to the present schema; `newer` where a later version of the program wrote it. */
export function migrate(db: DatabaseSync): 'ready' | 'newer' {
  return inTransaction(db, () => {
    const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
    if (version > SCHEMA_VERSION) return 'newer';
    for (const step of MIGRATIONS.slice(version)) db.exec(step);
    if (version < SCHEMA_VERSION) db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
    return 'ready';
  });
}

/** Runs `work` whole or not at all, as the only writer. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    try {
      db.exec('ROLLBACK');
    } catch {
      // Some errors have ended the transaction already; the first one is what counts.
    }
    throw error;
  }
}
