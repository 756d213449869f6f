import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandTable } from '../../src/vscode/command-table.ts';
import { hoverCommands } from '../../src/vscode/render/hover-markdown.ts';
import { settingTable } from '../../src/vscode/setting-table.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  readonly contributes: {
    readonly commands: readonly Record<string, unknown>[];
    readonly configuration: { readonly properties: Readonly<Record<string, unknown>> };
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
  };
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: unknown };
    readonly virtualWorkspaces: { readonly supported: unknown };
  };
};
const nls = JSON.parse(read('package.nls.json')) as Readonly<Record<string, string>>;

describe('contributions', () => {
  it('of commands equal the command table', () => {
    const expected = Object.entries(commandTable).map(([name, entry]) => ({
      command: `suture.${name}`,
      title: `%command.${name}%`,
      category: 'Suture',
      ...('icon' in entry ? { icon: entry.icon } : {}),
      ...('enablement' in entry ? { enablement: entry.enablement } : {}),
    }));
    assert.deepEqual(manifest.contributes.commands, expected);
    for (const [name, entry] of Object.entries(commandTable))
      assert.equal(nls[`command.${name}`], entry.title);
  });

  it('of settings equal the setting table', () => {
    const expected = Object.entries(settingTable).map(([key, entry]) => [
      `suture.${key}`,
      {
        type: entry.type,
        default: entry.default,
        ...('enum' in entry ? { enum: entry.enum } : {}),
        ...('minimum' in entry ? { minimum: entry.minimum, maximum: entry.maximum } : {}),
        scope: 'scope' in entry ? entry.scope : 'window',
        description: `%setting.${key}%`,
      },
    ]);
    assert.deepEqual(manifest.contributes.configuration.properties, Object.fromEntries(expected));
    for (const [key, entry] of Object.entries(settingTable))
      assert.equal(nls[`setting.${key}`], entry.description);
  });

  it('have a text for every place, and no text without one', () => {
    const used = [...read('package.json').matchAll(/"%([\w.]+)%"/g)].map((match) => match[1] ?? '');
    assert.deepEqual([...new Set(used)].sort(), Object.keys(nls).sort());
  });

  it('name only commands that exist, in menus, welcome texts and hovers', () => {
    const known = new Set(Object.keys(commandTable).map((name) => `suture.${name}`));
    const named = [
      ...Object.values(manifest.contributes.menus).flatMap((items) => items.map((item) => item.command)),
      ...[
        ...Object.values(nls)
          .join('\n')
          .matchAll(/command:(suture\.\w+)/g),
      ].map((match) => match[1] ?? ''),
      ...hoverCommands,
    ];
    assert.ok(named.length > 0);
    for (const command of named) assert.ok(known.has(command), command);
  });

  it('declare trust and virtual workspaces', () => {
    assert.equal(manifest.capabilities.untrustedWorkspaces.supported, 'limited');
    assert.equal(manifest.capabilities.virtualWorkspaces.supported, false);
  });

  it('have every text of the surfaces in the l10n bundle', () => {
    const texts = new Set<string>();
    for (const file of globSync('src/vscode/**/*.ts', { cwd: root })) {
      for (const match of read(file).matchAll(/\bt\(\s*(['"])((?:(?!\1)[^\\]|\\.)*)\1/g))
        texts.add(match[2] ?? '');
    }
    const bundle = JSON.parse(read('l10n/bundle.l10n.json')) as Readonly<Record<string, string>>;
    assert.deepEqual([...texts].sort(), Object.keys(bundle).sort());
    for (const [key, value] of Object.entries(bundle)) assert.equal(value, key);
  });
});
