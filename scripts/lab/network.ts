// The cables: bridges and taps in the namespace `switch`, a namespace with veth pairs for each server and client.
import { accessSync, constants } from 'node:fs';
import { addNamespace, inNamespace } from './namespace.ts';
import { client, directors, segments, tapName, vip, webs } from './plan.ts';
import { run } from './process.ts';

/** Runs a shell script in a named namespace; it ends at the first command that fails. */
function script(namespace: string, text: string): Promise<string> {
  return run(inNamespace(namespace, ['sh', '-ec', text]));
}

async function plug(
  host: string,
  segment: 'outside' | 'inside',
  address: string,
  six: string,
): Promise<void> {
  const port = `${host}-${segment}`;
  await script(
    'switch',
    `ip link add ${port} type veth peer name ${segment} netns ${host}
     ip link set ${port} master ${segment} up`,
  );
  await script(
    host,
    `ip address add ${address}/24 dev ${segment}
     ip address add ${six}/64 dev ${segment} nodad
     ip link set ${segment} up`,
  );
}

/** Throws when this machine's /dev/net/tun is missing or closed to us. */
export function checkTap(): void {
  try {
    accessSync('/dev/net/tun', constants.R_OK | constants.W_OK);
  } catch {
    throw new Error(
      'cannot open /dev/net/tun, which joins the boards to the network: run this as root (sudo)',
    );
  }
}

/** Removes what an earlier lab in the same private namespaces left, and lays all cables anew. */
export async function buildNetwork(): Promise<void> {
  checkTap();
  const hosts = [client.name, ...webs.map(web => web.name)];
  for (const name of ['switch', ...hosts]) addNamespace(name);
  for (const segment of segments) {
    await script('switch', `ip link add ${segment} type bridge; ip link set ${segment} up`);
    for (const director of directors) {
      const tap = tapName(director.name, segment);
      await script('switch', `ip tuntap add ${tap} mode tap; ip link set ${tap} master ${segment} up`);
    }
  }
  await plug(client.name, 'outside', client.outside, client.six);
  for (const web of webs) {
    await plug(web.name, 'outside', web.outside, web.six.outside);
    await plug(web.name, 'inside', web.inside, web.six.inside);
    // The VIPs on lo must not be answered for by ARP. What comes from the inside address goes back through the director, as if
    // this machine had no other leg: without that rule it would answer the client directly, past the director's NAT. In IPv6 an
    // address on lo is answered for on lo only.
    await script(
      web.name,
      `cd /proc/sys/net/ipv4/conf
       for interface in all default outside inside; do echo 0 > $interface/rp_filter; done
       echo 1 > all/arp_ignore
       echo 2 > all/arp_announce
       ip address add ${vip.direct}/32 dev lo
       ip route add default via ${vip.gateway} table 100
       ip rule add from ${web.inside} lookup 100
       ip address add ${vip.six.direct}/128 dev lo
       ip -6 route add default via ${vip.six.gateway} table 100
       ip -6 rule add from ${web.six.inside} lookup 100`,
    );
  }
}
