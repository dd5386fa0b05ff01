/**
 * One WebSocket that comes back by itself.
 * @module socket
 */

const FIRST_WAIT = 400;
const LONGEST_WAIT = 8000;

/**
 * Opens the live channel of a person and keeps it open.
 * @param {string} person
 * @param {{onOpen: () => void, onEvent: (event: object) => void, onLost: () => void}} handlers
 * @returns {() => void} closes it for good
 */
export function openSocket(person, handlers) {
  let closed = false;
  let wait = FIRST_WAIT;
  let timer = 0;
  let socket;

  const connect = () => {
    socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/chat/ws?as=${encodeURIComponent(person)}`);
    socket.onopen = () => {
      wait = FIRST_WAIT;
      handlers.onOpen();
    };
    socket.onmessage = (frame) => handlers.onEvent(JSON.parse(frame.data));
    socket.onclose = () => {
      if (closed) return;
      handlers.onLost();
      // Half of the wait is random, so that many tabs do not return in the same instant.
      timer = setTimeout(connect, wait / 2 + (Math.random() * wait) / 2);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    };
  };
  connect();

  return () => {
    closed = true;
    clearTimeout(timer);
    socket.close();
  };
}
