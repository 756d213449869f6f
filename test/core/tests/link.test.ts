import assert from 'node:assert/strict';
import { virtualWorkspace, type Files, type VirtualWorkspace } from './virtual-workspace.ts';

const program: Files = {
  'src/app.ts': `import express from 'express';
import { users } from './users/router';
import { audit } from './audit';
export function createApp() {
  const app = express();
  app.use(audit);
  app.use('/api/users', users);
  app.get('/health', (req, res) => res.json({}));
  return app;
}
export const app = createApp();
`,
  'src/audit.ts': `export const audit = (req, res, next) => next();\n`,
  'src/users/router.ts': `import { Router } from 'express';
import { showUser, listUsers } from './handlers';
import { UserController } from './controller';
import { signedIn } from './guard';
export const users = Router();
const controller = new UserController();
users.get('/', listUsers);
users.get('/me', signedIn, controller.me);
users.get('/:id', showUser);
users.post('/:id/roles', signedIn, controller.grant.bind(controller));
`,
  'src/users/guard.ts': `export function signedIn(req, res, next) { next(); }\n`,
  'src/users/handlers.ts': `export async function showUser(req, res) { res.json(load(req)); }
export const listUsers = wrap(async (req, res) => res.json([]));
export function load(req) { return {}; }
function wrap(fn) { return (req, res, next) => fn(req, res).catch(next); }
`,
  'src/users/controller.ts': `class Base { grant(req, res) { res.end(); } }
export class UserController extends Base {
  me = async (req, res) => res.json({});
}
`,
  'src/users/index.ts': `export { showUser as getOne, listUsers } from './handlers';
export * from './controller';
export * as guards from './guard';
`,
};

const SHOW = 'src/users/handlers.ts#showUser@GET /api/users/:id';
const LIST = 'src/users/handlers.ts#listUsers@GET /api/users';
const ME = 'src/users/controller.ts#UserController.me@GET /api/users/me';
const GRANT = 'src/users/controller.ts#Base.grant@POST /api/users/:id/roles';
const GUARD_ME = 'src/users/guard.ts#signedIn@GET /api/users/me';
const GUARD_ROLES = 'src/users/guard.ts#signedIn@POST /api/users/:id/roles';
const HEALTH = 'src/app.ts#<anonymous>@GET /health';
const AUDIT = 'src/audit.ts#audit@use';

const withTests = (files: Files | string): Promise<VirtualWorkspace> =>
  virtualWorkspace({ ...program, ...(typeof files === 'string' ? { 'tests/a.test.ts': files } : files) });

/** Links of the test "t" of one file. */
const links = async (text: string): Promise<readonly string[]> => (await withTests(text)).linksOf('t');

