// Detection in the engine over small workspaces: what it says when it cannot know, and when `.suture` is damaged.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createEngine } from '../../../src/core/engine.ts';
import type { Detection } from '../../../src/core/model/healing.ts';

const app = `const express = require('express');
const app = express();
app.get('/a', function showA(request, response) { response.json({}); });
app.listen(1);
`;

/** Requests of one release, every `failing`th a 500. */
function requests(release: string, calls: number, failing = 0, hour = 0): string {
  const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const spans = Array.from({ length: calls }, (_, index) => {
    const failed = failing > 0 && index % failing === 0;
    const id = `${release.padStart(4, '0')}${index.toString(16).padStart(12, '0')}`;
    const start = BigInt(Date.UTC(2026, 9, 1, hour)) * 1_000_000n + BigInt(index) * 1_000_000_000n;
    return {
      traceId: id.padStart(32, 'a'),
      spanId: id,
      name: 'GET /a',
      kind: 2,
      startTimeUnixNano: String(start),
      endTimeUnixNano: String(start + 20_000_000n),
      attributes: [
        attribute('http.request.method', 'GET'),
        attribute('http.route', '/a'),
        { key: 'http.response.status_code', value: { intValue: failed ? 500 : 200 } },
      ],
      status: failed ? { code: 2 } : {},
    };
  });
  const resource = { attributes: [attribute('service.name', 'app'), attribute('service.version', release)] };
  return `${JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: {}, spans }] }] })}\n`;
}

describe('detection in the engine', () => {
  let root: string;
  const detect = async (): Promise<Detection> => {
    const engine = createEngine({ root, watch: false, ports: { log: () => undefined, now: Date.now } });
    await engine.start();
    try {
      return await engine.healing.detect();
    } finally {
      await engine.close();
    }
  };

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'suture-detection-'));
    await mkdir(path.join(root, '.telemetry'));
    await mkdir(path.join(root, '.suture'));
    await writeFile(path.join(root, 'package.json'), '{ "name": "app", "dependencies": { "express": "5" } }');
    await writeFile(path.join(root, 'app.js'), app);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));
  const record = (text: string): Promise<void> => writeFile(path.join(root, '.telemetry/a.jsonl'), text);
  const errorBurst = ({ anomalies }: Detection) =>
    anomalies.find(({ detector }) => detector === 'error-burst');

  it('says that nothing was read', async () => {
    const { anomalies, compared } = await detect();
    assert.deepEqual([anomalies, compared], [[], 'No telemetry has been read.']);
  });

  it('says how many calls are missing', async () => {
    await record(requests('1', 60) + requests('2', 7, 1, 5));
    const { anomalies, tooFew } = await detect();
    assert.deepEqual(anomalies, []);
    assert.deepEqual(
      tooFew.map(({ operation, have, need }) => [operation.name, have, need]),
      [['GET /a', 7, 30]],
    );
  });

  it('says that a first release has nothing to be compared with', async () => {
    await record(requests('1', 60));
    assert.match((await detect()).compared, /^1 could not be compared with anything/);
  });

  it('finds a burst of errors against the release before, at the handler', async () => {
    await record(requests('1', 60) + requests('2', 60, 3, 5));
    const detection = await detect();
    assert.equal(detection.compared, '2 was compared with 1.');
    const found = errorBurst(detection);
    assert.deepEqual(
      [found?.handlerId, found?.state, found?.release, found?.baselineRelease],
      ['app.js#showA@GET /a', 'new', '2', '1'],
    );
  });

  it('resolves it with the release that is healthy again, and not with one that has too few calls', async () => {
    const faulty = requests('1', 60) + requests('2', 60, 3, 5);
    await record(faulty + requests('3', 7, 0, 8));
    assert.equal(errorBurst(await detect())?.state, 'new');
    await record(faulty + requests('3', 60, 0, 8));
    assert.equal(errorBurst(await detect())?.state, 'resolved');
  });

  it('suppresses what the file says, until the day it says, and nothing by a file that does not parse', async () => {
    await record(requests('1', 60) + requests('2', 60, 3, 5));
    const fingerprint = errorBurst(await detect())?.fingerprint;
    const suppress = (text: string): Promise<void> =>
      writeFile(path.join(root, '.suture/suppressions.json'), text);
    await suppress(JSON.stringify({ suppressions: [{ fingerprint, reason: 'known' }] }));
    assert.equal(errorBurst(await detect())?.suppressed?.reason, 'known');
    await suppress(JSON.stringify({ suppressions: [{ fingerprint, reason: 'known', until: '2026-10-02' }] }));
    assert.equal(errorBurst(await detect())?.suppressed, undefined);
    await suppress(`{ "suppressions": [{ "fingerprint": "${fingerprint}", "reason": "known" }`);
    const broken = await detect();
    assert.equal(errorBurst(broken)?.suppressed, undefined);
    assert.deepEqual(
      broken.problems.map(({ file }) => file),
      ['.suture/suppressions.json'],
    );
  });

  it('reads on past damaged lines of the ledger and refuses one that is a link to elsewhere', async () => {
    await record(requests('1', 60) + requests('2', 60, 3, 5));
    const ledger = path.join(root, '.suture/ledger.jsonl');
    await writeFile(ledger, 'not a line\n');
    assert.deepEqual((await detect()).problems.map(({ file, line }) => [file, line]), [['.suture/ledger.jsonl', 1]]); // prettier-ignore
    await rm(ledger);
    await writeFile(path.join(root, '../suture-elsewhere.jsonl'), '');
    await symlink(path.join(root, '../suture-elsewhere.jsonl'), ledger);
    const refused = await detect();
    assert.equal(refused.problems[0]?.code, 'refused-file');
    assert.ok(errorBurst(refused));
    await rm(path.join(root, '../suture-elsewhere.jsonl'));
  });
});
