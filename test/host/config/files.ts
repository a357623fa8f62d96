// Configurations as they are in use, for interfaces kc0 to kc3: keepalived takes all of them.

/** Two gateways in one group, version 2 with passwords, everything tracked. */
const GATEWAYS = `
global_defs {
  router_id lb1
  enable_script_security
  script_user root
  notification_email {
    admin@example.org
    root
  }
  notification_email_from lb1@example.org
  smtp_server 127.0.0.1 2525
  smtp_connect_timeout 5
  smtp_alert_vrrp
  vrrp_garp_master_refresh 60
  vrrp_garp_interval 0.001
  vrrp_startup_delay 1.5
  vrrp_notify_fifo /tmp/vrrp.fifo
  lvs_sync_daemon kc1 OUT id 7 maxlen 1400
}

interface_up_down_delays {
  kc2 0.5 1
}

garp_group {
  garp_interval 0.01
  interface kc1
}

track_file load {
  file /tmp/load
  weight -1
}

vrrp_track_process sleepers {
  process sleep
  weight 5
  quorum 2
  delay 0.5
}

vrrp_script chk {
  script "/bin/true --quiet"
  interval 2
  timeout 1
  rise 2
  fall 3
  init_fail
}

vrrp_sync_group BOTH {
  group {
    OUT
    IN
  }
  track_script {
    chk
  }
  sync_group_tracking_weight
  notify "/bin/true group"
  smtp_alert
}

vrrp_instance OUT {
  state BACKUP
  interface kc0
  virtual_router_id 51
  priority 150
  advert_int 1
  authentication {
    auth_type PASS
    auth_pass 1234abcd
  }
  virtual_ipaddress {
    10.9.0.1/24 brd + scope global label kc0:out
    10.9.0.2
    10.9.3.1/24 dev kc2 no_track
  }
  virtual_ipaddress_excluded {
    10.9.0.3/32
    2001:db8::3/64
  }
  virtual_routes {
    src 10.9.0.1 to 10.10.0.0/16 via 10.9.0.254 dev kc0 metric 10
    blackhole 10.11.0.0/16 no_track
    10.12.0.0/16 no_track nexthop via 10.9.0.253 dev kc0 weight 1 nexthop via 10.9.0.254 dev kc0 weight 2
    default via 10.9.0.254 dev kc0 table 100
  }
  virtual_rules {
    from 10.9.0.0/24 table 100 preference 1000
    to 10.12.0.0/16 iif kc0 fwmark 16/255 blackhole preference 1001
  }
  track_interface {
    kc2 weight 10
  }
  track_file {
    load
  }
  track_process {
    sleepers weight 3
  }
  nopreempt
  garp_master_delay 2
  garp_master_repeat 3
  garp_lower_prio_delay 3
  garp_lower_prio_repeat 2
  notify_master "/bin/true master"
  notify_backup "/bin/true backup" root
  notify_fault /bin/true
  notify_stop "/bin/true stop"
}

vrrp_instance IN {
  state BACKUP
  interface kc1
  virtual_router_id 52
  priority 150
  advert_int 2
  mcast_src_ip 10.8.0.11
  virtual_ipaddress {
    10.8.0.1/24
  }
  promote_secondaries
  dont_track_primary
}
`;

/** Peers by unicast, version 3 at a tenth of a second, with virtual MACs. */
const PEERS = `
global_defs {
  vrrp_version 3
  vrrp_garp_lower_prio_repeat 1
  vrrp_mcast_group4 224.0.0.18
  vrrp_lower_prio_no_advert
  vrrp_higher_prio_send_advert
}

static_ipaddress {
  10.9.0.11/24 dev kc0
}

static_routes {
  10.20.0.0/16 via 10.9.0.254 dev kc0
}

linkbeat_interfaces {
  kc2
}

vrrp_instance UNI {
  interface kc0
  virtual_router_id 61
  priority 200
  advert_int 0.1
  unicast_src_ip 10.9.0.11
  unicast_peer {
    10.9.0.12
    10.9.0.13 min_ttl 254 max_ttl 255
  }
  unicast_ttl 255
  check_unicast_src
  track_src_ip
  virtual_ipaddress {
    10.9.0.1/24
  }
  preempt_delay 30
  down_timer_adverts 4
}

vrrp_instance MAC {
  interface kc1
  use_vmac vrrp.62
  vmac_xmit_base
  virtual_router_id 62
  priority 100
  advert_int 0.02
  no_accept
  virtual_ipaddress {
    10.8.0.1/24
  }
}
`;

/** IPv6. */
const SIX = `
vrrp_instance SIX {
  interface kc0
  native_ipv6
  version 3
  virtual_router_id 71
  priority 120
  advert_int 0.5
  virtual_ipaddress {
    fe80::71/64
    2001:db8::1/64
  }
  virtual_ipaddress_excluded {
    10.9.0.1/24
  }
  virtual_routes {
    2001:db8:1::/48 via 2001:db8::fe dev kc0
  }
}

vrrp_instance SIX_UNI {
  interface kc1
  version 3
  virtual_router_id 71
  unicast_src_ip fe80::11
  unicast_peer {
    fe80::12
  }
  virtual_ipaddress {
    fe80::72/64
    2001:db8:2::1/64
  }
}
`;

export const FILES: Readonly<Record<string, string>> = { GATEWAYS, PEERS, SIX };
