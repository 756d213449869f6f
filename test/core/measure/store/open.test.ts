import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openStore } from '../../../../src/core/measure/store/open.ts';
import { SCHEMA_VERSION } from '../../../../src/core/measure/store/schema.ts';
import type { Store, StoreCommit } from '../../../../src/core/measure/store/store.ts';
import { createWindows } from '../../../../src/core/measure/windows.ts';
import { T0 } from '../../assemble/spans.ts';
import { call, operation, series } from '../call.ts';

const nothing: StoreCommit = {
  windows: [],
  operations: [],
  shapes: [],
  droppedBeforeMs: null,
  positions: [],
  pending: [],
};
const position = { file: 'f', path: '.telemetry/a.jsonl', offset: 7, line: 1, fingerprint: 'x' };
const pendingOf = (...offsets: readonly number[]): StoreCommit['pending'] =>
  offsets.map((offset) => ({ ref: { file: 'f', offset, length: 5 }, traceIds: [`t${offset}!a`] }));

describe('store', () => {
  let folder = '';
  let clock = T0;
  const opened: Store[] = [];
  const open = (owner = 'one', file = path.join(folder, 'deep', 'suture.db')): Store => {
    const store = openStore(file, { now: () => clock, owner });
    opened.push(store);
    return store;
  };
  const codes = (store: Store): readonly string[] => store.problems().map((problem) => problem.code);

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'suture-store-'));
    clock = T0;
  });
  afterEach(() => {
    for (const store of opened.splice(0)) {
      try {
        store.close();
      } catch {
        // Closed by the test itself.
      }
    }
    rmSync(folder, { recursive: true, force: true });
  });

  it('gives back after a restart what was committed', () => {
    const windows = createWindows();
    const odd = 'a\u0000b\ud800"';
    windows.fold([
      ...series(30, { hint: { handler: 'f', line: 3 } }),
      call({ release: odd, outcome: 'error', exceptions: [{ type: 'E', message: odd, stack: 'at f' }] }),
      call({ operation: operation(odd), startMs: T0 + 0.25 }),
    ]);
    const store = open();
    assert.ok(
      store.commit({ ...windows.dirty(), shapes: [], positions: [position], pending: pendingOf(9, 2) }),
    );
    windows.markSaved();
    assert.deepEqual(windows.dirty().windows, []);
    store.close();
    const saved = open().load();
    const again = createWindows(saved);
    assert.deepEqual(
      again.operations().map((known) => [known, again.metrics(known.operation.id)]),
      windows.operations().map((known) => [known, windows.metrics(known.operation.id)]),
    );
    assert.deepEqual(saved.positions, [position]);
    assert.deepEqual(saved.pending, pendingOf(9, 2));
  });

  it('writes pending records by difference and keeps their order of arrival', () => {
    const store = open();
    for (const offsets of [
      [5, 1],
      [1, 7],
      [1, 7, 3],
      [1, 7, 3, 5],
    ]) {
      assert.ok(store.commit({ ...nothing, pending: pendingOf(...offsets) }));
      assert.deepEqual(store.load().pending, pendingOf(...offsets));
    }
    store.commit({
      ...nothing,
      pending: [{ ref: { file: 'f', offset: 7, length: 5 }, traceIds: ['other'] }],
    });
    assert.deepEqual(
      store.load().pending.map((each) => each.traceIds),
      [['other']],
    );
  });

  it('brings a store of the first version up to date and keeps its figures', () => {
    const windows = createWindows();
    windows.fold(series(30));
    const store = open();
    assert.ok(store.commit({ ...nothing, ...windows.dirty(), positions: [position] }));
    store.close();
    const file = path.join(folder, 'deep', 'suture.db');
    const db = new DatabaseSync(file);
    db.exec('DROP TABLE shapes; PRAGMA user_version = 1');
    db.close();
    const again = open();
    assert.deepEqual(again.problems(), []);
    const saved = again.load();
    assert.deepEqual([saved.windows.length, saved.positions, saved.shapes], [1, [position], []]);
    const blob = Uint8Array.of(1, 2, 3);
    const known = { operationId: operation().id, release: 'a\u0000\ud800', startMs: T0, blob };
    const unknown = { ...known, operationId: 'unknown' };
    assert.ok(again.commit({ ...nothing, shapes: [known, unknown] }));
    assert.deepEqual(again.load().shapes, [known]);
    assert.ok(again.commit({ ...nothing, droppedBeforeMs: T0 + 300_000 }));
    assert.deepEqual(again.load().shapes, []);
  });

  it('drops windows and operations that retention dropped', () => {
    const windows = createWindows(undefined, { retentionDays: 1 });
    const store = open();
    windows.fold([call({ operation: operation('/old') })]);
    store.commit({ ...nothing, ...windows.dirty() });
    windows.markSaved();
    windows.fold([call({ startMs: T0 + 9 * 86_400_000 })]);
    store.commit({ ...nothing, ...windows.dirty() });
    const saved = store.load();
    assert.deepEqual(
      saved.operations.map((each) => each.operation.route),
      ['/users/:id'],
    );
    assert.equal(saved.windows.length, 1);
  });

  it('has one writer, and passes the lease on when it is given back or expires', () => {
    const one = open('one');
    const two = open('two');
    assert.deepEqual([one.isWriter(), two.isWriter()], [true, false]);
    assert.equal(two.commit(nothing), false);
    clock += 9_000;
    assert.equal(one.renew(), 'kept');
    clock += 9_000;
    assert.equal(two.renew(), 'denied');
    clock += 2_000;
    assert.equal(two.renew(), 'acquired');
    assert.equal(one.commit({ ...nothing, positions: [position] }), false);
    assert.equal(one.isWriter(), false);
    assert.deepEqual(two.load().positions, []);
    two.close();
    assert.equal(one.renew(), 'acquired');
    assert.ok(one.commit(nothing));
  });

  it('tells a reader of commits, not of heartbeats', () => {
    const writer = open('one');
    const reader = open('two');
    reader.load();
    assert.equal(reader.changed(), false);
    writer.renew();
    assert.equal(reader.changed(), false);
    writer.commit({ ...nothing, positions: [position] });
    assert.equal(reader.changed(), true);
    assert.equal(reader.changed(), false);
    assert.deepEqual(reader.load().positions, [position]);
    assert.equal(writer.changed(), false);
  });

  it('sets a damaged database aside and begins anew', () => {
    const file = path.join(folder, 'suture.db');
    for (const round of [1, 2]) {
      writeFileSync(file, `this is no database ${'x'.repeat(5000)}`);
      const store = open('one', file);
      assert.deepEqual(codes(store), ['store-corrupt']);
      assert.ok(store.commit({ ...nothing, positions: [position] }));
      assert.deepEqual(store.load().positions, [position]);
      store.close();
      assert.ok(readdirSync(folder).includes(`suture.db.corrupt-${round}`));
    }
  });

  it('sets aside a database whose rows are not ours', () => {
    const file = path.join(folder, 'suture.db');
    open('one', file).close();
    const db = new DatabaseSync(file);
    db.exec(`INSERT INTO operations VALUES (1, 'k', '{"torn')`);
    db.close();
    assert.deepEqual(codes(open('one', file)), ['store-corrupt']);
  });

  it('sets aside what a newer version wrote', () => {
    const file = path.join(folder, 'suture.db');
    open('one', file).close();
    const db = new DatabaseSync(file);
    db.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    db.close();
    const store = open('one', file);
    assert.deepEqual(codes(store), ['store-newer']);
    assert.ok(store.commit(nothing));
    assert.ok(readdirSync(folder).includes('suture.db.newer-1'));
  });

  it('keeps figures in memory where no file can be had, and says so', () => {
    const file = path.join(folder, 'occupied');
    writeFileSync(file, '');
    const store = open('one', path.join(file, 'suture.db'));
    assert.deepEqual(codes(store), ['store-unavailable']);
    assert.ok(store.commit(nothing));
    const memory = openStore(undefined, { now: () => clock });
    assert.deepEqual([memory.problems(), memory.isWriter(), memory.changed()], [[], true, false]);
  });
});
