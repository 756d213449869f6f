import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Problem } from '../../model/problem.ts';
import { holdsLease, refreshLease, releaseLease, takeLease } from './lease.ts';
import { commitCount, readRows, writeRows } from './rows.ts';
import { inTransaction } from './schema.ts';
import type { LeaseState, Store, StoredPending } from './store.ts';

/** The store over an open database of the present schema; asks for the lease at once. */
export function sqliteStore(
  db: DatabaseSync,
  file: string,
  owner: string,
  now: () => number,
  opening: readonly Problem[],
): Store {
  let writer = false;
  let pending: readonly StoredPending[] = [];
  let seenVersion = dataVersion();
  let seenCommits = commitCount(db);
  const failures = { count: 0, message: '' };

  renew();

  function dataVersion(): number {
    return Number(db.prepare('PRAGMA data_version').get()?.['data_version']);
  }

  function attempt<T>(work: () => T, otherwise: T): T {
    try {
      return work();
    } catch (error) {
      failures.count++;
      failures.message = String(error);
      return otherwise;
    }
  }

  function renew(): LeaseState {
    const before = writer;
    writer = attempt(() => inTransaction(db, () => takeLease(db, owner, now())), false);
    if (!writer) return 'denied';
    if (before) return 'kept';
    pending = attempt(() => readRows(db).pending, []);
    return 'acquired';
  }

  return {
    load: () => {
      seenVersion = dataVersion();
      seenCommits = commitCount(db);
      return readRows(db);
    },
    commit: (changes) => {
      if (!writer) return false;
      const done = attempt(
        () =>
          inTransaction(db, () => {
            // Another process may have taken the lease while this one slept.
            if (!holdsLease(db, owner)) return 'lost';
            writeRows(db, changes, pending);
            refreshLease(db, owner, now());
            return 'done';
          }),
        'failed',
      );
      if (done === 'lost') writer = false;
      if (done !== 'done') return false;
      pending = changes.pending;
      seenCommits++;
      return true;
    },
    isWriter: () => writer,
    renew,
    changed: () => {
      const version = dataVersion();
      if (version === seenVersion) return false;
      seenVersion = version;
      // A heartbeat changes the database as well.
      const commits = commitCount(db);
      const changed = commits !== seenCommits;
      seenCommits = commits;
      return changed;
    },
    problems: () =>
      failures.count === 0
        ? opening
        : [
            ...opening,
            {
              file: path.basename(file),
              code: 'store-write-failed',
              message: `The store could not be written: ${failures.message}`,
              count: failures.count,
            },
          ],
    close: () => {
      if (writer) attempt(() => releaseLease(db, owner), undefined);
      writer = false;
      db.close();
    },
  };
}
