import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../workspaces/conductor');
const entry = path.join(import.meta.dirname, '../../src/cli/suture.ts');

function suture(command: string): { readonly data: unknown; readonly problems: readonly unknown[] } {
  const { stdout, stderr } = spawnSync(process.execPath, [entry, command, '-w', root, '--json'], {
    encoding: 'utf8',
  });
  assert.notEqual(stdout, '', stderr);
  return JSON.parse(stdout) as { data: unknown; problems: readonly unknown[] };
}

interface Row {
  readonly name: string;
  readonly calls: number;
  readonly errors: number;
  readonly handlerId: string | null;
  readonly p50Ms: number | null;
}

describe('suture on a conductor', function () {
  this.timeout(60_000);

  it('resolves every beat of both generations', () => {
    const { data, problems } = suture('handlers');
    const { handlers, unresolved } = data as {
      handlers: readonly { id: string; kind: string; resolved: boolean }[];
      unresolved: readonly unknown[];
    };
    assert.deepEqual(unresolved, []);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      handlers.map(({ id }) => id),
      [
        'packages/canvas/src/create.ts#createNode@canvas:node:create',
        'packages/canvas/src/create.ts#notify@canvas:node:notify',
        'packages/canvas/src/index.ts#merged.refreshTree@canvas:node:notify',
        'packages/library/src/load.io.ts#loadComponents@library:components:load',
        'packages/library/src/notify.ts#notifyUi@library:components:notify',
        'packages/report/src/index.ts#endReport@report:end',
        'packages/report/src/writer.ts#writeReport@report:write',
      ],
    );
    assert.ok(handlers.every(({ kind, resolved }) => kind === 'beat' && resolved));
  });

  it("shows a late handler's true latency, an exception on the handler alone, and whom a shared event calls", () => {
    const { operations } = suture('metrics').data as { operations: readonly Row[] };
    const of = (name: string): Row => {
      const row = operations.find((candidate) => candidate.name === name);
      assert.ok(row, name);
      return row;
    };
    const late = of('LibraryPlugin:library:components:load#loadComponents');
    assert.equal(late.handlerId, 'packages/library/src/load.io.ts#loadComponents@library:components:load');
    assert.ok((late.p50Ms ?? 0) >= 1490, `${late.p50Ms} ms`);
    assert.ok((of('Library Load').p50Ms ?? Infinity) < 500, 'its sequence did not wait for it');

    const failing = operations.filter(({ errors }) => errors > 0);
    assert.deepEqual(
      failing.map(({ name, errors, calls }) => [name, errors, calls]),
      [['CanvasPlugin:canvas:node:create#createNode', 1, 6]],
    );

    const shared = operations.filter(({ name }) => name.startsWith('CanvasPlugin:canvas:node:notify#'));
    assert.deepEqual(
      new Map(shared.map(({ handlerId, calls }) => [handlerId, calls])),
      new Map([
        ['packages/canvas/src/create.ts#notify@canvas:node:notify', 6],
        ['packages/canvas/src/index.ts#merged.refreshTree@canvas:node:notify', 6],
      ]),
    );
  });

  it('leaves no handler without figures', () => {
    const { status } = suture('doctor').data as { status: { handlers: number; handlersMeasured: number } };
    assert.deepEqual([status.handlersMeasured, status.handlers], [7, 7]);
  });
});
