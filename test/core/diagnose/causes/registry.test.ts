import assert from 'node:assert/strict';
import type { CauseFinder, DiagnoseInput } from '../../../../src/core/diagnose/cause-finder.ts';
import * as registry from '../../../../src/core/diagnose/causes/registry.ts';
import type { Cause } from '../../../../src/core/model/diagnosis.ts';
import { analysisOf } from '../../code/memory-host.ts';

const finders: readonly CauseFinder[] = Object.values(registry);

function causesOf({ find, example }: CauseFinder, input: DiagnoseInput): Promise<readonly Cause[]> {
  return find(input, {
    code: analysisOf(example.files),
    locate: (reported) => Object.keys(example.files).find((file) => reported.endsWith(`/${file}`)) ?? null,
    lastChanges: ({ file, start }) => Promise.resolve([{ label: 'Last changed', file, line: start.line }]),
  });
}

describe('causes', () => {
  it('has members', () => assert.notEqual(finders.length, 0));

  for (const finder of finders) {
    describe(finder.id, () => {
      it('finds the place of its example first, and who changed it last', async () => {
        const causes = await causesOf(finder, finder.example.input);
        const [first] = causes;
        assert.equal(`${first?.site?.file}:${first?.site?.start.line}`, finder.example.at);
        assert.equal(first?.cause, finder.id);
        assert.ok(first.evidence.some(({ label }) => label === 'Last changed'));
        assert.ok(causes.every(({ score }) => score > 0 && score <= first.score && score <= 1));
      });

      it('explains the detector of its example, and is silent where nothing is known', async () => {
        const { input } = finder.example;
        assert.ok(finder.explains.includes(input.finding.detector));
        const { handler: _handler, comparison: _comparison, ...bare } = input;
        const other: DiagnoseInput = { ...bare, finding: { ...input.finding, subject: { k: 'latency' } } };
        assert.deepEqual(await causesOf(finder, other), []);
      });
    });
  }
});
