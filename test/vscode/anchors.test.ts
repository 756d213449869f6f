import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FileModel } from '../../src/core/model/read-model.ts';
import {
  anchorsOf,
  createDocumentAnchors,
  movePlaceBy,
  type Place,
  type TextChange,
} from '../../src/vscode/anchors.ts';
import { sampleHandler, sampleModel } from './render/samples.ts';

const at = (line: number, character: number): Place => ({ line, character });

function offsetOf(text: string, place: Place): number {
  const lines = text.split('\n');
  return lines.slice(0, place.line).reduce((sum, line) => sum + line.length + 1, 0) + place.character;
}

function placeAt(text: string, offset: number): Place {
  const lines = text.slice(0, offset).split('\n');
  return at(lines.length - 1, lines.at(-1)?.length ?? 0);
}

const replace = (text: string, change: TextChange): string =>
  text.slice(0, offsetOf(text, change.start)) + change.text + text.slice(offsetOf(text, change.end));

/** Model of `src/a.ts` with one named handler per line (from 0). */
function modelAt(lines: Readonly<Record<string, number>>, broken?: boolean): FileModel {
  const handlers = Object.entries(lines).map(([name, line]) => {
    const start = { line: line + 1, column: 1 };
    const handler = sampleHandler({
      id: `src/a.ts#${name}@GET /${name}`,
      file: 'src/a.ts',
      symbol: name,
      start,
      registration: { file: 'src/a.ts', start },
    });
    return sampleModel({ handler });
  });
  return { path: 'src/a.ts', handlers, unresolved: [], ...(broken === undefined ? {} : { broken }) };
}

const insertLine = (line: number): TextChange => ({ start: at(line, 0), end: at(line, 0), text: '// new\n' });

