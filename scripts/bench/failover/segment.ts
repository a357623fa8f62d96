// One Ethernet segment with two routers and somebody who asks for the address that they share: namespaces on a bridge.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { addNamespace, inNamespace } from '../../lab/namespace.ts';
import { mortal } from '../../lab/process.ts';

/** A namespace of its own with the interface `port` on the segment. */
export interface Node {
  /** Of the namespace, and of the bridge's port to it. */
  readonly name: string;
  readonly address: string;
  readonly mac: string;
}

export const VIP = '192.0.2.100';
/** The one whose priority is higher. */
export const master: Node = { name: 'first', address: '192.0.2.1', mac: '02:00:5e:00:00:01' };
export const backup: Node = { name: 'second', address: '192.0.2.2', mac: '02:00:5e:00:00:02' };
export const client: Node = { name: 'client', address: '192.0.2.3', mac: '02:00:5e:00:00:03' };

export interface Segment {
  /** Pulls the cable between a node and the bridge, or plugs it in, without waiting for a process to start. */
  setCable(node: Node, plugged: boolean): void;
  /** Takes off what killed routers have left. */
  clean(): void;
  remove(): void;
}

function ip(...words: string[]): void {
  execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Lays the cables anew. */
export function createSegment(): Segment {
  addNamespace('hub');
  ip('-n', 'hub', 'link', 'add', 'bridge', 'type', 'bridge', 'mcast_snooping', '0');
  ip('-n', 'hub', 'link', 'set', 'bridge', 'up');
  for (const { name, address, mac } of [master, backup, client]) {
    addNamespace(name);
    ip('-n', 'hub', 'link', 'add', name, 'type', 'veth', 'peer', 'name', 'port', 'netns', name);
    ip('-n', 'hub', 'link', 'set', name, 'master', 'bridge', 'up');
    ip('-n', name, 'link', 'set', 'port', 'address', mac);
    ip('-n', name, 'address', 'add', `${address}/24`, 'dev', 'port');
    ip('-n', name, 'link', 'set', 'port', 'up');
  }
  // What the client has learnt is changed by announcements only, not by a check of its own that happens to be due.
  const keep = 'echo 600000 > /proc/sys/net/ipv4/neigh/port/base_reachable_time_ms';
  const [program, ...args] = inNamespace(client.name, ['sh', '-c', keep]);
  execFileSync(program, args);
  const cables = startCables();
  return {
    setCable: (node, plugged) =>
      void cables.stdin?.write(`link set ${node.name} ${plugged ? 'up' : 'down'}\n`),
    clean() {
      for (const { name } of [master, backup]) ip('-n', name, 'address', 'flush', 'dev', 'port', 'to', VIP);
      ip('-n', client.name, 'neighbour', 'flush', 'dev', 'port');
    },
    remove: () => void cables.kill('SIGKILL'),
  };
}

/** An ip(8) that waits for commands. */
function startCables(): ChildProcess {
  const [program, ...args] = mortal(['ip', '-n', 'hub', '-force', '-batch', '-']);
  return spawn(program, args, { stdio: ['pipe', 'ignore', 'inherit'] });
}
