import assert from 'node:assert/strict';
import { anomalyGroups, clueRows } from '../../../src/vscode/render/anomaly-rows.ts';
import { fixTitle, headline, isOpen, stateText } from '../../../src/vscode/render/anomaly-text.ts';
import { english } from '../../../src/vscode/render/translate.ts';
import { sampleAnomaly, sampleCause } from './anomaly-samples.ts';
import { hostileTexts } from './samples.ts';

const context = { t: english, freshness: 'live' } as const;
const suppressed = sampleAnomaly({ suppressed: { reason: 'known', until: '2027-01-31' } });
const resolved = sampleAnomaly({ state: 'resolved' });

describe('rows of anomalies', () => {
  it('stand in groups by what they ask for, in the order of detection', () => {
    const low = sampleAnomaly({ severity: 'low' });
    const groups = anomalyGroups([sampleAnomaly(), low, suppressed, resolved], context);
    assert.deepEqual(
      groups.map(({ key, description }) => `${key} ${description}`),
      ['open 2', 'suppressed 1', 'resolved 1'],
    );
    assert.deepEqual(
      groups.flatMap(({ rows }) => rows.map(({ label, description }) => `${label} | ${description}`)),
      [
        '12 calls in a row | high · GET /products · new',
        '12 calls in a row | low · GET /products · new',
        '12 calls in a row | GET /products · until 2027-01-31 · known',
        '12 calls in a row | GET /products · resolved',
      ],
    );
    assert.equal(anomalyGroups([resolved], { ...context, freshness: 'stale' })[0]?.description, '1, stale');
    assert.deepEqual([suppressed, resolved, low].map(isOpen), [false, false, true]);
  });

  it('say the figure in words for every kind of finding', () => {
    const effect = { ...sampleAnomaly().effect, after: 0.2755, ratio: 4.56 };
    const said = (
      [
        { k: 'error-group', groupKey: 'g', type: 'TypeError', message: 'm' },
        { k: 'latency' },
        { k: 'no-test', level: 'none' },
        { k: 'no-test', level: 'placeholder' },
      ] as const
    ).map((subject) => headline(sampleAnomaly({ subject, effect }), english));
    assert.deepEqual(said, ['27.6 % errors', '4.6x as slow', 'no test', 'only a placeholder test']);
    assert.match(
      fixTitle(sampleAnomaly({ subject: { k: 'no-test', level: 'none' } }), english),
      /^Generate a test/,
    );
    assert.equal(stateText(sampleAnomaly({ suppressed: { reason: 'x' } }), english), 'for good');
  });

  it('say where the newest release cannot judge them', () => {
    const rows = (calls: number) =>
      anomalyGroups([sampleAnomaly({ unjudged: { release: '1.2.0', calls } })], {
        t: english,
        freshness: 'live',
      })[0]?.rows[0]?.description;
    assert.equal(rows(25), 'high · GET /products · new · not to be judged in 1.2.0: 25 calls');
    assert.equal(rows(0), 'high · GET /products · new · not called in 1.2.0 yet');
  });

  it('have causes with their evidence beneath, then the evidence', () => {
    const anomaly = sampleAnomaly();
    const diagnosis = { fingerprint: anomaly.fingerprint, causes: [sampleCause()] };
    const rows = clueRows(anomaly, { anomaly, diagnosis }, '', english);
    assert.deepEqual(
      rows.map(({ kind, description, file, line }) => [kind, description, file, line]),
      [
        ['cause', 'cause, 95 %', 'src/products.ts', 25],
        ['evidence', '5.8 ms each', undefined, undefined],
      ],
    );
    assert.deepEqual(
      rows[0]?.children.map(({ label, file, line }) => [label, file, line]),
      [['Loop in listProducts', 'src/products.ts', 25]],
    );
  });

  it('say why there is no cause', () => {
    const rows = clueRows(sampleAnomaly(), undefined, 'Trust this workspace first.', english);
    assert.deepEqual([rows[0]?.kind, rows[0]?.label], ['note', 'Trust this workspace first.']);
  });

  it('draw no icon and no second line that telemetry asks for', () => {
    for (const text of hostileTexts) {
      const anomaly = sampleAnomaly({ evidence: [{ label: text, detail: text }] });
      const operation = { ...(anomaly.operation ?? assert.fail()), name: text };
      const [row] = anomalyGroups([{ ...anomaly, operation }], context)[0]?.rows ?? [];
      const [clue] = clueRows(anomaly, undefined, '', english);
      for (const shown of [row?.description, clue?.label, clue?.description])
        assert.doesNotMatch(shown ?? assert.fail(), /\$\(|\n|\u202e/);
    }
  });
});