describe('anchors', () => {
  it('stay on their character through any edits that do not touch it', () => {
    const edit = fc.record({
      from: fc.nat(200),
      length: fc.nat(20),
      text: fc.constantFrom('', 'x', 'ab\n', '\n\n', 'a\nb\nc'),
    });
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', ' ', '\n'), { maxLength: 120 }),
        fc.array(edit, { maxLength: 6 }),
        (before, edits) => {
          let text = [...before, '@', ...before].join('');
          let place: Place | null = placeAt(text, before.length);
          for (const { from, length, text: inserted } of edits) {
            const start = Math.min(from, text.length);
            const end = Math.min(start + length, text.length);
            const mark = text.indexOf('@');
            if (start <= mark && mark < end) continue;
            const change = { start: placeAt(text, start), end: placeAt(text, end), text: inserted };
            text = replace(text, change);
            place = movePlaceBy(place, [change]);
            assert.ok(place);
          }
          assert.equal(text[offsetOf(text, place)], '@');
        },
      ),
    );
  });

  it('take the changes of one edit as made to the same text, in any order', () => {
    const changes = [insertLine(0), { start: at(3, 0), end: at(4, 0), text: '' }, insertLine(2)];
    assert.deepEqual(movePlaceBy(at(5, 4), changes), at(6, 4));
    assert.deepEqual(movePlaceBy(at(5, 4), [...changes].reverse()), at(6, 4));
  });

  it('go with the text they stood in', () => {
    assert.equal(movePlaceBy(at(5, 2), [{ start: at(4, 0), end: at(6, 0), text: '' }]), null);
    assert.deepEqual(
      movePlaceBy(at(5, 2), [{ start: at(4, 0), end: at(6, 0), text: 'a\nb\n' }]),
      at(5, 2),
      'a formatter keeps the line',
    );
  });

  it('mark a definition and, on another line or in another file, its registration', () => {
    const start = { line: 3, column: 5 };
    const far = { file: 'src/app.ts', start: { line: 9, column: 1 } };
    const roles = (over: Parameters<typeof sampleHandler>[0], path: string) =>
      anchorsOf({
        path,
        handlers: [sampleModel({ handler: sampleHandler({ file: 'src/users.ts', start, ...over }) })],
        unresolved: [],
      }).map(({ role, place }) => `${role} ${String(place.line)}`);
    assert.deepEqual(roles({ registration: far }, 'src/users.ts'), ['definition 2']);
    assert.deepEqual(roles({ registration: far }, 'src/app.ts'), ['registration 8']);
    const near = { file: 'src/users.ts', start: { line: 20, column: 1 } };
    assert.deepEqual(roles({ registration: near }, 'src/users.ts'), ['definition 2', 'registration 19']);
    const inline = { file: 'src/users.ts', start: { line: 1, column: 1 } };
    assert.deepEqual(roles({ symbol: '<anonymous>', registration: inline }, 'src/users.ts'), [
      'definition 0',
    ]);
  });

  describe('of a document', () => {
    const lines = (anchors: ReturnType<typeof createDocumentAnchors>) =>
      Object.fromEntries(
        anchors
          .current()
          .map(({ model, place, ghost }) => [
            model.handler.symbol,
            ghost ? `${String(place.line)} ghost` : place.line,
          ]),
      );

    it('move at once while typing, and a late model of an older text is moved too', () => {
      const anchors = createDocumentAnchors(1);
      anchors.setModel(modelAt({ a: 2, b: 8 }));
      anchors.edited(2, [insertLine(0)]);
      anchors.edited(3, [insertLine(5)]);
      assert.deepEqual(lines(anchors), { a: 3, b: 10 });
      anchors.setModel(modelAt({ a: 3, b: 9 }), 2);
      assert.deepEqual(lines(anchors), { a: 3, b: 10 });
      anchors.setModel(modelAt({ a: 3, b: 10 }), 3);
      assert.deepEqual(lines(anchors), { a: 3, b: 10 });
    });

    it('know from a settled version that an unchanged model is of the new text', () => {
      const anchors = createDocumentAnchors(1);
      anchors.setModel(modelAt({ a: 2 }));
      anchors.edited(2, [{ start: at(2, 3), end: at(2, 4), text: 'x' }]);
      anchors.settled(2);
      anchors.setModel(modelAt({ a: 2 }));
      assert.deepEqual(lines(anchors), { a: 2 });
    });

    it('keep a handler that a broken text has lost, until the text parses', () => {
      const anchors = createDocumentAnchors(1);
      anchors.setModel(modelAt({ a: 2, b: 8 }));
      anchors.edited(2, [insertLine(0)]);
      anchors.setModel(modelAt({ a: 3 }, true), 2);
      assert.deepEqual(lines(anchors), { a: 3, b: '9 ghost' });
      anchors.edited(3, [insertLine(0)]);
      anchors.setModel(modelAt({ a: 4 }, true), 3);
      assert.deepEqual(lines(anchors), { a: 4, b: '10 ghost' }, 'a ghost moves on');
      anchors.setModel(modelAt({ a: 4 }, false), 3);
      assert.deepEqual(lines(anchors), { a: 4 });
    });

    it('keep it until the save where nobody says whether the text parses', () => {
      const anchors = createDocumentAnchors(1);
      anchors.setModel(modelAt({ a: 2, b: 8 }));
      anchors.edited(2, [insertLine(0)]);
      anchors.setModel(modelAt({ a: 3 }), 2);
      assert.deepEqual(lines(anchors), { a: 3, b: '9 ghost' });
      anchors.saved(2);
      assert.deepEqual(lines(anchors), { a: 3 });
    });

    it('replace a handler by the one that took its line', () => {
      const anchors = createDocumentAnchors(1);
      anchors.setModel(modelAt({ a: 2 }));
      anchors.edited(2, [{ start: at(2, 9), end: at(2, 10), text: 'z' }]);
      anchors.setModel(modelAt({ renamed: 2 }, true), 2);
      assert.deepEqual(lines(anchors), { renamed: 2 });
    });
  });
});
