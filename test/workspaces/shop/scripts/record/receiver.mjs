import { once } from 'node:events';
import { createServer } from 'node:http';

/** An OTLP/HTTP endpoint on loopback that keeps each JSON export request as it came, in order of arrival. */
export async function startReceiver() {
  const records = [];
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const record = Buffer.concat(chunks).toString('utf8');
      const accepted = request.url === '/v1/traces' && request.headers['content-type'] === 'application/json';
      if (accepted) records.push(record);
      response.writeHead(accepted ? 200 : 415, { 'content-type': 'application/json' }).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${server.address().port}`,
    records,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
