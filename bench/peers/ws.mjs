// The peer of S1 on npm `ws`: one room, each send encoded once and given to every socket.
// It checks no token and keeps nothing.

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { listen, messageFrom } from './chat.mjs';

const text = { binary: false, compress: false };
const server = createServer();
const sockets = new Set();

function take(socket, request) {
  if (request.type === 'thread:join') {
    sockets.add(socket);
    socket.send(JSON.stringify({ type: 'thread:joined', threadId: request.threadId }));
    return;
  }
  const message = messageFrom(request, socket.userId);
  socket.send(JSON.stringify({ type: 'message:sent', message }));
  const { threadId, rev } = message;
  const bytes = Buffer.from(JSON.stringify({ type: 'message:new', threadId, rev, message }));
  for (const reader of sockets) reader.send(bytes, text);
}

new WebSocketServer({ server, path: '/ws', perMessageDeflate: false }).on('connection', (socket) => {
  socket.userId = randomUUID();
  socket.on('message', (bytes) => take(socket, JSON.parse(bytes)));
  socket.on('close', () => sockets.delete(socket));
  socket.send(JSON.stringify({ type: 'connected' }));
});

listen(server);
