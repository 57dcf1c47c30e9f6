/** The floor: passes every message on to everyone else of the same path. No document, no storage, no rights. */
import { createServer } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';
import { announce, endOnTerm } from './announce.ts';

const rooms = new Map<string, Set<WebSocket>>();
const http = createServer();
const server = new WebSocketServer({ server: http, perMessageDeflate: false });
server.on('connection', (ws, { url = '' }) => {
  const room = rooms.get(url) ?? new Set();
  rooms.set(url, room.add(ws));
  ws.on('message', (data: Buffer) => {
    for (const other of room) if (other !== ws) other.send(data);
  });
  ws.on('close', () => room.delete(ws));
});
http.listen(0, '127.0.0.1', () => announce(http.address()));
endOnTerm();
