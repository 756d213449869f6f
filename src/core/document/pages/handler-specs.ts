import { exampleInput } from '../example.ts';
import { handlerRows } from '../facts.ts';
import { handlerSection } from '../handler-section.ts';
import { blocks, link, plural, table, text } from '../markdown.ts';
import type { Page, PageFile } from '../page.ts';
import { SPECS_FILE, specsLayout } from '../specs-layout.ts';
import type { SpecsLayout, SpecsPart } from '../specs-layout.ts';
import type { DocumentView, PluginView } from '../view.ts';

const title = 'Handler specifications';

export function pluginName(plugin: PluginView): string {
  return plugin.name === '' ? '(root)' : text(plugin.name);
}

function partBody(view: DocumentView, layout: SpecsLayout, part: SpecsPart): string {
  const href = (id: string) => layout.href(part.path, id);
  const rows = handlerRows(view, part.handlers, href);
  return blocks([
    part.part === 1 ? `<a id="plugin-${part.plugin.slug}"></a>` : undefined,
    `## ${pluginName(part.plugin)}${part.part === 1 ? '' : `, part ${part.part}`}`,
    table(rows.head, rows.rows),
    ...part.handlers.map((handler) => handlerSection(view, handler, href)),
  ]);
}

function head(view: DocumentView): string {
  const production =
    view.evidence.handlers.size > 0
      ? 'Production figures are buckets from `.suture/evidence.json`.'
      : 'No production evidence has been recorded yet.';
  const tests = view.tests ? '' : ' Tests have not been read yet.';
  return blocks([
    `# ${title} of ${text(view.workspaceName)}`,
    `Every handler that was found in the code, by plugin. ${production}${tests} See also the ${link('index', 'INDEX.md')}.`,
  ]);
}

/** HANDLER_SPECS: each handler with its place, contract, middleware, production figures and tests. */
export const handlerSpecs: Page = {
  id: 'HANDLER_SPECS',
  file: SPECS_FILE,
  title,
  render(view) {
    const layout = specsLayout(view);
    const page = (path: string, parts: readonly string[]): PageFile => {
      return { path, body: `${blocks(parts)}\n` };
    };
    if (!layout.split) {
      const bodies = layout.parts.map((part) => partBody(view, layout, part));
      return [page(SPECS_FILE, [head(view), ...(bodies.length > 0 ? bodies : ['No handlers were found.'])])];
    }
    const contents = layout.parts.map((part) => [
      link(`${pluginName(part.plugin)}${part.part === 1 ? '' : `, part ${part.part}`}`, part.path),
      plural(part.handlers.length, 'handler'),
    ]);
    return [
      page(SPECS_FILE, [head(view), table(['Plugin', 'Handlers'], contents)]),
      ...layout.parts.map((part) =>
        page(part.path, [
          `# ${title} of ${text(view.workspaceName)}`,
          `One part of the ${link('handler specifications', SPECS_FILE)}; see also the ${link('index', 'INDEX.md')}.`,
          partBody(view, layout, part),
        ]),
      ),
    ];
  },
  example: exampleInput,
};