describe('handlers that a test calls', () => {
  it('knows the program that these tests are about', async () => {
    const { handlers } = await withTests('');
    const ids = handlers.handlers.map(({ id }) => id);
    for (const id of [SHOW, LIST, ME, GRANT, GUARD_ME, GUARD_ROLES, HEALTH, AUDIT])
      assert.ok(ids.includes(id), id);
  });

  for (const [what, text, expected] of [
    [
      'by its import',
      `import { showUser } from '../src/users/handlers'; it('t', () => showUser({}, {}));`,
      [SHOW],
    ],
    [
      'by another name',
      `import { showUser as s } from '../src/users/handlers'; const f = s; it('t', () => { expect(() => f()).toThrow(); });`,
      [SHOW],
    ],
    [
      'through a barrel',
      `import { getOne } from '../src/users'; it('t', async () => { await getOne({}, {}); });`,
      [SHOW],
    ],
    [
      'through a namespace',
      `import * as u from '../src/users/handlers'; it('t', () => u.showUser());`,
      [SHOW],
    ],
    [
      'through a namespace of a barrel',
      `import { guards } from '../src/users'; it('t', () => guards.signedIn());`,
      [GUARD_ME, GUARD_ROLES],
    ],
    ['within a wrapper', `import { listUsers } from '../src/users'; it('t', () => listUsers());`, [LIST]],
    [
      'by require',
      `const { showUser } = require('../src/users/handlers'); it('t', () => showUser());`,
      [SHOW],
    ],
    [
      'by a dynamic import',
      `it('t', async () => { const { showUser } = await import('../src/users/handlers'); showUser(); });`,
      [SHOW],
    ],
    [
      'with call',
      `import { showUser } from '../src/users'; import { getOne } from '../src/users'; it('t', () => getOne.call(null, {}));`,
      [SHOW],
    ],
    [
      'on an instance',
      `import { UserController } from '../src/users'; it('t', () => { const c = new UserController(); c.me({}, {}); });`,
      [ME],
    ],
    [
      'on an instance, inherited',
      `import { UserController } from '../src/users'; it('t', () => new UserController().grant());`,
      [GRANT],
    ],
    [
      'on an instance made by a hook',
      `import { UserController } from '../src/users'; let c; beforeEach(() => { c = new UserController(); }); it('t', () => c.me());`,
      [ME],
    ],
    [
      'on a typed variable',
      `import { UserController } from '../src/users'; let c: UserController; it('t', () => c.me());`,
      [ME],
    ],
    [
      'in a callback',
      `import { showUser } from '../src/users/handlers'; it('t', () => Promise.all([1].map(() => showUser())));`,
      [SHOW],
    ],
    [
      'in a helper',
      `import { showUser } from '../src/users/handlers'; const run = () => helper(); function helper() { return showUser(); } it('t', () => run());`,
      [SHOW],
    ],
    [
      'in a helper that is handed the function',
      `import { showUser } from '../src/users/handlers'; const run = (fn) => fn({}); it('t', () => run(showUser));`,
      [SHOW],
    ],
    [
      'in a hook',
      `import { showUser } from '../src/users/handlers'; beforeAll(() => showUser()); it('t', () => { expect(seen()).toBe(1); });`,
      [SHOW],
    ],
    [
      'in every row',
      `import { showUser } from '../src/users/handlers'; it.each([showUser])('t', (fn) => fn());`,
      [SHOW],
    ],
    [
      'in a double',
      `import { showUser } from '../src/users/handlers'; it('t', () => { const f = vi.fn(showUser); f(); });`,
      [SHOW],
    ],
  ] as const) {
    it(what, async () => {
      const called = (await links(text)).filter((link) => link.startsWith('called'));
      assert.deepEqual(
        called,
        expected.map((id) => `called ${id}`),
      );
    });
  }

  it('in a helper of another file, two files away', async () => {
    const workspace = await withTests({
      'tests/support/run.ts': `import { deeper } from './deeper'; export const run = (id) => deeper(id);`,
      'tests/support/deeper.ts': `import { showUser } from '../../src/users'; import { getOne } from '../../src/users'; export const deeper = (id) => getOne({ id });`,
      'tests/a.test.ts': `import { run } from './support/run'; it('t', () => run(1)); it('other', () => { expect(run).toBeDefined(); });`,
    });
    assert.deepEqual(workspace.linksOf('t'), [`called ${SHOW}`]);
    assert.deepEqual(workspace.linksOf('other'), []);
  });

  it('belongs to the tests that call it and no others', async () => {
    const workspace = await withTests(`
      import { showUser, listUsers, load } from '../src/users/handlers';
      describe('one', () => { beforeEach(() => listUsers()); it('a', () => showUser()); it('b', () => expect(load()).toBe(1)); });
      it('c', () => expect(load()).toBe(2));
    `);
    assert.deepEqual(workspace.linksOf('a'), [`called ${LIST}`, `called ${SHOW}`].sort());
    assert.deepEqual(workspace.linksOf('b'), [`called ${LIST}`]);
    assert.deepEqual(workspace.linksOf('c'), []);
  });

  it('is not what a mock stands in for', async () => {
    const mocked = `import { showUser, listUsers } from '../src/users/handlers'; `;
    assert.deepEqual(
      await links(`${mocked} vi.mock('../src/users/handlers'); it('t', () => { showUser(); });`),
      [],
    );
    const partly = `vi.mock('../src/users/handlers', async (original) => ({ ...(await original()), showUser: vi.fn() }));`;
    assert.deepEqual(await links(`${mocked} ${partly} it('t', () => { showUser(); listUsers(); });`), [
      `called ${LIST}`,
    ]);
    const watched = `vi.mock('../src/users/handlers', { spy: true });`;
    assert.deepEqual(
      await links(`${mocked} ${watched} it('t', () => { showUser(); listUsers(); });`),
      [`called ${LIST}`, `called ${SHOW}`].sort(),
    );
  });

  it('is not a function that the program calls in turn', async () => {
    const workspace = await withTests({
      'src/service.ts': `import { showUser } from './users/handlers'; export const service = () => showUser();`,
      'tests/a.test.ts': `import { service } from '../src/service'; it('t', () => service());`,
    });
    assert.deepEqual(workspace.linksOf('t'), []);
  });
});

