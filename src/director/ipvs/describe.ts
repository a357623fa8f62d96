// A change to the table in words, one line, for plans and logs.
import { TUNNEL_CHECKSUM, TUNNEL_REMOTE_CHECKSUM } from '../../netlink/ipvs/destination.ts';
import { IP_VS_SVC_F_ONEPACKET, IP_VS_SVC_F_SCHED1 } from '../../netlink/ipvs/service.ts';
import type { IpvsChange } from './plan.ts';
import {
  destinationId,
  type IpvsDestination,
  type IpvsService,
  type Persistence,
  serviceId,
  type Tunnel,
} from './table.ts';

/** As `add 10.0.0.11:80 to TCP 10.0.0.80:80: DR, weight 1`. */
export function describe(change: IpvsChange): string {
  switch (change.kind) {
    case 'add service':
      return `add ${serviceId(change.service.key)}: ${serviceWords(change.service)}`;
    case 'set service':
      return `change ${serviceId(change.service.key)}: ${serviceWords(change.before)} becomes ${serviceWords(change.service)}`;
    case 'delete service':
      return `delete ${serviceId(change.service.key)}`;
    case 'add destination':
      return `add ${destinationId(change.destination)} to ${serviceId(change.key)}: ${destinationWords(change.destination)}`;
    case 'set destination':
      return `change ${destinationId(change.destination)} of ${serviceId(change.key)}: ${difference(change.before, change.destination)}`;
    case 'delete destination':
      return `delete ${destinationId(change.destination)} of ${serviceId(change.key)}`;
  }
}

function difference(before: IpvsDestination, after: IpvsDestination): string {
  const { weight } = after;
  const onlyWeight = destinationWords({ ...before, weight }) === destinationWords(after);
  if (onlyWeight) return `weight ${before.weight} becomes ${weight}`;
  return `${destinationWords(before)} becomes ${destinationWords(after)}`;
}

function serviceWords({ scheduler, flags, persistence }: IpvsService): string {
  const words = [scheduler];
  words.push(...flagWords(flags));
  if (persistence) words.push(persistenceWords(persistence));
  return words.join(', ');
}

/** As the configuration writes them. */
function flagWords(flags: number): string[] {
  const words = [1, 2, 3].filter(n => flags & (IP_VS_SVC_F_SCHED1 << (n - 1))).map(n => `flag-${n}`);
  return flags & IP_VS_SVC_F_ONEPACKET ? [...words, 'ops'] : words;
}

function persistenceWords({ timeout, granularity, engine }: Persistence): string {
  const by = granularity === 32 || granularity === 128 ? '' : ` by /${granularity}`;
  return `persistent for ${timeout} s${by}${engine === null ? '' : ` with ${engine}`}`;
}

function destinationWords(destination: IpvsDestination): string {
  const { forwarding, weight, upperThreshold, lowerThreshold, tunnel } = destination;
  const words = [`${forwarding}${tunnel ? tunnelWords(tunnel) : ''}`, `weight ${weight}`];
  if (upperThreshold || lowerThreshold) words.push(`thresholds ${lowerThreshold}..${upperThreshold}`);
  return words.join(', ');
}

function tunnelWords({ type, port, flags }: Tunnel): string {
  if (type === 'ipip') return '';
  const checksum =
    flags & TUNNEL_CHECKSUM ? ' with checksum' : flags & TUNNEL_REMOTE_CHECKSUM ? ' with remcsum' : '';
  return ` over ${type}${port ? ` to port ${port}` : ''}${checksum}`;
}
