import assert from 'node:assert/strict';
import { createCorrelator } from '../../../src/core/handlers/correlate.ts';
import type { Handler } from '../../../src/core/model/handler.ts';
import { indexOf } from './workspace.ts';

/** What a function with this body after `(req, res, next) =>` is as the only handler of a route. */
async function kindOf(body: string, head = 'const h = (req, res, next) =>'): Promise<Handler['passesOn']> {
  const { index } = await indexOf({
    'a.ts': `import express from 'express';\n${head} ${body};\nexpress().get('/x', h);`,
  });
  assert.equal(index.handlers.length, 1);
  return index.handlers[0]?.passesOn;
}

describe('guards', () => {
  it('are functions that always call next, or refuse', async () => {
    assert.equal(await kindOf('{ req.id = 1; next(); }'), 'always');
    assert.equal(await kindOf("{ res.set('x', 'y').append('a', 'b'); next(); }"), 'always');
    assert.equal(await kindOf('{ if (req.user) next(); else res.status(401).json({}); }'), 'or-refuses');
    assert.equal(await kindOf('{ if (!req.user) return res.sendStatus(403); next(); }'), 'or-refuses');
    assert.equal(
      await kindOf('{ find(req).then((user) => { if (!user) res.status(404).end(); else next(); }); }'),
      'or-refuses',
    );
    assert.equal(
      await kindOf("{ if (!req.user) res.status(400).send(res.__('who?')); else next(); }"),
      'or-refuses',
    );
  });

  it('are not what may answer, hands its response on, leaves a result or only reports errors', async () => {
    assert.equal(await kindOf('{ if (req.cached) res.json(req.cached); else next(); }'), undefined);
    assert.equal(await kindOf('{ if (req.none) return next(); res.status(201).json({}); }'), undefined);
    assert.equal(await kindOf('{ if (req.none) next(); else render(req, res); }'), undefined);
    assert.equal(await kindOf('{ res.locals.user = load(req); next(); }'), undefined);
    assert.equal(await kindOf('{ load(req).then((all) => { res.locals.all = all; next(); }); }'), undefined);
    assert.equal(await kindOf('{ load(req).catch((error) => next(error)); }'), undefined);
    assert.equal(await kindOf('res.end()', 'const h = (req, res) =>'), undefined);
    assert.equal(await kindOf('{ next(); }', 'const h = (req, { locals }, next) =>'), undefined);
  });

  const answerOf = async (registrations: string): Promise<string> => {
    const { index, project } = await indexOf({
      'a.ts': `import express from 'express';
const app = express();
const pass = (req, res, next) => { req.seen = true; next(); };
const refuse = (req, res, next) => { if (req.user) next(); else res.status(401).end(); };
const create = (req, res) => { res.json({}); };
${registrations}`,
    });
    const operation = {
      id: 'x',
      service: 'a',
      environment: '',
      kind: 'http',
      name: '',
      method: 'POST',
      route: '/f',
    } as const;
    const correlate = createCorrelator(index, project, { services: {}, pathMappings: [] });
    const found = correlate({ operation, hints: [], releases: [] });
    return found.handlerId ?? `${found.reason}: ${found.detail}`;
  };

  it('leave a route to another registration of it, wherever that stands', async () => {
    assert.equal(await answerOf("app.post('/f', refuse); app.post('/f', create);"), 'a.ts#create@POST /f');
    assert.equal(
      await answerOf("app.post('/f', pass, refuse); app.post('/f', pass); app.post('/f', create);"),
      'a.ts#create@POST /f',
    );
    assert.equal(await answerOf("app.post('/f', create); app.post('/f', refuse);"), 'a.ts#create@POST /f');
  });

  it('answer for a route that nothing else answers only where they refuse', async () => {
    assert.equal(await answerOf("app.post('/f', pass); app.post('/f', refuse);"), 'a.ts#refuse@POST /f');
    assert.match(
      await answerOf("app.post('/f', pass);"),
      /^route-not-found: .*pass every request on \(a\.ts:6\)/,
    );
  });
});
