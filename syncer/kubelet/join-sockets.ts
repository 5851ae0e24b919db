import type { Duplex } from 'node:stream';

/** How two joined sockets end. */
export interface JoinOptions {
  /**
   * Milliseconds that one side may stay open, without a byte, after the other has ended. Every protocol that we carry
   * ends its streams inside the connection, so this only catches peers that never close. @default 30000
   */
  readonly lingerMs?: number;
}

/**
 * Passes bytes both ways until both sides are closed, and resolves then. Each side takes only as fast as the other
 * gives way. When a side ends, what it sent before is still delivered, and then the other side is ended; the opposite
 * direction stays open meanwhile. There is no idle timeout while both sides are open.
 */
export async function joinSockets(left: Duplex, right: Duplex, options: JoinOptions = {}): Promise<void> {
  const { lingerMs = 30_000 } = options;
  const ends = [closed(left), closed(right)];
  relay(left, right, lingerMs);
  relay(right, left, lingerMs);
  await Promise.all(ends);
}

function relay(from: Duplex, to: Duplex, lingerMs: number): void {
  // After an error a socket closes, and that is what the other side is told.
  from.on('error', () => {});
  if (from.destroyed) {
    letGo(to, lingerMs);
    return;
  }
  from.pipe(to);
  from.once('end', () => lingerWithoutTraffic(from, to, lingerMs));
  from.once('close', () => letGo(to, lingerMs));
}

/** `from` has ended: gives up on `to` if it neither says anything nor ends. */
function lingerWithoutTraffic(from: Duplex, to: Duplex, lingerMs: number): void {
  if (to.destroyed) return;
  const timer = setTimeout(() => {
    to.destroy();
    from.destroy();
  }, lingerMs);
  to.on('data', () => timer.refresh());
  to.once('close', () => clearTimeout(timer));
}

/** The other side is gone for good: delivers what is still to be written, and takes in what nobody will read. */
function letGo(socket: Duplex, lingerMs: number): void {
  if (socket.destroyed) return;
  socket.unpipe();
  // Closing with unread bytes would reset the connection, and the peer could lose what it has not read yet.
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => clearTimeout(timer));
  socket.end();
}

function closed(socket: Duplex): Promise<void> {
  if (socket.closed) return Promise.resolve();
  return new Promise((resolve) => socket.once('close', () => resolve()));
}
