import assert from 'node:assert/strict';
import { runInNewContext } from 'node:vm';
import type { Handler } from '../../../../src/core/model/handler.ts';
import type { HandlerTests } from '../../../../src/core/model/test.ts';
import { planTest } from '../../../../src/core/repair/test-writer/plan-test.ts';
import { whyNotSendable } from '../../../../src/core/repair/test-writer/sendable.ts';
import type { TestPlan } from '../../../../src/core/repair/test-writer/test-plan.ts';

const handler = (symbol: string, file: string, route: string): Handler => ({
  id: `${file}#${symbol}@GET ${route}`,
  function: `${file}#${symbol}`,
  kind: 'route',
  framework: 'express',
  method: 'GET',
  route,
  file,
  symbol,
  start: { line: 1, column: 1 },
  end: { line: 2, column: 1 },
  registration: { file: 'src/routes.ts', start: { line: 1, column: 1 } },
  resolved: true,
  plugin: 'src',
  package: 'lamps',
  syntaxHash: '',
});

const testedBy = (file: string): HandlerTests => ({
  level: 'called',
  passed: 0,
  failed: 0,
  notRun: 1,
  tests: [
    {
      level: 'called',
      test: { id: `${file}#a`, file, suite: [], title: 'a', start: { line: 1, column: 1 }, runner: 'vitest', placeholder: false },
    },
  ],
}); // prettier-ignore

const untested = handler('showLamp', 'src/lamps.ts', '/lamps/:id');
const neighbour = handler('listLamps', 'src/lamps.ts', '/lamps');

async function plan(text: string, others: readonly string[] = []): Promise<TestPlan> {
  const made = await planFrom(text, others);
  assert.ok(!('k' in made), 'k' in made ? made.reason : '');
  return made;
}

function planFrom(text: string, others: readonly string[] = []): ReturnType<typeof planTest> {
  const file = 'tests/list-lamps.test.ts';
  return planTest(
    {
      handler: untested,
      index: { handlers: [neighbour, untested], unresolved: [] },
      tests: new Map([[neighbour.id, testedBy(file)]]),
    },
    {
      read: (path) => Promise.resolve(path === file ? text : null),
      exists: (path) => path === file || others.includes(path),
    },
  );
}

const plain = `import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Request } from 'express';
import { startLamps, unusedHelper } from './support/lamps.ts';

const unused = 'lamp';
let lamps: Awaited<ReturnType<typeof startLamps>>;
beforeAll(async () => {
  lamps = await startLamps();
});
afterAll(() => lamps.close());

function helper(): Request {
  return unusedHelper(unused);
}

describe('lamps', () => {
  it('lists them', async () => {
    const response = await request(lamps.app).get('/lamps').expect(200);
    expect(response.body).toEqual([]);
  });
});
`;

describe('a planned test', () => {
  it('takes set-up, client and style of its neighbour, and leaves what it does not need', async () => {
    const made = await plan(plain);
    assert.equal(made.file, 'tests/show-lamp.test.ts');
    const body = `await ${made.request({ method: 'GET', path: '/lamps/1', query: 'lit=true' })}.expect(200);`;
    assert.equal(
      made.render([], { suite: 'GET /lamps/:id', title: 'answers' }, body),
      `import request from 'supertest';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { startLamps } from './support/lamps.ts';

let lamps: Awaited<ReturnType<typeof startLamps>>;
beforeAll(async () => {
  lamps = await startLamps();
});
afterAll(() => lamps.close());

describe('GET /lamps/:id', () => {
  it('answers', async () => {
    await request(lamps.app).get('/lamps/1?lit=true').expect(200);
  });
});
`,
    );
  });

  it('adds what it imports to what is there', async () => {
    const made = await plan(plain);
    const text = made.render(
      [
        { from: made.importPath('src/lamps.ts'), named: ['limit'] },
        { from: './support/lamps.ts', named: ['count'] },
      ],
      { suite: 's', title: 't' },
      'expect(count(limit)).toBe(vi.fn());',
    );
    assert.match(text, /import \{ limit \} from '\.\.\/src\/lamps\.ts';/);
    assert.match(text, /import \{ startLamps, count \} from '\.\/support\/lamps\.ts';/);
    assert.match(text, /import \{ afterAll, beforeAll, describe, expect, it, vi \} from 'vitest';/);
  });

  it('never takes the place of a file', async () => {
    const made = await plan(plain, ['tests/show-lamp.test.ts', 'tests/show-lamp-2.test.ts']);
    assert.equal(made.file, 'tests/show-lamp-3.test.ts');
  });

  it('writes as its neighbour does: quotes, no semicolons, `test`, an agent made in a hook of the suite', async () => {
    const made = await plan(`import supertest from "supertest"
import { beforeEach, describe, expect, test } from "vitest"
import { app } from "../src/app"

describe("lamps", () => {
    let api: ReturnType<typeof supertest>
    beforeEach(() => {
        api = supertest(app)
    })
    test("lists them", async () => {
        expect((await api.get("/lamps")).status).toBe(200)
    })
})
`);
    assert.equal(made.importPath('src/lamps.ts'), '../src/lamps');
    assert.equal(
      made.render(
        [],
        { suite: 's', title: 'say "yes"' },
        `await ${made.request({ method: 'DELETE', path: '/lamps/1', query: '' })}`,
      ),
      `import supertest from "supertest"
import { beforeEach, describe, test } from "vitest"
import { app } from "../src/app"

let api: ReturnType<typeof supertest>
beforeEach(() => {
    api = supertest(app)
})

describe("s", () => {
    test("say \\"yes\\"", async () => {
        await api.delete("/lamps/1")
    })
})
`,
    );
  });

  it('says why there is none: no requests, an app of each test alone, a file that does not parse', async () => {
    for (const text of [
      `import { it } from 'vitest'; it('a', () => {});`,
      `import request from 'supertest';\nit('a', async () => { const app = make(); await request(app).get('/').expect(200); });`,
      `import request from 'supertest'; describe(`,
    ]) {
      const made = await planFrom(text);
      assert.ok('k' in made && made.reason.includes('supertest'), text);
    }
  });

  it('keeps recorded paths that try to be code in their string', async () => {
    const made = await plan(plain);
    for (const path of [
      "/'); process.exit(1); ('",
      '/`${process.exit(1)}`',
      '/*/ throw 1 /*',
      '/\u2028x',
      '/a).b\\',
    ]) {
      const source = made.request({ method: 'GET', path, query: "q='" });
      const asked = runInNewContext(source, {
        request: () => ({ get: (url: string) => url }),
        lamps: {},
      }) as string;
      assert.equal(asked, `${path}?q='`);
    }
  });
});

describe('calls that are not sent again', () => {
  it('hold secrets, were redacted, or are no addresses', () => {
    const why = (path: string, query = '', method = 'GET'): string | null =>
      whyNotSendable({ method, path, query });
    assert.equal(why('/lamps/1', 'lit=true'), null);
    assert.match(why('/lamps/(redacted)') ?? '', /redacted/);
    assert.match(why('/lamps', 'access_token=abc') ?? '', /secret/);
    assert.match(why('/in/eyJhbGciOiJIUzI1NiJ9.e30.abc') ?? '', /secret/);
    assert.match(why('//elsewhere/x') ?? '', /path/);
    assert.match(why('/a\r\nHost: b') ?? '', /characters/);
    assert.match(why('/a', '', 'TRACE') ?? '', /TRACE/);
  });
});
