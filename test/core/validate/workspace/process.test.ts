import assert from 'node:assert/strict';
import { runProcess } from '../../../../src/core/validate/workspace/process.ts';

const node = (
  script: string,
  more: Partial<Parameters<typeof runProcess>[0]> = {},
): ReturnType<typeof runProcess> =>
  runProcess({ command: process.execPath, args: ['-e', script], cwd: process.cwd(), ...more });

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Waits for a condition that must come true. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('a process that is run', () => {
  it('reports its code, its lines and the end of its output without escapes', async () => {
    const lines: string[] = [];
    const end = await node(
      `process.stdout.write('\\x1b[31mred\\x1b[0m\\nhalf'); console.error('\\x1b]0;title\\x07told'); process.exitCode = 3`,
      {
        onLine: (line) => lines.push(line),
      },
    );
    assert.equal(end.code, 3);
    assert.equal(end.cancelled, false);
    assert.deepEqual(lines.sort(), ['half', 'red', 'told']);
    assert.match(end.outputTail, /red\nhalf/);
  });

  it('keeps only the end of much output', async () => {
    const end = await node(`process.stdout.write('x'.repeat(300000) + 'end')`);
    assert.equal(end.outputTail.length, 16_384);
    assert.ok(end.outputTail.endsWith('xend'));
  });

  it('says why it could not start', async () => {
    const absent = await runProcess({ command: '/nowhere/vitest', args: [], cwd: process.cwd() });
    assert.equal(absent.code, null);
    assert.match(absent.failure ?? '', /ENOENT/);
    const refused = await runProcess({ command: 'a\u0000b', args: [], cwd: process.cwd() });
    assert.ok(refused.failure);
  });

  it('gets no shell', async () => {
    const end = await runProcess({
      command: process.execPath,
      args: ['-p', 'process.argv[1]', '$(echo a); b'],
      cwd: process.cwd(),
    });
    assert.equal(end.outputTail.trim(), '$(echo a); b');
  });

  it('is ended with its children when cancelled', async () => {
    const pids: number[] = [];
    const cancel = new AbortController();
    const child = `setInterval(() => {}, 1000)`;
    const script = `const c = require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}]); console.log(c.pid); console.log(process.pid); setInterval(() => {}, 1000)`;
    const ended = node(script, { signal: cancel.signal, onLine: (line) => pids.push(Number(line)) });
    await until(() => pids.length === 2);
    assert.ok(pids.every(alive));
    cancel.abort();
    const end = await ended;
    assert.equal(end.cancelled, true);
    assert.equal(end.signal, 'SIGTERM');
    await until(() => !pids.some(alive));
  });

  it('is not started when cancelled before', async () => {
    const end = await node(`console.log('ran')`, { signal: AbortSignal.abort() });
    assert.deepEqual(end, { code: null, signal: null, cancelled: true, outputTail: '' });
  });
});
