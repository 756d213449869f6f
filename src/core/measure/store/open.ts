import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Problem } from '../../model/problem.ts';
import { memoryStore } from './memory.ts';
import { readRows } from './rows.ts';
import { migrate } from './schema.ts';
import { sqliteStore } from './sqlite.ts';
import type { Store } from './store.ts';

export interface StoreOptions {
  /** Wall clock for the lease alone, milliseconds since the epoch. */
  readonly now: () => number;
  /** Name of this process in the lease; absent: a random one. */
  readonly owner?: string;
}

/** Results of SQLite that mean that the bytes are no (whole) database of ours. */
const DAMAGED = new Set([1, 11, 26]);

/**
 * Opens the store in `file`, or one in memory where it is undefined or cannot be had (with a problem then). A damaged
 * database, or one that a newer version wrote, is set aside beside it and a new one begun. Loads SQLite only now.
 */
export function openStore(file: string | undefined, options: StoreOptions): Store {
  const sqlite = file === undefined ? undefined : process.getBuiltinModule('node:sqlite');
  if (file === undefined) return memoryStore();
  if (sqlite === undefined) {
    return memoryStore([
      problem(file, 'store-unavailable', 'This Node has no SQLite: figures are kept in memory only.'),
    ]);
  }
  const problems: Problem[] = [];
  const owner = options.owner ?? randomUUID();
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    const connect = (): DatabaseSync => new sqlite.DatabaseSync(file);
    const db = tryOpen(connect, file, problems) ?? tryOpen(connect, file, problems);
    if (db !== undefined) return sqliteStore(db, file, owner, options.now, problems);
  } catch (error) {
    problems.push(problem(file, 'store-unavailable', `Figures are kept in memory only: ${String(error)}`));
  }
  return memoryStore(problems);
}

/** A usable database, or undefined where the one that stood there was set aside. */
function tryOpen(connect: () => DatabaseSync, file: string, problems: Problem[]): DatabaseSync | undefined {
  const db = connect();
  try {
    db.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    if (migrate(db) === 'ready') {
      readRows(db);
      return db;
    }
    db.close();
    setAside(file, 'newer');
    const message =
      'A newer version of Suture wrote the stored figures: they were set aside and are built anew.';
    problems.push(problem(file, 'store-newer', message));
  } catch (error) {
    if (db.isOpen) db.close();
    if (!isDamage(error)) throw error;
    setAside(file, 'corrupt');
    const message = 'The stored figures could not be read: they were set aside and are built anew.';
    problems.push(problem(file, 'store-corrupt', message));
  }
  return undefined;
}

function isDamage(error: unknown): boolean {
  // Text in our tables that is not the JSON we wrote.
  if (error instanceof SyntaxError) return true;
  return error instanceof Error && 'errcode' in error && DAMAGED.has(Number(error.errcode) % 256);
}

function setAside(file: string, why: 'corrupt' | 'newer'): void {
  let number = 1;
  while (existsSync(`${file}.${why}-${number}`)) number++;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, `${file}.${why}-${number}${suffix}`);
  }
}

function problem(file: string, code: string, message: string): Problem {
  return { file: path.basename(file), code, message, count: 1 };
}
