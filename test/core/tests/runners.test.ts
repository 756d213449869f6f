import assert from 'node:assert/strict';
import * as registry from '../../../src/core/tests/runners/registry.ts';
import { virtualWorkspace } from './virtual-workspace.ts';

for (const runner of Object.values(registry)) {
  describe(`runner ${runner.id}`, () => {
    it('finds the tests of its example and reads its report', async () => {
      const { files, tests, report, states } = runner.example;
      const { index } = await virtualWorkspace(files, { runners: [runner] });
      const found = index.cases().map(({ id, placeholder }) => (placeholder ? `${id} (placeholder)` : id));
      assert.deepEqual(found, tests);
      const outcome = index.setReport(report, 'report.json', 0);
      assert.equal(outcome.runner, runner.id);
      assert.equal(outcome.unknown, 0);
      const read = index.cases().map((test) => [test.id, index.resultOf(test)?.state]);
      assert.deepEqual(Object.fromEntries(read), states);
    });

    it('survives every truncation of its report', () => {
      const { report } = runner.example;
      assert.ok(runner.parseReport(report));
      for (let length = 0; length < report.length; length++) {
        assert.equal(runner.parseReport(report.slice(0, length)), null, `cut at ${length}`);
      }
    });

    it('is started for the files given only, and told where to report', () => {
      const args = runner.args(['a.test.ts', 'b.test.ts'], '/tmp/report.json');
      assert.ok(args.includes('a.test.ts') && args.includes('b.test.ts'));
      assert.ok(args.some((arg) => arg.includes('/tmp/report.json')));
    });
  });
}
