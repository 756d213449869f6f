import assert from 'node:assert/strict';
import { evidenceFrom } from '../../../../src/core/document/evidence.ts';
import type { DocumentInput } from '../../../../src/core/document/page.ts';
import { index } from '../../../../src/core/document/pages/index.ts';
import { viewOf } from '../../../../src/core/document/view.ts';
import { handlerOf, metricsOf, modelOf } from '../samples.ts';

const figures = [
  ['b', 700, 0.3],
  ['c', 4000, 0],
  ['a', 499, 0.002],
  ['d', 900_000, 0.04],
] as const;

const input: DocumentInput = {
  workspaceName: 'w',
  handlers: figures.map(([id]) => handlerOf(id, { route: `/${id}`, symbol: id })),
  unresolved: [],
  evidence: evidenceFrom(figures.map(([id, p95, errorRate]) => modelOf(id, [metricsOf({ p95, errorRate })]))),
};

function functionsUnder(heading: string): readonly (string | undefined)[] {
  const body = index.render(viewOf(input))[0]?.body ?? '';
  const section = body.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| \[[^|]*\| `(\w+)`/gm)].map((match) => match[1]);
}

describe('INDEX', () => {
  it('lists what is slow, slowest first', () => {
    assert.deepEqual(functionsUnder('What is slow'), ['d', 'c', 'b']);
  });
  it('lists what fails, most failing first', () => {
    assert.deepEqual(functionsUnder('What fails'), ['b', 'd', 'a']);
  });
  it('lists handlers in the order of their routes', () => {
    assert.deepEqual(functionsUnder('Find a handler'), ['a', 'b', 'c', 'd']);
  });
  it('points to the pages by plugin when its rows would be too many', () => {
    const body = index.render(viewOf(input, 3000))[0]?.body ?? '';
    assert.match(body, /4 handlers: too many to list here/);
    assert.match(body, /\| \[src\]\(HANDLER_SPECS\S*#plugin-src\) \| 4 \| 4 \|/);
  });
});
