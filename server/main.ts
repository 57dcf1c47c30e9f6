import { createServer } from 'node:http';
import { openApp } from './app.ts';
import { readConfig } from './config.ts';
import { setApp } from './seam.ts';

const config = readConfig(process.env);
const app = await openApp(config);
setApp(app);
process.env['BODY_SIZE_LIMIT'] ??= '40M';
process.env['PROTOCOL_HEADER'] = 'x-huigao-proto';
const build = new URL('../build/handler.js', import.meta.url).href;
const { handler } = await import(build);
const server = createServer((request, response) => {
  request.headers['x-huigao-proto'] = 'http';
  handler(request, response);
});
server.listen(config.port, config.host, () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.port;
  process.stdout.write(`会稿 http://localhost:${port}\n`);
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close();
    server.closeAllConnections();
    void app.close().then(() => process.exit(0));
  });
}
