// The house rules that no tool knows.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const posix = (path: string): string => relative(root, path).split(sep).join('/');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Paths of TypeScript files under a folder, relative to the root. */
function typescriptUnder(folder: string, except: readonly string[] = []): readonly string[] {
  const all = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return all
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => posix(join(entry.parentPath, entry.name)))
    .filter((path) => !path.includes('node_modules/') && !except.some((prefix) => path.startsWith(prefix)))
    .sort();
}

const sources = typescriptUnder('src');
const tests = typescriptUnder('test', ['test/workspaces/', 'test/fixtures/']);
const registries = sources.filter((path) => basename(path) === 'registry.ts');

/** Specifiers of a module's imports and re-exports, static and dynamic. */
function importsOf(path: string): readonly string[] {
  return [...read(path).matchAll(/(?:\bfrom\s+|\bimport\s*\(\s*|^import\s+)['"]([^'"]+)['"]/gm)].map(
    (match) => match[1] ?? '',
  );
}

/** Repository paths of a module's relative imports. */
function relativeImports(path: string): readonly string[] {
  return (
    importsOf(path)
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => posix(join(root, dirname(path), specifier)))
      // The source text of an example imports what is not here.
      .filter((imported) => existsSync(join(root, imported)))
  );
}

describe('the house is tidy', () => {
  it('looks at sources, tests and registries that exist', () => {
    assert.ok(sources.length > 50, `${sources.length} sources`);
    assert.ok(tests.length > 10, `${tests.length} tests`);
    assert.ok(registries.length > 0, 'no registry.ts');
  });

  it('has no source file over 300 lines', () => {
    const long = sources.filter((path) => read(path).trimEnd().split('\n').length > 300);
    assert.deepEqual(long, []);
  });

  it('has no file that is named for being useful', () => {
    const vague = /^(utils?|helpers?|misc|common)\.ts$/;
    assert.deepEqual(
      sources.filter((path) => vague.test(basename(path))),
      [],
    );
  });

  it('has no default export', () => {
    const found = sources.filter((path) => /^export (default\b|\{[^}]*\bas default\b)/m.test(read(path)));
    assert.deepEqual(found, []);
  });

  it('names files in kebab case', () => {
    const odd = sources.filter((path) => !/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(basename(path)));
    assert.deepEqual(odd, []);
  });

  it('parses only in core/code', () => {
    const parser = /^(ts-morph|@ts-morph\/.*|typescript|@babel\/.*|acorn.*|oxc-parser|web-tree-sitter)$/;
    const found = sources.filter(
      (path) => !path.startsWith('src/core/code/') && importsOf(path).some((name) => parser.test(name)),
    );
    assert.deepEqual(found, []);
  });

  it('knows the editor only in src/vscode', () => {
    const found = sources.filter(
      (path) => !path.startsWith('src/vscode/') && importsOf(path).includes('vscode'),
    );
    assert.deepEqual(found, []);
  });

  it('leaves no test focused or skipped', () => {
    const marked =
      /\b(describe|it|context|specify|suite|test)\.(only|skip)\s*\(|\b(xit|xdescribe|xcontext|fit|fdescribe)\s*\(|\bthis\.skip\s*\(/;
    // These skip where something is not installed, and print what it is.
    const allowed = ['test/tidy.test.ts', 'test/needs.ts', 'test/e2e/suite/skip.ts'];
    assert.deepEqual(
      tests.filter((path) => !allowed.includes(path) && marked.test(read(path))),
      [],
    );
  });

  it('locks versions without addresses', () => {
    const lock = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, Record<string, unknown>>;
    };
    const addressed = Object.entries(lock.packages).filter(([, entry]) => 'resolved' in entry);
    assert.deepEqual(
      addressed.map(([path]) => path),
      [],
    );
    assert.doesNotMatch(read('package-lock.json'), /"(https?|git\+?[a-z]*):\/\/[^"]*\.tgz/);
  });

  it('pins every dependency exactly', () => {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(read('package.json')) as Record<
      string,
      Record<string, string>
    >;
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, range]) => !/^\d+\.\d+\.\d+$/.test(range),
    );
    assert.deepEqual(loose, []);
  });

  it('tests every module of the core by name or through a module that imports it', () => {
    const tested = new Set(
      tests.flatMap((path) => relativeImports(path)).filter((path) => path.startsWith('src/')),
    );
    const near = new Set([...tested].flatMap((path) => [path, ...relativeImports(path)]));
    // Parts of one folder that call each other are tested as one.
    for (const path of near) {
      for (const imported of relativeImports(path))
        if (dirname(imported) === dirname(path)) near.add(imported);
    }
    // Modules of types alone have nothing to run.
    const silent = (path: string): boolean =>
      !/^export (async )?(function|const|class|let)\b|^export \{/m.test(read(path));
    const untested = sources.filter(
      (path) =>
        path.startsWith('src/core/') &&
        // Compiled by another compiler: what it gives is tested.
        !path.includes('/scan/assembly/') &&
        !near.has(path) &&
        !silent(path),
    );
    assert.deepEqual(untested, []);
  });

  it('mirrors src in test', () => {
    const strays = tests
      .filter(
        (path) => path.endsWith('.test.ts') && !path.startsWith('test/e2e/') && path !== 'test/tidy.test.ts',
      )
      .filter((path) => {
        const mirrored = path
          .replace(/^test\/(?!(?:scripts|bench)\/)/, 'src/')
          .replace(/^test\//, '')
          .replace(/\.test\.ts$/, '');
        return !existsSync(join(root, `${mirrored}.ts`)) && !existsSync(join(root, dirname(mirrored)));
      });
    assert.deepEqual(strays, []);
  });
});

for (const registry of registries) {
  describe(registry, () => {
    const folder = dirname(registry);
    const exports = [...read(registry).matchAll(/^export \{ (\w+) \} from '\.\/([\w-]+)\.ts';$/gm)].map(
      (match) => ({
        name: match[1] ?? '',
        file: match[2] ?? '',
      }),
    );

    it('is one line per member, in alphabetical order', () => {
      const lines = read(registry)
        .split('\n')
        .filter((line) => line.startsWith('export '));
      assert.equal(lines.length, exports.length, 'every export is `export { member } from "./its-file.ts"`');
      assert.ok(exports.length > 0);
      const files = exports.map((member) => member.file);
      assert.deepEqual(files, files.toSorted());
    });

    it('knows every member of its folder', () => {
      const members = readdirSync(join(root, folder)).filter(
        (name) => name.endsWith('.ts') && name !== 'registry.ts',
      );
      assert.deepEqual(
        exports.map((member) => `${member.file}.ts`),
        members.sort(),
      );
    });

    it('has members that are named for their id, and in the core carry an example', async () => {
      const family = (await import(join(root, registry))) as Record<string, { id: string; example: unknown }>;
      for (const { name, file } of exports) {
        const member = family[name];
        assert.equal(member?.id.toLowerCase().replaceAll('_', '-'), file, `${name} in ${file}.ts`);
        // Commands of the CLI are no family of the core: their help is their example.
        if (registry.startsWith('src/core/'))
          assert.ok(member?.example !== undefined, `${name} has no example`);
      }
    });
  });
}
