import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

/**
 * Hands a TLS connection over in such a way that an alert which ends it is heard. In TLS 1.3 a receiver refuses a client
 * certificate, or the lack of one, only after the handshake; Node then tells of the end of the connection before it tells of the alert,
 * in one call of OpenSSL's, and whoever ends the socket at its `end` never learns why. So an `end` before the first byte waits
 * until that call is over.
 */
export function hearingAlerts(callback: buildConnector.Callback): buildConnector.Callback {
  return (...[error, socket]) => {
    if (error) return callback(error, null);
    delayEarlyEnd(socket);
    callback(null, socket);
  };
}

function delayEarlyEnd(socket: Socket): void {
  const emit: (event: string | symbol, ...args: unknown[]) => boolean = socket.emit.bind(socket);
  socket.emit = (event: string | symbol, ...args: unknown[]) => {
    if (event !== 'end' || socket.bytesRead > 0) return emit(event, ...args);
    setImmediate(() => emit('end'));
    return true;
  };
}
