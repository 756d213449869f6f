import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { FilePosition } from '../../model/source.ts';
import type { Window } from '../../model/window.ts';
import type { SavedOperation } from '../book.ts';
import { WINDOW_MS } from '../cell.ts';
import type { SavedShape } from '../shapes/shapes.ts';
import type { StoreCommit, StoredPending, StoredState } from './store.ts';

type Row = Record<string, SQLOutputValue>;

/** Writes a step; must run in a transaction. */
export function writeRows(db: DatabaseSync, changes: StoreCommit, pending: readonly StoredPending[]): void {
  const ids = new Map<string, number>();
  const putOperation = db.prepare(
    'INSERT INTO operations (key, json) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET json = excluded.json RETURNING id',
  );
  for (const operation of changes.operations) {
    const { id } = operation.operation;
    ids.set(id, Number(putOperation.get(id, JSON.stringify(operation))?.['id']));
  }
  const idOf = db.prepare('SELECT id FROM operations WHERE key = ?');
  const putWindow = db.prepare(
    'INSERT OR REPLACE INTO windows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  for (const window of changes.windows) {
    const id = ids.get(window.operationId) ?? Number(idOf.get(window.operationId)?.['id']);
    putWindow.run(id, ...windowColumns(window));
  }
  const putShape = db.prepare('INSERT OR REPLACE INTO shapes VALUES (?, ?, ?, ?)');
  for (const { operationId, release, startMs, blob } of changes.shapes) {
    const id = ids.get(operationId) ?? idOf.get(operationId)?.['id'];
    if (id !== undefined) putShape.run(id, JSON.stringify(release), startMs / WINDOW_MS, blob);
  }
  if (changes.droppedBeforeMs !== null) {
    const number = changes.droppedBeforeMs / WINDOW_MS;
    for (const table of ['windows', 'shapes'])
      db.prepare(`DELETE FROM ${table} WHERE number < ?`).run(number);
    db.exec('DELETE FROM operations WHERE id NOT IN (SELECT operation FROM windows)');
    db.exec('DELETE FROM shapes WHERE operation NOT IN (SELECT id FROM operations)');
  }
  const putPosition = db.prepare('INSERT OR REPLACE INTO positions VALUES (?, ?)');
  for (const position of changes.positions) putPosition.run(position.file, JSON.stringify(position));
  writePending(db, changes.pending, pending);
  db.exec('UPDATE commits SET count = count + 1');
}

export function readRows(db: DatabaseSync): StoredState {
  const keys = new Map<number, string>();
  const operations = db
    .prepare('SELECT id, key, json FROM operations')
    .all()
    .map((row) => {
      keys.set(Number(row['id']), String(row['key']));
      return JSON.parse(String(row['json'])) as SavedOperation;
    });
  const windows: Window[] = [];
  for (const row of db.prepare('SELECT * FROM windows').iterate()) {
    const operationId = keys.get(Number(row['operation']));
    if (operationId !== undefined) windows.push(windowOf(row, operationId));
  }
  const shapes: SavedShape[] = [];
  for (const row of db.prepare('SELECT * FROM shapes').iterate()) {
    const operationId = keys.get(Number(row['operation']));
    if (operationId !== undefined) shapes.push(shapeOf(row, operationId));
  }
  const positions = db.prepare('SELECT json FROM positions').all();
  return {
    operations,
    windows,
    shapes,
    positions: positions.map((row) => JSON.parse(String(row['json'])) as FilePosition),
    pending: db.prepare('SELECT * FROM pending ORDER BY arrival').all().map(pendingOf),
  };
}

export function commitCount(db: DatabaseSync): number {
  return Number(db.prepare('SELECT count FROM commits').get()?.['count']);
}

/** Only the difference is written: most pending records stay from one commit to the next. */
function writePending(
  db: DatabaseSync,
  now: readonly StoredPending[],
  before: readonly StoredPending[],
): void {
  const known = new Map(before.map((each) => [keyOf(each), each.traceIds.join()]));
  const next = Number(
    db.prepare('SELECT coalesce(max(arrival), 0) + 1 AS next FROM pending').get()?.['next'],
  );
  const put = db.prepare(
    `INSERT INTO pending VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (file, offset) DO UPDATE SET length = excluded.length, ids = excluded.ids`,
  );
  now.forEach((each, index) => {
    const { ref, traceIds } = each;
    const key = keyOf(each);
    const same = known.get(key) === traceIds.join();
    known.delete(key);
    if (!same) put.run(ref.file, ref.offset, ref.length, next + index, JSON.stringify(traceIds));
  });
  const drop = db.prepare('DELETE FROM pending WHERE file = ? AND offset = ?');
  for (const each of before) if (known.has(keyOf(each))) drop.run(each.ref.file, each.ref.offset);
}

function keyOf({ ref }: StoredPending): string {
  return `${ref.offset} ${ref.file}`;
}

function pendingOf(row: Row): StoredPending {
  const ref = { file: String(row['file']), offset: Number(row['offset']), length: Number(row['length']) };
  return { ref, traceIds: JSON.parse(String(row['ids'])) as string[] };
}

/** Untrusted text goes in as JSON, which escapes what a database may not give back as it was (NUL, lone surrogates). */
function windowColumns(window: Window): readonly [string, ...(number | string | Uint8Array | null)[]] {
  return [
    JSON.stringify(window.release),
    window.startMs / WINDOW_MS,
    window.calls,
    window.errors,
    window.clientErrors,
    window.firstMs - window.startMs,
    window.lastMs - window.startMs,
    window.durationSumMs,
    window.maxMs,
    window.latency,
    slowestText(window),
    window.errorGroups.length === 0 ? null : JSON.stringify(window.errorGroups),
  ];
}

function windowOf(row: Row, operationId: string): Window {
  const startMs = Number(row['number']) * WINDOW_MS;
  const { latency, slowest, error_groups: groups } = row;
  return {
    operationId,
    release: String(JSON.parse(String(row['release']))),
    startMs,
    calls: Number(row['calls']),
    errors: Number(row['errors']),
    clientErrors: Number(row['client_errors']),
    firstMs: startMs + Number(row['first']),
    lastMs: startMs + Number(row['last']),
    durationSumMs: Number(row['sum']),
    maxMs: Number(row['max']),
    latency: latency instanceof Uint8Array ? latency : new Uint8Array(0),
    ...(typeof slowest === 'string' ? { slowest: slowestOf(slowest, startMs) } : {}),
    errorGroups: typeof groups === 'string' ? (JSON.parse(groups) as Window['errorGroups']) : [],
  };
}

function shapeOf({ release, number, shape }: Row, operationId: string): SavedShape {
  return {
    operationId,
    release: String(JSON.parse(String(release))),
    startMs: Number(number) * WINDOW_MS,
    blob: shape instanceof Uint8Array ? shape : new Uint8Array(0),
  };
}

/** An array without names: it is the larger part of most rows. */
function slowestText({ slowest, startMs }: Window): string | null {
  if (slowest === undefined) return null;
  return JSON.stringify([slowest.traceId, slowest.spanId, slowest.startMs - startMs, slowest.durationMs]);
}

function slowestOf(text: string, windowMs: number): NonNullable<Window['slowest']> {
  const [traceId, spanId, offsetMs, durationMs] = JSON.parse(text) as [string, string, number, number];
  return { traceId, spanId, startMs: windowMs + offsetMs, durationMs };
}
