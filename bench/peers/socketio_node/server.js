// Sends the same batches of rows to a room with Node's socket.io, as fast as it can.

import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { Server } from 'socket.io';

const rows = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const http = createServer();
const io = new Server(http, { transports: ['websocket'], pingInterval: 600_000, pingTimeout: 600_000 });
let to = 0;

async function send(batches) {
  for (let batch = 0; batch < batches; batch += 1) {
    to += rows.length;
    // Each row is a new one in the field, so each batch is encoded anew.
    const message = { room: 'r1', stream: 'commands', to, delay: 0.01, rows: rows.map((row, at) => ({ ...row, id: to - rows.length + at + 1 })) };
    io.to('r1').emit('rows', message);
    await new Promise(setImmediate);
  }
}

io.on('connection', (socket) => {
  socket.join('r1');
  socket.on('go', send);
  socket.emit('ready');
});
http.listen(0, '127.0.0.1', () => console.log(http.address().port));
