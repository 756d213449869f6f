/** Characters above which a file is data or a bundle. */
const MAX_LENGTH = 512 * 1024;
const MINIFIED_LINE = 2_000;

/**
 * Cheap test before parsing. Every file that a person can have written counts, whatever it imports: controllers that define
 * handlers name no framework, and test discovery reads the same facts. Only bundles and data are left out.
 */
export function worthParsing(path: string, text: string): boolean {
  if (text.length > MAX_LENGTH || /\.d\.[cm]?ts$|[.-]min\.[cm]?js$/.test(path)) return false;
  if (text.length < 20_000) return true;
  // A bundle is known by its lines: very few for very much text.
  const sample = text.slice(0, 64 * 1024);
  return sample.length / (sample.split('\n').length + 1) < MINIFIED_LINE / 4;
}
