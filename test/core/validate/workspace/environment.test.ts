import assert from 'node:assert/strict';
import { scratchEnvironment } from '../../../../src/core/validate/workspace/environment.ts';

describe('the environment of a run in a copy', () => {
  it('has no secrets, and home and caches of its own', () => {
    const inherited = {
      ...{ PATH: '/bin', HOME: '/home/me', LANG: 'C', CI_URL: 'https://ci.test/a:b@c', VOLTA_HOME: '/volta' },
      ...{
        GITHUB_TOKEN: 'x',
        'npm_config_//r.test/:_authToken': 'x',
        AWS_ACCESS_KEY_ID: 'x',
        apiSecret: 'x',
      },
      ...{ DB_PASSWORD: 'x', GOOGLE_APPLICATION_CREDENTIALS: 'x', SSH_AUTH_SOCK: 'x' },
      ...{ DATABASE_URL: 'postgres://me:hunter2@db/x', REDIS: 'redis://:pw@db', NODE_V8_COVERAGE: '/c' },
    };
    const given = scratchEnvironment(inherited, { home: '/s/home', temp: '/s/tmp' });
    const merged = Object.entries({ ...inherited, ...given }).filter(([, value]) => value !== undefined);
    assert.deepEqual(Object.fromEntries(merged), {
      ...{
        PATH: '/bin',
        HOME: '/s/home',
        USERPROFILE: '/s/home',
        LANG: 'C',
        CI_URL: 'https://ci.test/a:b@c',
      },
      ...{ VOLTA_HOME: '/volta', ASDF_DATA_DIR: '/home/me/.asdf', ASDF_DIR: '/home/me/.asdf' },
      XDG_CACHE_HOME: '/s/home/.cache',
      XDG_CONFIG_HOME: '/s/home/.config',
      XDG_DATA_HOME: '/s/home/.local/share',
      npm_config_cache: '/s/home/.npm',
      npm_config_offline: 'true',
      ...{ TMPDIR: '/s/tmp', TMP: '/s/tmp', TEMP: '/s/tmp' },
    });
  });
});
