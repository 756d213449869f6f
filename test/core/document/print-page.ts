import { PAGES } from '../../../src/core/document/documents.ts';
import { viewOf } from '../../../src/core/document/view.ts';

const page = PAGES.find(({ id }) => id === process.argv[2]);
for (const { body } of page?.render(viewOf(page.example)) ?? []) process.stdout.write(body);
