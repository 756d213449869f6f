import type { DatabaseSync } from 'node:sqlite';

/** A lease whose holder was not heard of for this long is free. */
export const LEASE_MS = 10_000;

export function holdsLease(db: DatabaseSync, owner: string): boolean {
  return db.prepare('SELECT owner FROM lease').get()?.['owner'] === owner;
}

/** Takes a free or expired lease, or refreshes one's own; must run in a transaction. */
export function takeLease(db: DatabaseSync, owner: string, nowMs: number): boolean {
  const row = db.prepare('SELECT owner, heartbeat FROM lease').get();
  const silentMs = Math.abs(nowMs - Number(row?.['heartbeat']));
  // A heartbeat far ahead was written before the clock was set back.
  if (row !== undefined && row['owner'] !== owner && silentMs <= LEASE_MS) return false;
  refreshLease(db, owner, nowMs);
  return true;
}

export function refreshLease(db: DatabaseSync, owner: string, nowMs: number): void {
  const sql = `INSERT INTO lease VALUES (1, ?, ?)
    ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, heartbeat = excluded.heartbeat`;
  db.prepare(sql).run(owner, nowMs);
}

export function releaseLease(db: DatabaseSync, owner: string): void {
  db.prepare('DELETE FROM lease WHERE owner = ?').run(owner);
}
