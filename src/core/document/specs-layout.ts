import type { Handler } from '../model/handler.ts';
import { handlerSection } from './handler-section.ts';
import type { DocumentView, PluginView } from './view.ts';

export const SPECS_FILE = 'HANDLER_SPECS.md';

/** Handlers of one plugin that stand together in one file. */
export interface SpecsPart {
  readonly path: string;
  readonly plugin: PluginView;
  readonly handlers: readonly Handler[];
  /** Position among the parts of its plugin, from 1. */
  readonly part: number;
}

/** Which handler stands in which file of HANDLER_SPECS; parts are in reading order. */
export interface SpecsLayout {
  readonly split: boolean;
  readonly parts: readonly SpecsPart[];
  /** Address of a handler's section as seen from a file of the docs folder. */
  href(from: string, id: string): string;
  /** Address of a plugin's first section. */
  pluginHref(from: string, plugin: PluginView): string;
}

/** Rough size of a table row beside the section, in bytes. */
const ROW_BYTES = 200;

function sizeOf(view: DocumentView, handler: Handler): number {
  const section = handlerSection(view, handler, (id) => `#${view.anchors.get(id) ?? ''}`);
  return Buffer.byteLength(section) + Buffer.byteLength(handler.id) + ROW_BYTES;
}

function partsOf(view: DocumentView, plugin: PluginView, sizes: ReadonlyMap<string, number>): SpecsPart[] {
  const groups: Handler[][] = [];
  let bytes = Infinity;
  for (const handler of plugin.handlers) {
    const size = sizes.get(handler.id) ?? 0;
    if (bytes + size > view.pageBytes) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(handler);
    bytes += size;
  }
  return groups.map((handlers, i): SpecsPart => {
    const suffix = i === 0 ? '' : `.${i + 1}`;
    return { path: `HANDLER_SPECS.${plugin.slug}${suffix}.md`, plugin, handlers, part: i + 1 };
  });
}

const layouts = new WeakMap<DocumentView, SpecsLayout>();

/** Layout of a view, made once however many pages ask for it. */
export function specsLayout(view: DocumentView): SpecsLayout {
  const layout = layouts.get(view) ?? layoutOf(view);
  layouts.set(view, layout);
  return layout;
}

/** One file while it is small enough, else one for each plugin, else several of a plugin. */
function layoutOf(view: DocumentView): SpecsLayout {
  const sizes = new Map(view.handlers.map((handler) => [handler.id, sizeOf(view, handler)]));
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const split = total > view.pageBytes;
  const parts = split
    ? view.plugins.flatMap((plugin) => partsOf(view, plugin, sizes))
    : view.plugins.map((plugin): SpecsPart => {
        return { path: SPECS_FILE, plugin, handlers: plugin.handlers, part: 1 };
      });
  const files = new Map(parts.flatMap((part) => part.handlers.map((one) => [one.id, part.path] as const)));
  const first = new Map(
    parts.filter(({ part }) => part === 1).map(({ plugin, path }) => [plugin.slug, path] as const),
  );
  const address = (from: string, to: string, anchor: string) => `${to === from ? '' : to}#${anchor}`;
  return {
    split,
    parts,
    href: (from, id) => address(from, files.get(id) ?? SPECS_FILE, view.anchors.get(id) ?? ''),
    pluginHref: (from, { slug }) => address(from, first.get(slug) ?? SPECS_FILE, `plugin-${slug}`),
  };
}
