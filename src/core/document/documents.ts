import type { DocumentInput, Page, PageFile, PageId } from './page.ts';
import * as registry from './pages/registry.ts';
import { viewOf } from './view.ts';

/** A file to be merged into the docs folder by `mergePage`. */
export interface RenderedDocument extends PageFile {
  /** The page whose markers enclose the body. */
  readonly id: PageId;
}

/** All pages, alphabetical by id. */
export const PAGES: readonly Page[] = Object.values(registry);

/** Formatters would realign the tables, and the page would then look edited by hand. */
function framed(body: string): string {
  return `\n<!-- prettier-ignore-start -->\n\n${body}\n<!-- prettier-ignore-end -->\n\n`;
}

/** Renders every page; pure, the same bytes for any order of the input's lists. Paths are relative to the docs folder. */
export function renderDocuments(
  input: DocumentInput,
  options: { readonly pageBytes?: number } = {},
): readonly RenderedDocument[] {
  const view = viewOf(input, options.pageBytes);
  return PAGES.flatMap((page) =>
    page.render(view).map(({ path, body }) => ({ id: page.id, path, body: framed(body) })),
  );
}
