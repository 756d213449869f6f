import assert from 'node:assert/strict';
import { analysisOf } from './memory-host.ts';

const handler = (specifier: string): string =>
  `import { all } from '${specifier}';\nexport async function handler(req) { await all(req.query.ids); }`;
const all = 'export async function all(items) { for (const item of items) await load(item); }';

/** The file of the loop that the handler in the first file calls through its import. */
async function ledTo(files: Readonly<Record<string, string>>): Promise<string | undefined> {
  const [file = ''] = Object.keys(files);
  const found = await analysisOf(files).awaitsInLoops({ file, start: { line: 2, column: 23 } });
  return found[0]?.loop.file;
}

describe('imports of a workspace', () => {
  it('lead where the nearest tsconfig.json says, with what it extends', async () => {
    const files = {
      'apps/web/src/a.ts': handler('@lib/stock'),
      'apps/web/tsconfig.json': '// with a comment\n{ "extends": "../../tsconfig.base.json", }',
      'tsconfig.base.json': '{ "compilerOptions": { "paths": { "@lib/*": ["./libs/*"] } } }',
      'tsconfig.json': '{ "compilerOptions": { "paths": { "@lib/*": ["./nowhere/*"] } } }',
      'libs/stock.ts': all,
      'nowhere/stock.ts': all,
    };
    assert.equal(await ledTo(files), 'libs/stock.ts');
  });

  it('lead where the first project of a solution says', async () => {
    const project = '{ "compilerOptions": { "paths": { "#stock": ["./src/deep/stock.ts"] } } }';
    for (const path of ['./tsconfig.app.json', './app']) {
      const files = {
        'src/a.ts': handler('#stock'),
        'tsconfig.json': JSON.stringify({ files: [], references: [{ path }] }),
        'tsconfig.app.json': project,
        'app/tsconfig.json': project.replace('./src', '../src'),
        'src/deep/stock.ts': all,
      };
      assert.equal(await ledTo(files), 'src/deep/stock.ts');
    }
  });

  it('of packages of the workspace lead to their sources, neither linked nor built', async () => {
    const root = (workspaces: unknown): string => JSON.stringify({ name: 'root', workspaces });
    for (const [manifest, source, specifier] of [
      ['{ "name": "@shop/stock", "main": "dist/index.js" }', 'src/index.ts', '@shop/stock'],
      [
        '{ "name": "@shop/stock", "exports": { ".": { "import": "./lib/main.ts" } } }',
        'lib/main.ts',
        '@shop/stock',
      ],
      ['{ "name": "@shop/stock" }', 'src/deep/all.ts', '@shop/stock/deep/all.js'],
    ] as const) {
      for (const workspaces of [['modules/*'], { packages: ['./modules/stock'] }]) {
        const files = {
          'src/a.ts': handler(specifier),
          'package.json': root(workspaces),
          'modules/stock/package.json': manifest,
          [`modules/stock/${source}`]: all,
        };
        assert.equal(await ledTo(files), `modules/stock/${source}`);
      }
    }
  });

  it('lead on without a configuration or with a broken one, whatever the module format asks for', async () => {
    for (const specifier of ['./b.js', './b', './b.ts']) {
      for (const config of [undefined, '{ "compilerOptions": {', '{ "extends": "./gone.json" }', '[]'])
        assert.equal(
          await ledTo({
            'src/a.ts': handler(specifier),
            'src/b.ts': all,
            ...(config !== undefined && { 'tsconfig.json': config }),
          }),
          'src/b.ts',
        );
    }
  });

  it('do not lead out of the workspace', async () => {
    const files = {
      'src/a.ts': handler('../../outside'),
      'package.json': '{ "workspaces": ["../outside"] }',
    };
    assert.equal(await ledTo(files), undefined);
  });
});
