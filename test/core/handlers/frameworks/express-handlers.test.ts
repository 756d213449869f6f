import assert from 'node:assert/strict';
import { indexOf, routesOf } from '../workspace.ts';

describe('express: following handlers to functions', () => {
  it('follows classes with routers, controllers, bound, static and arrow members', async () => {
    assert.deepEqual(
      await routesOf({
        'src/server.ts': `import { App } from './app'; import { UserRoutes } from './users/user.routes';
const app = new App([new UserRoutes(), new UserRoutes('/people')]); app.listen();`,
        'src/app.ts': `import express from 'express';
export class App {
  public app: express.Application;
  constructor(routes: Routes[]) { this.app = express(); this.initRoutes(routes); this.health(); }
  private initRoutes(routes: Routes[]) { routes.forEach((route) => { this.app.use('/api', route.router); }); }
  private health = () => { this.app.get('/health', this.ok.bind(this)); };
  private ok(req, res) {}
  listen() { this.app.listen(1); }
}`,
        'src/users/user.routes.ts': `import { Router } from 'express'; import { BaseRoutes } from '../base'; import { UserController } from './user.controller';
export class UserRoutes extends BaseRoutes implements Routes {
  private controller = new UserController();
  constructor(public path = '/users') { super(); this.initializeRoutes(); }
  private initializeRoutes() {
    this.router.get(\`\${this.path}\`, this.controller.list);
    this.router.get(\`\${this.path}/:id\`, this.controller.show.bind(this.controller));
    this.router.post(this.path, UserController.create);
    this.router.delete(\`\${this.path}/:id\`, (req, res) => this.controller.remove(req, res));
    this.router.put(this.path, this.controller.inherited);
  }
}`,
        'src/base.ts': `import { Router } from 'express'; export abstract class BaseRoutes { public router = Router(); }`,
        'src/users/user.controller.ts': `import { BaseController } from '../controllers';
export class UserController extends BaseController {
  list = async (req, res) => {};
  public async show(req: Request, res: Response): Promise<void> {}
  static async create(req, res) {}
  remove(req, res) {}
}`,
        'src/controllers/index.ts': `export * from './base.controller';`,
        'src/controllers/base.controller.ts': `export class BaseController { inherited(req, res) {} }`,
      }),
      [
        'DELETE /api/people/:id -> src/users/user.routes.ts#<anonymous>',
        'DELETE /api/users/:id -> src/users/user.routes.ts#<anonymous>',
        'GET /api/people -> src/users/user.controller.ts#UserController.list',
        'GET /api/people/:id -> src/users/user.controller.ts#UserController.show',
        'GET /api/users -> src/users/user.controller.ts#UserController.list',
        'GET /api/users/:id -> src/users/user.controller.ts#UserController.show',
        'GET /health -> src/app.ts#App.ok',
        'POST /api/people -> src/users/user.controller.ts#UserController.create',
        'POST /api/users -> src/users/user.controller.ts#UserController.create',
        'PUT /api/people -> src/controllers/base.controller.ts#BaseController.inherited',
        'PUT /api/users -> src/controllers/base.controller.ts#BaseController.inherited',
      ],
    );
  });

  it('follows what a container injects, and a class that nobody creates', async () => {
    assert.deepEqual(
      await routesOf({
        'src/order.routes.ts': `import { Router } from 'express'; import { Container, Service } from 'typedi'; import { OrderController } from './order.controller'; import { AuditController } from './audit';
@Service()
export class OrderRoutes {
  readonly router = Router();
  private readonly audit = Container.get(AuditController);
  constructor(private readonly orders: OrderController) { this.register(); }
  register() { this.router.get('/orders', this.orders.list).get('/audit', this.audit.list); }
}`,
        'src/order.controller.ts': `export class OrderController { constructor(private s: Missing) {} list = (req, res) => {} }`,
        'src/audit.ts': `export class AuditController { static instance; list(req, res) {} }`,
      }),
      [
        'GET /audit -> src/audit.ts#AuditController.list',
        'GET /orders -> src/order.controller.ts#OrderController.list',
      ],
    );
  });

  it('follows wrappers of packages and of the workspace into the wrapped function', async () => {
    const { index, lines } = await indexOf({
      'src/app.ts': `import express from 'express'; import asyncHandler from 'express-async-handler'; import { catchAsync, allow, guard } from './wrap'; import * as ctl from './ctl';
const app = express();
app.get('/a', asyncHandler(ctl.a));
app.get('/b', catchAsync(async (req, res) => {}));
app.get('/c', ctl.c);
app.get('/d', ctl.group.d);
app.get('/e', catchAsync(asyncHandler(ctl.a)));
app.get('/f', allow((user) => user.admin), guard('admin'), ctl.late);`,
      'src/wrap.ts': `export const catchAsync = (fn: Handler) => (req, res, next) => { fn(req, res).catch(next); };
export function allow(test) { return (req, res, next) => next(test(req.user)); }
export const guard = (role) => { return function checkRole(req, res, next) { next(); }; };`,
      'src/ctl.ts': `import wrap from 'express-async-handler'; import { catchAsync } from './wrap';
export const a = async (req, res) => {};
export const c = catchAsync(async (req, res) => {});
export const group = { d: wrap(async function (req, res) {}) };
export { hidden as late };
const hidden = async (req, res) => {};`,
    });
    assert.deepEqual(lines, [
      'route GET /b -> src/app.ts#<anonymous>',
      'route GET /a -> src/ctl.ts#a',
      'route GET /e -> src/ctl.ts#a',
      'route GET /c -> src/ctl.ts#c',
      'route GET /d -> src/ctl.ts#group.d',
      'route GET /f -> src/ctl.ts#hidden',
      'middleware GET /f -> src/wrap.ts#allow',
      'middleware GET /f -> src/wrap.ts#guard.checkRole',
    ]);
    const c = index.handlers.find((handler) => handler.symbol === 'c');
    assert.deepEqual(c?.start, { line: 3, column: 14 });
    assert.deepEqual(index.handlers[0]?.start, { line: 4, column: 26 });
  });

  it('keeps a handler that is not of the workspace, and leaves foreign middleware out', async () => {
    const { index } = await indexOf({
      'app.ts': `import express from 'express'; import ui from 'swagger-ui-express'; import { serve } from './gone';
const app = express();
app.use(ui.serve);
app.get('/docs', ui.serve, ui.setup({}));
app.get('/gone', serve);`,
    });
    assert.deepEqual(
      index.handlers.map((h) => [h.id, h.resolved, h.file, h.start.line]),
      [
        ['app.ts#swagger-ui-express.setup@GET /docs', false, 'app.ts', 4],
        ['app.ts#serve@GET /gone', false, 'app.ts', 5],
      ],
    );
  });

  it('names functions by how they are exported', async () => {
    assert.deepEqual(
      await routesOf({
        'app.js': `const app = require('express')(); const obj = require('./obj'); const one = require('./one'); const esm = require('./esm'); import def from './esm';
app.get('/1', obj.list); app.get('/2', one); app.get('/3', esm.default); app.get('/4', def); app.get('/5', obj.nested.deep); app.get('/6', new obj.Ctl().run);`,
        'obj.js': `class Ctl { run() {} } module.exports = { list(req, res) {}, nested: { deep: () => {} }, Ctl };`,
        'one.js': `module.exports = function (req, res) {};`,
        'esm.ts': `export default async function (req, res) {}`,
      }),
      [
        'GET /1 -> obj.js#list',
        'GET /2 -> one.js#default',
        'GET /3 -> esm.ts#default',
        'GET /4 -> esm.ts#default',
        'GET /5 -> obj.js#nested.deep',
        'GET /6 -> obj.js#Ctl.run',
      ],
    );
  });

  it('tells block-scoped names of one function apart', async () => {
    assert.deepEqual(
      await routesOf({
        'app.ts': `import express from 'express'; const app = express();
{ const path = '/one'; app.get(path, function one() {}); }
{ const path = '/two'; app.get(path, function two() {}); }
function f(path) { if (path) { const path = '/three'; app.get(path, function three() {}); } }
f('/four');`,
      }),
      ['GET /one -> app.ts#one', 'GET /three -> app.ts#f.three', 'GET /two -> app.ts#two'],
    );
  });
});

