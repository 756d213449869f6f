import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Build results that are not shipped: reports, screenshots, the VSIX. */
export const outDir = join(root, 'out');
/** VS Code servers and Chromium, kept between runs; git ignores it. */
export const cacheDir = join(root, '.vscode-test');
export const screenshotsDir = join(outDir, 'screenshots');
export const shopWorkspace = join(root, 'test', 'workspaces', 'shop');
export const conductorWorkspace = join(root, 'test', 'workspaces', 'conductor');
/** Overlays of changed files, one folder per release, and `releases.json`. */
export const shopReleases = join(root, 'test', 'workspaces', 'shop-releases');
/** Recordings of later releases and of other traffic; that of 1.0.0 lies in the shop itself. */
export const shopRecordings = join(root, 'test', 'fixtures', 'telemetry', 'shop');
