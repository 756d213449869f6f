import { Session } from 'node:inspector/promises';
import { fileURLToPath } from 'node:url';

/** Where V8 says that each function was written: file, line and column from 1; behind `bind`, the function bound. */
export async function locateFunctions(functions) {
  const scripts = new Map();
  const session = new Session();
  session.connect();
  session.on('Debugger.scriptParsed', ({ params }) => scripts.set(params.scriptId, params.url));
  await session.post('Debugger.enable');
  globalThis.functionsToLocate = functions;
  const { result } = await session.post('Runtime.evaluate', { expression: 'globalThis.functionsToLocate' });
  const { result: items } = await session.post('Runtime.getProperties', {
    objectId: result.objectId,
    ownProperties: true,
  });
  const located = [];
  for (const index of functions.keys()) {
    located.push(
      await locate(session, scripts, items.find(({ name }) => name === String(index)).value.objectId),
    );
  }
  delete globalThis.functionsToLocate;
  session.disconnect();
  return located;
}

async function locate(session, scripts, objectId) {
  const { internalProperties = [] } = await session.post('Runtime.getProperties', {
    objectId,
    ownProperties: true,
  });
  const internal = (name) => internalProperties.find((property) => property.name === name)?.value;
  const bound = internal('[[TargetFunction]]');
  if (bound) return locate(session, scripts, bound.objectId);
  const at = internal('[[FunctionLocation]]')?.value;
  const url = at && scripts.get(at.scriptId);
  if (!url?.startsWith('file:')) return undefined;
  return { file: fileURLToPath(url), line: at.lineNumber + 1, column: at.columnNumber + 1 };
}
