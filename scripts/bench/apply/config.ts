// Many services with many servers: as a configuration, as rules for ipvsadm, and as a table.
import type { IpvsTable } from '../../../src/director/ipvs/table.ts';
import { tableOf } from '../../../src/director/ipvs/table.ts';

export interface Size {
  readonly services: number;
  /** Of each service. */
  readonly servers: number;
}

const VIP = '192.0.2.101';
const SCHEDULER = 'wlc';

function* serviceNumbers({ services }: Size): Iterable<number> {
  for (let number = 0; number < services; number++) yield number;
}

const servicePort = (service: number) => 1024 + service;

function serverAddresses({ servers }: Size, service: number): string[] {
  return Array.from({ length: servers }, (_, server) => {
    const number = service * servers + server;
    return `10.1.${number >> 8}.${number & 0xff}`;
  });
}

/** 14 lines for each server. */
export function configuration(size: Size): string {
  const lines = ['global_defs {', '  router_id bench', '}'];
  for (const service of serviceNumbers(size)) {
    lines.push('', `virtual_server ${VIP} ${servicePort(service)} {`);
    lines.push('  delay_loop 6', `  lb_algo ${SCHEDULER}`, '  lb_kind NAT', '  protocol TCP');
    for (const address of serverAddresses(size, service)) lines.push(...realServer(address));
    lines.push('}');
  }
  return `${lines.join('\n')}\n`;
}

function realServer(address: string): string[] {
  return `  real_server ${address} 80 {
    weight 1
    HTTP_GET {
      url {
        path /health
        status_code 200
      }
      connect_timeout 3
      retry 1
      delay_before_retry 1
      warmup 1
    }
  }`.split('\n');
}

/** What `ipvsadm -R` reads. */
export function rules(size: Size): string {
  const lines: string[] = [];
  for (const service of serviceNumbers(size)) {
    const key = `-t ${VIP}:${servicePort(service)}`;
    lines.push(`-A ${key} -s ${SCHEDULER}`);
    for (const address of serverAddresses(size, service)) lines.push(`-a ${key} -r ${address}:80 -m -w 1`);
  }
  return `${lines.join('\n')}\n`;
}

/** The same as the director wants it. */
export function table(size: Size): IpvsTable {
  return tableOf(
    [...serviceNumbers(size)].map(service => ({
      service: {
        key: { kind: 'address', protocol: 'TCP', address: VIP, port: servicePort(service) },
        scheduler: SCHEDULER,
        flags: 0,
        persistence: null,
      },
      destinations: serverAddresses(size, service).map(address => ({
        address,
        port: 80,
        forwarding: 'NAT',
        weight: 1,
        upperThreshold: 0,
        lowerThreshold: 0,
        tunnel: null,
      })),
    })),
  );
}
