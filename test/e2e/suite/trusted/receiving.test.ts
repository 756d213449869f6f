// A service with the stock SDK, told nothing but OTEL_* variables, in the lens: over the default protocol and endpoint.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { commands } from 'vscode';
import type { ReceiverStatus } from '../../../../src/core/model/status.ts';
import { lensesOf, openSource, pause, until, workspaceRoot } from '../editor.ts';
import { note } from '../notes.ts';
import { shot, texts, waitForText } from '../page.ts';
import { skipBecause } from '../skip.ts';

const root = workspaceRoot();
const release = '9.9.9999999999-live';
const rounds = 3;
const callsARound = 4;

const health = async (): Promise<string> =>
  (await lensesOf('src/app.ts')).find(({ id }) => id.endsWith('@GET /health'))?.title ?? '';

const get = (port: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, path: '/health', agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    asking.on('error', reject).end();
  });

const statusItem = '.statusbar-item[id="suture.suture.suture.status"]';

describe('receiving', () => {
  let service: ChildProcess | undefined;
  let printed = '';

  before(async function () {
    if (!existsSync(join(root, 'node_modules', '@opentelemetry', 'sdk-node')))
      skipBecause(this, 'the packages of the shop are not installed');
    await openSource('src/app.ts');
  });

  after(async () => {
    service?.kill('SIGKILL');
    await commands.executeCommand('suture.stopReceiving', { root });
  });

  it('is off until a command starts it', async () => {
    await assert.rejects(get('4318'), /ECONNREFUSED/);
    const status = await commands.executeCommand<ReceiverStatus | undefined>('suture.startReceiving', {
      root,
    });
    assert.equal(status?.addresses[0], '127.0.0.1:4318');
    const again = await commands.executeCommand<ReceiverStatus | undefined>('suture.startReceiving', {
      root,
    });
    assert.deepEqual(again?.addresses, status.addresses);
    await until(
      () => texts(statusItem),
      (seen) => assert.ok(seen.length > 0),
    );
  });

  it('shows what a service with stock variables did', async () => {
    await until(health, (title) => assert.notEqual(title, ''));
    service = spawn(process.execPath, ['--import', './src/telemetry.ts', 'src/server.ts'], {
      cwd: root,
      env: {
        PATH: process.env['PATH'],
        // The extension host of a desktop is no plain Node.
        ELECTRON_RUN_AS_NODE: '1',
        PORT: '0',
        OTEL_SERVICE_NAME: 'shop',
        OTEL_RESOURCE_ATTRIBUTES: `service.version=${release},deployment.environment.name=production`,
        OTEL_BSP_SCHEDULE_DELAY: '100',
      },
    });
    for (const stream of [service.stdout, service.stderr])
      stream?.on('data', (part: Buffer) => (printed += part.toString()));
    const port = await until(
      () => /port: (\d+)/.exec(printed)?.[1],
      (found) => assert.ok(found, printed),
    );
    for (let round = 1; round <= rounds; round++) {
      for (let call = 0; call < callsARound; call++) assert.equal(await get(port ?? ''), 200);
      const sent = performance.now();
      const wanted = `n ${String(round * callsARound)} `;
      for (let title = ''; !title.includes(wanted); await pause(10)) {
        title = await health();
        assert.ok(performance.now() < sent + 30_000, `the lens says ${title}; the service: ${printed}`);
      }
      const ms = (performance.now() - sent).toFixed(0);
      note(`lens ${ms} ms after the last answer of a service, of which the SDK waits up to 100 ms to export`);
    }
  });

  it('is shown while it goes on', async () => {
    const began = performance.now();
    await waitForText('.codelens-decoration', new RegExp(`n ${String(rounds * callsARound)} `));
    note(
      `painted ${(performance.now() - began).toFixed(0)} ms after the lens was given to the editor, or before`,
    );
    await shot('receiving');
    await commands.executeCommand('suture.doctor', { root });
    const lines = '.view-lines .view-line';
    await waitForText(lines, /Telemetry\sis\sreceived\son\s127/);
    await commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('goes on after the engine was started anew', async () => {
    await commands.executeCommand('suture.restartEngine');
    await until(
      () => get('4318'),
      (code) => assert.equal(code, 404),
    );
    const title = await until(health, (seen) => assert.match(seen, /n \d+ /));
    assert.match(title, new RegExp(`n ${String(rounds * callsARound)} `));
  });

  it('ends by command', async () => {
    const last = await commands.executeCommand<ReceiverStatus | undefined>('suture.stopReceiving', { root });
    assert.ok(last);
    await assert.rejects(get('4318'), /ECONNREFUSED/);
  });
});
