import assert from 'node:assert/strict';
import { awaitedCallInLoop } from '../../../../src/core/diagnose/causes/awaited-call-in-loop.ts';
import type { DiagnoseInput } from '../../../../src/core/diagnose/cause-finder.ts';
import type { Cause } from '../../../../src/core/model/diagnosis.ts';
import { analysisOf } from '../../code/memory-host.ts';

const { example } = awaitedCallInLoop;

function causesOf(files: Readonly<Record<string, string>>, input: DiagnoseInput): Promise<readonly Cause[]> {
  return awaitedCallInLoop.find(input, {
    code: analysisOf(files),
    locate: () => null,
    lastChanges: ({ file, start }) =>
      Promise.resolve([{ label: 'Changed by Tom Weber', file, line: start.line }]),
  });
}

const place = (cause: Cause | undefined): string => `${cause?.site?.file}:${cause?.site?.start.line}`;

describe('cause awaited-call-in-loop', () => {
  it('names the loop, the call, its definition, the figures and the last change', async () => {
    const [cause, ...more] = await causesOf(example.files, example.input);
    assert.equal(place(cause), example.at);
    assert.deepEqual(more, []);
    assert.deepEqual(
      cause?.evidence.map(({ label, detail, file, line }) => [
        label,
        detail ?? '',
        `${file ?? ''}:${line ?? ''}`,
      ]),
      [
        ['Loop in withStock', 'reached by listProducts > withStock', 'src/controllers/products.js:11'],
        ['Awaited call of inventory.availableOf', '', 'src/controllers/products.js:12'],
        ['Definition of InventoryClient.availableOf', '', 'src/clients/inventory-client.ts:6'],
        ['Repeated call', 'GET inventory /stock/:sku: 12 per call, 14 ms each', ':'],
        ['Changed by Tom Weber', '', 'src/controllers/products.js:11'],
      ],
    );
  });

  it('prefers the loop whose call fits what is repeated, wherever it stands', async () => {
    const file = 'src/controllers/products.js';
    const other = '  for (const sku of []) await mailer.remind(sku);\n';
    const text = (example.files[file] ?? '').replace('  response.json', `${other}  response.json`);
    const causes = await causesOf({ ...example.files, [file]: text }, example.input);
    assert.deepEqual(causes.map(place), ['src/controllers/products.js:12']);
  });

  it('says nothing where nothing is repeated or the handler is not known', async () => {
    const { finding } = example.input;
    const slow = { ...example.input, finding: { ...finding, subject: { k: 'latency' } as const } };
    assert.deepEqual(await causesOf(example.files, slow), []);
    assert.deepEqual(await causesOf(example.files, { finding }), []);
  });
});
