/** `@y/websocket-server` as its own `server.js` runs it: documents in memory only. */
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { setupWSConnection } from '@y/websocket-server/utils';
import { announce, endOnTerm } from './announce.ts';

const http = createServer();
const server = new WebSocketServer({ noServer: true });
server.on('connection', (ws, request) => setupWSConnection(ws, request));
http.on('upgrade', (request, socket, head) => {
  server.handleUpgrade(request, socket, head, (ws) => server.emit('connection', ws, request));
});
http.listen(0, '127.0.0.1', () => announce(http.address()));
endOnTerm();
