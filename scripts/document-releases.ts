// Makes the pages that the overlays of the sample shop's releases hold again: node scripts/document-releases.ts
// 1.1.0 has none of its own: that its pages are still those of 1.0.0 is its planted fault.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, shopReleases } from './layout.ts';
import { run } from './processes.ts';
import { materialiseShop } from './shop-release.ts';

const scratch = await mkdtemp(join(tmpdir(), 'suture-pages-'));
try {
  for (const version of ['1.0.0', '1.2.0'] as const) {
    const workspace = join(scratch, version);
    await materialiseShop(version, workspace);
    const made = ['docs', '.suture'];
    for (const folder of made) await rm(join(workspace, folder), { recursive: true, force: true });
    const cli = join(root, 'src', 'cli', 'suture.ts');
    const done = await run(process.execPath, [cli, 'docs', '-w', workspace], { show: true });
    if (done.code !== 0) throw new Error(`No pages for ${version}`);
    for (const folder of made) {
      const overlay = join(shopReleases, version, folder);
      await rm(overlay, { recursive: true, force: true });
      await cp(join(workspace, folder), overlay, { recursive: true });
    }
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