describe('handlers that a test only imports', () => {
  it('are linked to the tests that name them', async () => {
    const workspace = await withTests(`
      import { showUser, load } from '../src/users/handlers';
      it('names', () => expect(showUser).toBeInstanceOf(Function));
      it('does not', () => expect(load()).toBe(1));
    `);
    assert.deepEqual(workspace.linksOf('names'), [`imported ${SHOW}`]);
    assert.deepEqual(workspace.linksOf('does not'), []);
    assert.equal(workspace.index.forHandler(SHOW).level, 'imported');
  });

  it('are those of a class that is made', async () => {
    const found = await links(
      `import { UserController } from '../src/users'; it('t', () => { new UserController().me(); });`,
    );
    assert.deepEqual(found, [`called ${ME}`, `imported ${GRANT}`]);
    const made = await links(
      `import { UserController } from '../src/users/controller'; it('t', () => expect(new UserController()).toBeTruthy());`,
    );
    assert.deepEqual(made, [`imported ${GRANT}`, `imported ${ME}`]);
  });

  it('are linked to placeholders as such', async () => {
    const text = `import { showUser } from '../src/users/handlers'; describe('showUser', () => { it('t', () => expect(true).toBe(true)); });`;
    assert.deepEqual(await links(text), [`placeholder ${SHOW}`]);
    const { index } = await withTests(text);
    assert.deepEqual(
      { ...index.forHandler(SHOW) },
      { level: 'placeholder', passed: 0, failed: 0, notRun: 0, tests: [] },
    );
  });

  it('are known by a title where the use cannot be seen', async () => {
    const workspace = await withTests(`
      import { showUser, load } from '../src/users/handlers';
      it('showUser is a function', () => expect(typeof showUser).toBe('function'));
      it('load', () => expect(load()).toBe(1));
    `);
    assert.deepEqual(workspace.linksOf('showUser is a function'), [`imported ${SHOW}`]);
    assert.deepEqual(workspace.linksOf('load'), []);
  });

  it('are none when only types or the app are imported', async () => {
    assert.deepEqual(
      await links(`import type { UserController } from '../src/users/controller'; it('t', () => run());`),
      [],
    );
    assert.deepEqual(
      await links(`import { app } from '../src/app'; it('t', () => expect(app).toBeDefined());`),
      [],
    );
  });
});

