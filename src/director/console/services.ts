// director services: every virtual service with its real servers, their state and why; of many, what is wrong.
import { isService } from '../control/naming.ts';
import type { Selection } from '../control/selection.ts';
import { destinationId, serviceId } from '../ipvs/table.ts';
import type { CheckerStatus, RealServerStatus, ServiceStatus } from '../protocol.ts';
import { ask } from './ask.ts';
import { type Command, DONE } from './command.ts';
import { duration, table } from './table.ts';

/** As many real servers are shown one by one; of more there is an overview. */
const FEW = 100;
/** Rows of what is wrong that an overview has. */
const ROWS = 40;

export const services: Command = {
  name: 'services',
  usage: '[SERVICE|SERVER|all]',
  summary: 'shows the virtual services and their real servers; of many of them, what is wrong',
  operands: { least: 0, most: 1 },
  async run(platform, invocation) {
    const [name] = invocation.operands;
    const selection: Selection | null = name === undefined || name === 'all' ? null : { name };
    const answer = (await ask(platform, invocation, 'services', selection)) as CheckerStatus;
    const isWhole = name !== undefined || countServers(answer) <= FEW;
    // Of the services of one real server only that server was asked for.
    const isPart =
      name !== undefined && name !== 'all' && !answer.services.some(each => isCalled(each, name));
    const text = isWhole ? describeServices(answer, isPart) : describeOverview(answer);
    platform.print(invocation.json ? `${JSON.stringify({ version: 1, ...answer })}\n` : text);
    return DONE;
  },
};

const HEAD = ['SERVICE / REAL SERVER', 'KIND', 'WEIGHT', 'ACTIVE', 'INACTIVE', 'STATE', 'SINCE', 'REASON'];

/** The table of all. `isPart`: services stand in it with some of their real servers. */
export function describeServices({ services: all, trouble }: CheckerStatus, isPart = false): string {
  if (all.length === 0) return `no virtual service is configured\n${noteOf(trouble)}`;
  return `${table([HEAD, ...all.flatMap(service => serviceRows(service, isPart))])}${noteOf(trouble)}`;
}

/** How many there are, and those that are not as they should be: services without their quorum first. */
export function describeOverview({ services: all, trouble }: CheckerStatus): string {
  const servers = all.flatMap(service => service.realServers);
  const wrong = all.filter(service => wrongRows(service).length > 0);
  const rows = [...wrong].sort((a, b) => Number(isServed(a)) - Number(isServed(b))).flatMap(wrongRows);
  const shown = rows.slice(0, ROWS);
  const more = rows.length > ROWS ? `and ${rows.length - ROWS} more rows: director services all\n` : '';
  const head = [
    ['services', `${all.length}, ${all.filter(each => !isServed(each)).length} without quorum`],
    ['real servers', countStates(servers)],
    ['connections', connectionsOf(servers)],
  ];
  const found = rows.length === 0 ? 'nothing is wrong\n' : `${table([HEAD, ...shown])}${more}`;
  return `${table(head)}\n${found}${noteOf(trouble)}\ndirector services SERVICE shows all of one\n`;
}

/** `3 up, 1 down`: every state that there is. */
export function countStates(servers: readonly Pick<RealServerStatus, 'state'>[]): string {
  const counts = new Map<string, number>();
  for (const { state } of servers) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${count} ${state}`).join(', ') || 'none';
}

function countServers({ services: all }: CheckerStatus): number {
  return all.reduce((sum, { realServers }) => sum + realServers.length, 0);
}

function connectionsOf(servers: readonly RealServerStatus[]): string {
  const sum = (key: 'activeConnections' | 'inactiveConnections') =>
    servers.reduce((total, server) => total + (server[key] ?? 0), 0);
  return `${sum('activeConnections')} active, ${sum('inactiveConnections')} inactive`;
}

function noteOf(trouble: string | null): string {
  return trouble === null ? '' : `TROUBLE\n  ${trouble}\n`;
}

function isCalled({ name, key, keys }: ServiceStatus, text: string): boolean {
  return isService({ name: name ?? serviceId(key), keys: keys ?? [key] }, text);
}

function serviceRows(service: ServiceStatus, isPart: boolean): string[][] {
  const { sorryServer, realServers } = service;
  return [
    isPart ? serviceRow(service).slice(0, 2) : serviceRow(service),
    ...realServers.map(server => serverRow(server)),
    ...(sorryServer === undefined || isPart ? [] : [serverRow(sorryServer, 'sorry ')]),
  ];
}

/** Of a service, its row and those of servers that are not up; none when all is well. */
function wrongRows(service: ServiceStatus): string[][] {
  const notUp = service.realServers.filter(({ state }) => state !== 'up');
  if (notUp.length === 0 && isServed(service)) return [];
  return [serviceRow(service), ...notUp.map(server => serverRow(server))];
}

function isServed({ quorum }: ServiceStatus): boolean {
  return quorum?.up !== false;
}

function serviceRow({ key, name, scheduler, quorum, realServers }: ServiceStatus): string[] {
  const title = [name ?? serviceId(key), scheduler];
  if (quorum === undefined) return title;
  const up = realServers.filter(({ state }) => state === 'up').length;
  const state = quorum.up === null ? 'starting' : quorum.up ? 'up' : 'LOST';
  const reason = `${up} of ${realServers.length} up${quorum.needed > 1 ? `, weight ${quorum.weight} of ${quorum.needed} needed` : ''}`;
  return [...title, String(quorum.weight), '', '', state, duration(quorum.since), reason];
}

function serverRow(server: RealServerStatus, role = ''): string[] {
  const count = (value: number | null) => (value === null ? '-' : String(value));
  const { name, weight, configuredWeight } = server;
  return [
    `  ${role}${destinationId(server)}${name === undefined ? '' : ` ${name}`}`,
    server.forwarding,
    configuredWeight === undefined ? String(weight) : `${weight}/${configuredWeight}`,
    count(server.activeConnections),
    count(server.inactiveConnections),
    server.state,
    duration(server.since),
    [server.reason, ...trials(server)].filter(text => text !== '').join('; '),
  ];
}

/** What time will change. */
function trials(server: RealServerStatus): string[] {
  const { penalty, dampedLeft, rampLeft, drainLeft, persistentConnections } = server;
  const isDraining = server.state === 'draining';
  return [
    ...(rampLeft === undefined ? [] : [`full weight in ${duration(rampLeft)}`]),
    ...(penalty === undefined ? [] : [`penalty ${penalty}`]),
    ...(dampedLeft === undefined ? [] : [`serves again in ${duration(dampedLeft)}`]),
    ...(isDraining && persistentConnections ? [`${persistentConnections} of persistent clients`] : []),
    ...(isDraining && drainLeft !== undefined && drainLeft !== null ? [`${duration(drainLeft)} left`] : []),
  ];
}
