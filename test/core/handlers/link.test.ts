import assert from 'node:assert/strict';
import { loadParser } from '../../../src/core/code/parse.ts';
import type { FileFacts } from '../../../src/core/code/facts.ts';
import { linkHandlers } from '../../../src/core/handlers/link.ts';
import { projectFacts } from '../../../src/core/handlers/project.ts';
import { indexOf, routesOf } from './workspace.ts';

const ids = (index: { readonly handlers: readonly { readonly id: string }[] }): readonly string[] =>
  index.handlers.map((h) => h.id);

describe('linking', () => {
  it('follows every edit of facts that it has seen before', async () => {
    const parse = await loadParser();
    const project = projectFacts(new Map());
    const facts = new Map<string, FileFacts>();
    const put = (path: string, text: string): void => void facts.set(path, parse(path, text));
    put(
      'app.ts',
      `import express from 'express'; import { r } from './r'; const app = express(); app.use('/one', r);`,
    );
    put(
      'r.ts',
      `import { Router } from 'express'; import { h } from './h'; export const r = Router(); r.get('/x', h);`,
    );
    assert.deepEqual(
      ids(linkHandlers(facts, project)),
      ['r.ts#h@GET /one/x'],
      'the controller is not there yet',
    );
    put('h.ts', `export function h() {}`);
    assert.deepEqual(ids(linkHandlers(facts, project)), ['h.ts#h@GET /one/x']);
    put(
      'app.ts',
      `import express from 'express'; import { r } from './r'; const app = express(); app.use('/two', r);`,
    );
    assert.deepEqual(ids(linkHandlers(facts, project)), ['h.ts#h@GET /two/x']);
    put('app.ts', `import express from 'express'; const app = express();`);
    assert.deepEqual(ids(linkHandlers(facts, project)), ['h.ts#h@GET /x'], 'no longer mounted');
    facts.delete('r.ts');
    put('s.ts', `import { Router } from 'express'; import { h } from './h'; Router().get('/s', h);`);
    assert.deepEqual(ids(linkHandlers(facts, project)), ['h.ts#h@GET /s'], 'one file went as another came');
  });

  it('does not depend on the order of the files', async () => {
    const files = {
      'z.ts': `import { app } from './m'; import { r } from './a'; app.use('/z', r);`,
      'm.ts': `import express from 'express'; export const app = express(); app.get('/m', function m() {});`,
      'a.ts': `import { Router } from 'express'; export const r = Router(); r.get('/a', function a() {});`,
    };
    const forwards = await indexOf(files);
    const backwards = await indexOf(Object.fromEntries(Object.entries(files).reverse()));
    assert.deepEqual(backwards.index, forwards.index);
    assert.deepEqual(forwards.lines, ['route GET /z/a -> a.ts#a', 'route GET /m -> m.ts#m']);
  });

  it('gives back plain data', async () => {
    const { index } = await indexOf({
      'a.ts': `import express from 'express'; express().get('/a', (req, res) => {}).get(/x/, () => {});`,
    });
    assert.deepEqual(JSON.parse(JSON.stringify(index)), index);
    assert.equal(index.handlers.length + index.unresolved.length, 2);
  });

  it('ends on endless recursion, hostile names and code nested deeper than the stack', async () => {
    const deep = `${'f('.repeat(3000)}1${')'.repeat(3000)}`;
    const routes = await routesOf({
      'deep.ts': `import { Router } from 'express'; const x = ${deep}; export const r = Router(); r.get('/deep', function deep() {});`,
      'loop.ts': `import { Router } from 'express';
function a(n) { return b(n); } function b(n) { a(n); return a(n) ?? a(b(n)); }
const twice = (f) => (x) => f(f(x)); const huge = twice(twice)(twice)(twice)(a);
class A extends A { x = new A(); constructor() { super(); new A(); this.y = this.y; } }
const o = { ...o, get self() { return o.self; } }; const [p = p] = p; let q = q; new A().x.y; huge(1); a(b(1));
Router().get('/loop', function constructor() {}).get('/proto', o.__proto__, function __proto__() {});`,
    });
    assert.ok(routes.includes('GET /loop -> loop.ts#constructor'));
    assert.ok(routes.includes('GET /proto -> loop.ts#__proto__'));
  });

  it('links 5,000 routes (time is printed, not judged)', async () => {
    const files: Record<string, string> = {};
    let app = `import express from 'express';\nconst app = express();\n`;
    for (let i = 0; i < 250; i++) {
      app += `import r${i} from './m${i}';\napp.use('/m${i}', r${i});\n`;
      const routes = Array.from(
        { length: 20 },
        (_, j) => `r.get('/x${j}/:id', async function h${j}(req, res) {});`,
      );
      files[`src/m${i}.ts`] =
        `import { Router } from 'express';\nconst r = Router();\n${routes.join('\n')}\nexport default r;`;
    }
    const { index, facts, project } = await indexOf({ ...files, 'src/app.ts': app });
    assert.equal(index.handlers.length, 5000);
    assert.equal(
      index.handlers.find((h) => h.file === 'src/m249.ts' && h.symbol === 'h19')?.route,
      '/m249/x19/:id',
    );
    const start = performance.now();
    linkHandlers(facts, project);
    console.log(`        linked again in ${(performance.now() - start).toFixed(0)} ms`);
  });
});
