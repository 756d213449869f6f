import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as commands from '../src/cli/commands/registry.ts';
import * as detectors from '../src/core/detect/detectors/registry.ts';
import * as frameworks from '../src/core/handlers/frameworks/registry.ts';
import * as formats from '../src/core/ingest/formats/registry.ts';
import * as recipes from '../src/core/repair/recipes/registry.ts';
import * as runners from '../src/core/tests/runners/registry.ts';

const readme = readFileSync(path.join(import.meta.dirname, '../README.md'), 'utf8');

const ids = (registry: object): string[] =>
  Object.values(registry).map((member: { readonly id: string }) => member.id);

describe('README', () => {
  it('names exactly the frameworks, formats and runners that there are', () => {
    const lines = readme.split('\n');
    const head = lines.findIndex((line) =>
      /^\| frameworks\s*\| telemetry formats\s*\| test runners/.test(line),
    );
    assert.notEqual(head, -1);
    const cells = (lines[head + 2] ?? '').split('|').slice(1, -1);
    const named = cells.map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]));
    assert.deepEqual(named, [ids(frameworks), ids(formats), ids(runners)]);
  });

  it('names exactly the detectors and recipes that there are', () => {
    const lines = readme.split('\n');
    const head = lines.findIndex((line) => /^\| detectors\s*\| recipes/.test(line));
    assert.notEqual(head, -1);
    const rows = lines.slice(head + 2, lines.indexOf('', head)).map((line) => line.split('|').slice(1, -1));
    const named = [0, 1].map((column) =>
      rows.flatMap((cells) => [...(cells[column] ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1])),
    );
    assert.deepEqual(named, [ids(detectors), ids(recipes)]);
  });

  it('names every command of the command line', () => {
    const named = [...readme.matchAll(/^\| `suture (\w+)`/gm)].map((match) => match[1]);
    assert.deepEqual(new Set(named), new Set(ids(commands)));
  });

  it('leads with the two commands', () => {
    assert.ok(readme.includes('npm start') && readme.includes('npm test'));
  });
});
