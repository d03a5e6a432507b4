// The peer of S1 on npm `socket.io`: a room as its documentation shows it, answers by acknowledgement.
// It checks no token and keeps nothing.

import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { listen, messageFrom } from './chat.mjs';

const server = createServer();
const io = new Server(server, { transports: ['websocket'], serveClient: false });

io.on('connection', (socket) => {
  socket.on('thread:join', ({ threadId }, answer) => {
    socket.join(threadId);
    answer({ threadId });
  });
  socket.on('message:send', (request, answer) => {
    const message = messageFrom(request, socket.id);
    answer({ message });
    const { threadId, rev } = message;
    io.to(request.threadId).emit('message:new', { threadId, rev, message });
  });
});

listen(server);