describe('handlers that a request reaches', () => {
  const st = `import request from 'supertest'; import { app, createApp } from '../src/app';`;
  for (const [what, text, expected] of [
    [
      'of an app',
      `${st} it('t', async () => { await request(app).get('/api/users/7').expect(200); });`,
      [SHOW],
    ],
    ['of a factory', `${st} it('t', () => request(createApp()).get('/api/users'));`, [LIST]],
    [
      'with its own middleware',
      `${st} it('t', () => request(app).post('/api/users/7/roles').send({}));`,
      [GRANT, GUARD_ROLES],
    ],
    ['static before parameters', `${st} it('t', () => request(app).get('/api/users/me'));`, [ME, GUARD_ME]],
    [
      'a template before static',
      `${st} it('t', () => request(app).get(\`/api/users/\${anna.id}\`));`,
      [SHOW],
    ],
    ['a sum', `${st} const base = '/api'; it('t', () => request(app).get(base + '/users/' + id));`, [SHOW]],
    ['a query', `${st} it('t', () => request(app).get('/api/users?page=2#top'));`, [LIST]],
    ['a query that is not known', `${st} it('t', () => request(app).get(\`/api/users\${query}\`));`, [LIST]],
    ['a slash too many', `${st} it('t', () => request(app).get('/API/users/'));`, [LIST]],
    [
      'through a constant object',
      `${st} const paths = { me: '/api/users/me' } as const; it('t', () => request(app).get(paths.me));`,
      [ME, GUARD_ME],
    ],
    ['by an agent', `${st} const agent = request.agent(app); it('t', () => agent.get('/health'));`, [HEALTH]],
    [
      'by an agent of a hook',
      `${st} let api; beforeEach(() => { api = request(createApp().listen(0)); }); it('t', () => api.get('/health'));`,
      [HEALTH],
    ],
    [
      'by a helper with a path',
      `${st} const get = (path) => request(app).get(path).set('x', 'y'); it('t', () => get('/health'));`,
      [HEALTH],
    ],
    [
      'by a helper with a verb in its name',
      `${st} function show(id) { return request(app).get('/api/users/' + id); } it('t', () => show(3).expect(200));`,
      [SHOW],
    ],
    [
      'in rows',
      `${st} it.each([['/health'], ['/api/users']])('t', (path) => request(app).get(path));`,
      [HEALTH, LIST],
    ],
    [
      'in a loop',
      `${st} it('t', async () => { for (const p of ['/health', '/api/users']) await request(app).get(p); });`,
      [HEALTH, LIST],
    ],
    ['as a head', `${st} it('t', () => request(app).head('/health'));`, [HEALTH]],
    ['by fetch', `import '../src/app'; it('t', () => fetch('http://localhost:3000/health?x=1'));`, [HEALTH]],
    [
      'by fetch with a method',
      `import '../src/app'; it('t', () => fetch(\`\${base}/api/users/1/roles\`, { method: 'post' }));`,
      [GRANT, GUARD_ROLES],
    ],
    [
      'by inject',
      `import { app } from '../src/app'; it('t', () => app.inject({ method: 'GET', url: '/health' }));`,
      [HEALTH],
    ],
    [
      'by axios',
      `import axios from 'axios'; import '../src/app'; const c = axios.create({ baseURL: x }); it('t', () => c.get('/health'));`,
      [HEALTH],
    ],
    [
      'in a hook',
      `${st} beforeAll(async () => { await request(app).get('/health'); }); it('t', () => { expect(rows()).toBe(1); });`,
      [HEALTH],
    ],
    [
      'at file level',
      `${st} const answer = await request(app).get('/health'); it('t', () => { expect(answer.status).toBe(200); });`,
      [HEALTH],
    ],
    ['by another method', `${st} it('t', () => request(app).delete('/health'));`, []],
    ['of a path that is not known', `${st} it('t', () => request(app).get(path()));`, []],
    ['of one resource or another', `${st} it('t', () => request(app).get(\`/\${resource}\`));`, []],
    ['of no route, meant so', `${st} it('t', () => request(app).get('/nothing').expect(404));`, [AUDIT]],
    ['of no route, not meant so', `${st} it('t', () => request(app).get('/nothing').expect(200));`, []],
  ] as const) {
    it(what, async () => assert.deepEqual(await links(text), expected.map((id) => `called ${id}`).sort()));
  }

  it('stops at routers and middleware that a test mounts itself', async () => {
    const own = `import express from 'express'; import request from 'supertest'; import { users } from '../src/users/router'; import { signedIn } from '../src/users/guard';
      function make() { const app = express(); app.use(express.json()); app.use('/u', users); app.get('/health', (q, s) => s.end()); return app; }
      it('router', () => request(make()).get('/u/me'));
      it('root of the router', () => request(make()).get('/u'));
      it('own route', () => request(make()).get('/health'));
      const guarded = express().use(signedIn).get('/x', (q, s) => s.end());
      it('guard', () => request(guarded).get('/x'));`;
    const workspace = await withTests(own);
    assert.deepEqual(workspace.linksOf('router'), [`called ${ME}`, `called ${GUARD_ME}`].sort());
    assert.deepEqual(workspace.linksOf('root of the router'), [`called ${LIST}`]);
    assert.deepEqual(workspace.linksOf('own route'), []);
    assert.deepEqual(workspace.linksOf('guard'), [`called ${GUARD_ME}`, `called ${GUARD_ROLES}`]);
  });

  it('passes middleware that is mounted above its path, whether a route answers or not', async () => {
    const workspace = await withTests({
      'src/admin.ts': `import express from 'express';
        export const admin = express();
        admin.use('/admin', (req, res, next) => next());
        admin.use('/files/:name', serveFile);
        admin.use('/filesystem', (error, req, res, next) => next());
        admin.get('/admin/users', (req, res) => res.end());
        function serveFile(req, res) {}`,
      'tests/a.test.ts': `import request from 'supertest'; import { admin } from '../src/admin';
        it('route', () => request(admin).get('/admin/users'));
        it('file', () => request(admin).get('/files/a.txt'));
        it('folder', () => request(admin).get('/files'));`,
    });
    assert.deepEqual(workspace.linksOf('route'), [
      'called src/admin.ts#<anonymous>@GET /admin/users',
      'called src/admin.ts#<anonymous>@use /admin',
    ]);
    assert.deepEqual(workspace.linksOf('file'), ['called src/admin.ts#serveFile@use /files/:name']);
    assert.deepEqual(workspace.linksOf('folder'), []);
  });

  it('goes to the app that is asked, where two services share a route', async () => {
    const workspace = await withTests({
      'stock/package.json': '{ "name": "stock", "dependencies": { "express": "*" } }',
      'stock/src/app.ts': `import express from 'express'; export const makeStock = () => { const app = express(); app.get('/health', stockHealth); return app; }; export function stockHealth(req, res) {}`,
      'tests/a.test.ts': `import request from 'supertest'; import { app } from '../src/app'; import { makeStock } from '../stock/src/app';
        it('shop', () => request(app).get('/health')); it('stock', () => request(makeStock()).get('/health'));`,
    });
    assert.deepEqual(workspace.linksOf('shop'), [`called ${HEALTH}`]);
    assert.deepEqual(workspace.linksOf('stock'), ['called stock/src/app.ts#stockHealth@GET /health']);
  });
});

describe('hostile test files', () => {
  it('end, whatever calls whom', async () => {
    const found = await links(`import { showUser } from '../src/users/handlers';
      const a = () => b(); const b = () => a(); let x = y; let y = x; class A extends A { m() { this.m(); } }
      function twice(f) { return twice(() => f(f)); }
      it('t', () => { a(); twice(twice); new A().m(); x.y.z(); showUser(); });`);
    assert.deepEqual(found, [`called ${SHOW}`]);
  });

  it('keep what is whole while somebody types', async () => {
    const found = await links(
      `import { showUser } from '../src/users/handlers'; it('t', () => { showUser(); const x = { `,
    );
    assert.deepEqual(found, [`called ${SHOW}`]);
  });
});
