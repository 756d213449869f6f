import path from 'node:path';

const SECRET_NAME = /TOKEN|SECRET|PASSWORD|PASSWD|KEY|CREDENTIAL|AUTH/i;
/** A password inside of an address: `postgres://user:password@host`. */
const SECRET_VALUE = /:\/\/[^/\s:@]*:[^/\s@]+@/;

/**
 * What a run in a copy changes of the environment it inherits: no secrets, and home, caches and temporary files in a
 * folder of the copy. Undefined removes a variable.
 */
export function scratchEnvironment(
  inherited: Readonly<Record<string, string | undefined>>,
  folders: { readonly home: string; readonly temp: string },
): Readonly<Record<string, string | undefined>> {
  const { home, temp } = folders;
  const removed = Object.entries(inherited).filter(
    ([name, value]) => SECRET_NAME.test(name) || SECRET_VALUE.test(value ?? ''),
  );
  const userHome = inherited['HOME'] ?? inherited['USERPROFILE'];
  const shims =
    userHome === undefined
      ? {}
      : // `node` may be a shim that finds the real one through the home folder.
        {
          VOLTA_HOME: inherited['VOLTA_HOME'] ?? path.join(userHome, '.volta'),
          ASDF_DATA_DIR: inherited['ASDF_DATA_DIR'] ?? path.join(userHome, '.asdf'),
          ASDF_DIR: inherited['ASDF_DIR'] ?? path.join(userHome, '.asdf'),
        };
  return {
    ...shims,
    ...Object.fromEntries(removed.map(([name]) => [name, undefined])),
    HOME: home,
    USERPROFILE: home,
    XDG_CACHE_HOME: path.join(home, '.cache'),
    XDG_CONFIG_HOME: path.join(home, '.config'),
    XDG_DATA_HOME: path.join(home, '.local/share'),
    npm_config_cache: path.join(home, '.npm'),
    npm_config_offline: 'true',
    TMPDIR: temp,
    TMP: temp,
    TEMP: temp,
    // Coverage of whoever started us is not the project's business.
    NODE_V8_COVERAGE: undefined,
  };
}
