import assert from 'node:assert/strict';
import { loadParser } from '../../../../src/core/code/parse.ts';
import { linkHandlers } from '../../../../src/core/handlers/link.ts';
import { projectFacts } from '../../../../src/core/handlers/project.ts';
import type { HandlerTests, TestCase } from '../../../../src/core/model/test.ts';
import type { Draft, NoFix, RecipeInput } from '../../../../src/core/repair/recipe.ts';
import { boundConcurrency } from '../../../../src/core/repair/recipes/bound-concurrency.ts';
import { analysisOf } from '../../code/memory-host.ts';

const { example } = boundConcurrency;
const neighbour: TestCase = {
  id: 'tests/health.test.ts#GET /health > answers',
  file: 'tests/health.test.ts',
  suite: ['GET /health'],
  title: 'answers',
  start: { line: 6, column: 3 },
  runner: 'vitest',
  placeholder: false,
};

async function drafted(
  files: Readonly<Record<string, string>>,
  input: Omit<RecipeInput, 'index' | 'tests'> = example.input,
): Promise<Draft | NoFix> {
  const parse = await loadParser();
  const facts = new Map(Object.entries(files).map(([path, text]) => [path, parse(path, text)]));
  const index = linkHandlers(facts, projectFacts(new Map()));
  const tests = new Map<string, HandlerTests>(
    index.handlers
      .filter(({ route }) => route === '/health')
      .map(({ id }) => [
        id,
        { level: 'called', passed: 0, failed: 0, notRun: 1, tests: [{ test: neighbour, level: 'called' }] },
      ]),
  );
  return boundConcurrency.draft(
    { ...input, index, tests },
    {
      code: analysisOf(files),
      read: (file) => Promise.resolve(files[file] ?? null),
      exists: (file) => file in files,
    },
  );
}

async function reasonFor(files: Readonly<Record<string, string>>, input = example.input): Promise<string> {
  const draft = await drafted(files, input);
  return draft.k === 'no-fix' ? draft.reason : 'a draft';
}

describe('recipe bound-concurrency', () => {
  it('proves itself by a test that fails before, two mutants and a replay at the recorded pace', async () => {
    const draft = await drafted(example.before);
    assert.ok(draft.k === 'draft', draft.k === 'no-fix' ? draft.reason : '');
    assert.ok(draft.proof.failsBefore);
    assert.equal(draft.proof.mutants.length, 2);
    assert.match(draft.proof.replay?.text ?? '', /setTimeout\(resolve, 14\)/);
    assert.match(draft.proof.replay?.text ?? '', /suture-replay/);
  });

  it('says why there is no call to send, no test to take after, nothing to count', async () => {
    const { comparison } = example.input;
    assert.ok(comparison?.now.shape);
    const posted = comparison.now.shape.samples.map((one) => ({ ...one, method: 'POST' }));
    const shape = { ...comparison.now.shape, samples: posted };
    const input = { ...example.input, comparison: { ...comparison, now: { ...comparison.now, shape } } };
    assert.match(await reasonFor(example.before, input), /body/);

    const { finding } = example.input;
    assert.ok(finding.subject.k === 'repeated-call');
    const writing = { ...finding, subject: { ...finding.subject, childName: 'INSERT orders' } };
    assert.match(await reasonFor(example.before, { ...example.input, finding: writing }), /INSERT orders/);

    const { 'tests/health.test.ts': _test, ...untested } = example.before;
    assert.match(await reasonFor(untested), /Vitest/);

    const client = 'src/inventory-client.ts';
    const hidden = (example.before[client] ?? '').replace('export class', 'class').replace('fetch(', 'ask(');
    assert.match(await reasonFor({ ...example.before, [client]: hidden }), /cannot be reached from a test/);
  });
});
