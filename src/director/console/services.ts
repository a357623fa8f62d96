// director services: every virtual service with its real servers, their state and why.

import { destinationId, serviceId } from '../ipvs/table.ts';
import type { CheckerStatus, RealServerStatus, ServiceStatus } from '../protocol.ts';
import { ask } from './ask.ts';
import { type Command, DONE } from './command.ts';
import { duration, table } from './table.ts';

export const services: Command = {
  name: 'services',
  usage: '',
  summary: 'shows the virtual services and their real servers',
  operands: { least: 0, most: 0 },
  async run(platform, invocation) {
    const answer = (await ask(platform, invocation, 'services')) as CheckerStatus;
    platform.print(
      invocation.json ? `${JSON.stringify({ version: 1, ...answer })}\n` : describeServices(answer),
    );
    return DONE;
  },
};

const HEAD = ['SERVICE / REAL SERVER', 'KIND', 'WEIGHT', 'ACTIVE', 'INACTIVE', 'STATE', 'SINCE', 'REASON'];

/** The table. */
export function describeServices({ services: all, trouble }: CheckerStatus): string {
  const note = trouble === null ? '' : `TROUBLE\n  ${trouble}\n`;
  if (all.length === 0) return `no virtual service is configured\n${note}`;
  return `${table([HEAD, ...all.flatMap(serviceRows)])}${note}`;
}

function serviceRows({ key, scheduler, realServers }: ServiceStatus): string[][] {
  return [[serviceId(key), scheduler], ...realServers.map(serverRow)];
}

function serverRow(server: RealServerStatus): string[] {
  const count = (value: number | null) => (value === null ? '-' : String(value));
  return [
    `  ${destinationId(server)}`,
    server.forwarding,
    String(server.weight),
    count(server.activeConnections),
    count(server.inactiveConnections),
    server.state,
    duration(server.since),
    server.reason,
  ];
}
