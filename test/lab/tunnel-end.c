// The end of the tunnels of IPVS at a real server, for machines whose kernel has none: takes IP in IP, GRE and GUE out of the packets
// that come for this network namespace and hands what is inside to it, through a tun device. Prints a line for each kind of tunnel
// when the first packet comes out of it: `gre over IPv4 with checksum: IPv4`.
//
//   tunnel-end GUE_PORT
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define GUE (-1)
#ifndef UDP_NO_CHECK6_RX
#define UDP_NO_CHECK6_RX 102
#endif

static int device;

static void check(int result, const char *what) {
  if (result >= 0) return;
  perror(what);
  exit(1);
}

static uint16_t checksum(const uint8_t *data, size_t length) {
  uint32_t sum = 0;
  for (size_t at = 0; at < length; at++) sum += at % 2 ? data[at] : data[at] << 8;
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum;
}

static void tell(const char *text) {
  static char told[16][80];
  for (int at = 0; at < 16; at++) {
    if (told[at][0] == 0) {
      strcpy(told[at], text);
      puts(text);
      return;
    }
    if (strcmp(told[at], text) == 0) return;
  }
}

static void deliver(const char *kind, int outer, bool summed, const uint8_t *packet, size_t length) {
  char text[80];
  int inner = length > 0 ? packet[0] >> 4 : 0;
  if (inner != 4 && inner != 6) return;
  snprintf(text, sizeof text, "%s over IPv%d%s: IPv%d", kind, outer, summed ? " with checksum" : "", inner);
  tell(text);
  check(write(device, packet, length), "write to the tun device");
}

// RFC 2784: flags and protocol, then the checksum over header and packet where the first flag says so.
static void take_gre(int outer, const uint8_t *data, size_t length) {
  if (length < 4) return;
  bool summed = data[0] & 0x80;
  size_t header = summed ? 8 : 4;
  if ((data[0] & 0x7f) || length < header || (summed && checksum(data, length) != 0)) {
    tell("a wrong gre header");
    return;
  }
  deliver("gre", outer, summed, data + header, length - header);
}

// draft-ietf-intarea-gue, variant 0: length of the optional fields in words, inner protocol, flags. The kernel has looked at UDP's checksum.
static void take_gue(int outer, const uint8_t *data, size_t length) {
  if (length < 4) return;
  size_t header = 4 + 4 * (size_t)(data[0] & 0x1f);
  if ((data[0] & 0xe0) || length < header || header != 4) {
    tell("a gue header with options");
    return;
  }
  deliver("gue", outer, false, data + header, length - header);
}

static void take(int family, int protocol, const uint8_t *data, size_t length) {
  int outer = family == AF_INET ? 4 : 6;
  // A raw socket of IPv4 gives the outer header too.
  if (family == AF_INET && protocol != GUE) {
    size_t header = 4 * (size_t)(data[0] & 0x0f);
    if (length < header) return;
    data += header;
    length -= header;
  }
  if (protocol == GUE) take_gue(outer, data, length);
  else if (protocol == IPPROTO_GRE) take_gre(outer, data, length);
  else deliver("ipip", outer, false, data, length);
}

static int open_device(void) {
  struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
  int tun = open("/dev/net/tun", O_RDWR);
  check(tun, "/dev/net/tun");
  check(ioctl(tun, TUNSETIFF, &request), "TUNSETIFF");
  int any = socket(AF_INET, SOCK_DGRAM, 0);
  request.ifr_flags = IFF_UP;
  check(ioctl(any, SIOCSIFFLAGS, &request), "SIOCSIFFLAGS");
  close(any);
  return tun;
}

static int open_gue(int family, uint16_t port) {
  int on = 1;
  int udp = socket(family, SOCK_DGRAM, 0);
  check(udp, "socket");
  struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(port)};
  struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
  if (family == AF_INET) {
    check(bind(udp, (struct sockaddr *)&four, sizeof four), "bind");
  } else {
    check(setsockopt(udp, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on), "IPV6_V6ONLY");
    check(setsockopt(udp, IPPROTO_UDP, UDP_NO_CHECK6_RX, &on, sizeof on), "UDP_NO_CHECK6_RX");
    check(bind(udp, (struct sockaddr *)&six, sizeof six), "bind");
  }
  return udp;
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  static const int families[] = {AF_INET, AF_INET6};
  static const int protocols[] = {IPPROTO_IPIP, IPPROTO_IPV6, IPPROTO_GRE, GUE};
  struct pollfd sockets[8];
  setlinebuf(stdout);
  device = open_device();
  for (int at = 0; at < 8; at++) {
    int family = families[at / 4], protocol = protocols[at % 4];
    int fd = protocol == GUE ? open_gue(family, atoi(argv[1])) : socket(family, SOCK_RAW, protocol);
    check(fd, "socket");
    sockets[at] = (struct pollfd){.fd = fd, .events = POLLIN};
  }
  puts("ready");
  for (;;) {
    check(poll(sockets, 8, -1), "poll");
    for (int at = 0; at < 8; at++) {
      static uint8_t packet[65536];
      if (!(sockets[at].revents & POLLIN)) continue;
      ssize_t length = recv(sockets[at].fd, packet, sizeof packet, MSG_DONTWAIT);
      if (length > 0) take(families[at / 4], protocols[at % 4], packet, length);
    }
  }
}