describe('express: files and packages', () => {
  it('resolves tsconfig paths with comments and extends, baseUrl, barrels and extensions', async () => {
    assert.deepEqual(
      await routesOf({
        'tsconfig.base.json': `{ /* shared */ "compilerOptions": { "baseUrl": "./src", "paths": { "@/*": ["./*"], "~ctl": ["controllers/index.ts"], }, } }`,
        'tsconfig.json': `{ "extends": "./tsconfig.base", // trailing
          "include": ["src/**/*"] }`,
        'src/app.ts': `import express from 'express'; import { users } from '@/controllers'; import { ping } from '~ctl'; import late from 'routes/late.js'; import m from './m.mjs';
const app = express(); app.get('/u', users.list); app.get('/p', ping); app.use(late, m);`,
        'src/controllers/index.ts': `export * as users from './users'; export { default as ping } from './ping';`,
        'src/controllers/users.ts': `export function list() {}`,
        'src/controllers/ping.tsx': `export default function ping() {}`,
        'src/routes/late.ts': `import { Router } from 'express'; export default Router().get('/late', function late() {});`,
        'src/m.mts': `import e from 'express'; const r = e.Router(); r.get('/m', function m() {}); export { r as default };`,
      }),
      [
        'GET /late -> src/routes/late.ts#late',
        'GET /m -> src/m.mts#m',
        'GET /p -> src/controllers/ping.tsx#ping',
        'GET /u -> src/controllers/users.ts#list',
      ],
    );
  });

  it('follows workspace packages to their sources and names plugin and package', async () => {
    const { index } = await indexOf({
      'package.json': `{ "name": "root", "workspaces": ["apps/*", "libs/*"] }`,
      'apps/api/package.json': `{ "name": "@acme/api", "dependencies": { "@acme/routes": "*" }, "imports": { "#db/*": "./dist/db/*.js" } }`,
      'libs/routes/package.json': `{ "name": "@acme/routes", "exports": { ".": { "types": "./dist/index.d.ts", "import": "./dist/index.js" }, "./admin": "./dist/admin/index.js", "./x/*": "./lib/*.js" } }`,
      'libs/plain/package.json': `{ "name": "plain", "main": "lib/main.js" }`,
      'apps/api/src/app.ts': `import express from 'express'; import { routes } from '@acme/routes'; import { admin } from '@acme/routes/admin'; import { x } from '@acme/routes/x/extra'; import plain from 'plain'; import { dbHealth } from '#db/health';
const app = express(); app.use('/r', routes); app.use('/admin', admin); app.get('/x', x); app.get('/plain', plain.go); app.get('/db', dbHealth);`,
      'apps/api/src/db/health.ts': `export const dbHealth = () => {};`,
      'libs/routes/src/index.ts': `import { Router } from 'express'; export const routes = Router(); routes.get('/', function root() {});`,
      'libs/routes/src/admin/index.ts': `import { Router } from 'express'; export const admin = Router(); admin.get('/', function adm() {});`,
      'libs/routes/lib/extra.ts': `export function x() {}`,
      'libs/plain/lib/main.js': `exports.go = () => {};`,
    });
    assert.deepEqual(
      index.handlers.map((h) => [h.id, h.plugin, h.package]),
      [
        ['apps/api/src/db/health.ts#dbHealth@GET /db', '@acme/api', '@acme/api'],
        ['libs/plain/lib/main.js#go@GET /plain', 'plain', 'plain'],
        ['libs/routes/lib/extra.ts#x@GET /x', '@acme/routes', '@acme/routes'],
        ['libs/routes/src/admin/index.ts#adm@GET /admin', '@acme/routes', '@acme/routes'],
        ['libs/routes/src/index.ts#root@GET /r', '@acme/routes', '@acme/routes'],
      ],
    );
  });

  it('takes the top folder under src as plugin in a single package, and works without any package', async () => {
    const files = {
      'src/users/routes.ts': `import { Router } from 'express'; Router().get('/a', () => {});`,
      'src/main.ts': `import { Router } from 'express'; Router().get('/b', () => {});`,
    };
    const single = await indexOf({ ...files, 'package.json': '{"name":"shop"}' });
    assert.deepEqual(
      single.index.handlers.map((h) => [h.plugin, h.package]),
      [
        ['shop', 'shop'],
        ['users', 'shop'],
      ],
    );
    const none = await indexOf(files);
    assert.deepEqual(
      none.index.handlers.map((h) => [h.plugin, h.package]),
      [
        ['workspace', ''],
        ['users', ''],
      ],
    );
  });

  it('leaves tests out', async () => {
    const text = `import express from 'express'; const app = express(); app.get('/t', () => {});`;
    assert.deepEqual(
      await routesOf({
        'a.test.ts': text,
        'b.spec.js': text,
        '__tests__/c.ts': text,
        'test/d.ts': text,
        'src/contest.ts': text,
        'src/latest/e.ts': text,
      }),
      ['GET /t -> src/contest.ts#<anonymous>', 'GET /t -> src/latest/e.ts#<anonymous>'],
    );
  });

  it('reads half-typed code, CRLF, a byte-order mark and unicode names', async () => {
    const { lines, facts, index } = await indexOf({
      'half.ts': `import express from 'express';\nconst app = express();\napp.get('/done', function done() {});\napp.get('/typing', (req, res) => { res.json({ a: \n`,
      'crlf.ts': `\uFEFFimport express from 'express';\r\nconst app = express();\r\n\r\napp.get('/größe/:naïve', function überprüfe() {});\r\n`,
    });
    assert.deepEqual(lines, [
      'route GET /größe/:naïve -> crlf.ts#überprüfe',
      'route GET /done -> half.ts#done',
      'route GET /typing -> half.ts#<anonymous>',
    ]);
    assert.deepEqual(index.handlers[0]?.start, { line: 4, column: 35 });
    assert.ok((facts.get('half.ts')?.syntaxErrors ?? 0) > 0);
    assert.equal(facts.get('crlf.ts')?.syntaxErrors, 0);
  });
});
