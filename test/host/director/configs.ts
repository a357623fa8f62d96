// Configurations for a director in the place that director.ts makes.

export const INTERFACE = `
interface va {
  address 10.9.0.1/24
}
`;

export const INSTANCE = `
vrrp_instance web {
  state MASTER
  interface va
  virtual_router_id 51
  priority 150
  version 3
  advert_int 0.1
  virtual_ipaddress {
    10.9.0.100/24
  }
}
`;

/** A service with real servers given as \`ADDRESS CHECK\`. */
export function service(...servers: readonly { address: string; port?: number; check: string }[]): string {
  const blocks = servers.map(
    ({ address, port = 80, check }) => `
  real_server ${address} ${port} {
    weight 1
    ${check}
  }`,
  );
  return `
virtual_server 10.9.0.100 80 {
  delay_loop 1
  lb_algo rr
  lb_kind NAT
  protocol TCP${blocks.join('')}
}
`;
}

const TIMING = 'connect_timeout 3 retry 0 delay_before_retry 1'.replaceAll(/ (retry|delay)/g, '\n      $1');

export const TCP_CHECK = `TCP_CHECK {
      ${TIMING}
    }`;

export function httpGet(path: string, status: string): string {
  return `HTTP_GET {
      url {
        path ${path}
        status_code ${status}
      }
      ${TIMING}
    }`;
}
