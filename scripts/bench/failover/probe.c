// probe INTERFACE ADDRESS MICROSECONDS: sends ADDRESS an echo request every so often and reports what comes back. Times are the
// kernel's, of the packet's arrival, in microseconds since 1970. Lines on standard output:
//   advert TIME MAC PRIORITY        a VRRP advertisement over IPv4
//   reply TIME MAC LAST             an echo reply, when another machine than before sent it or some before it were missing;
//                                   LAST is the time of the reply before it, 0 when there was none
// ping(8) would not do: while nothing answers it sends every 10 ms only, and while something answers it never sleeps.
#include <arpa/inet.h>
#include <err.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { VRRP = 112, SECOND = 1000000, MISSED = 5 };

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (long long)time.tv_sec * SECOND + time.tv_nsec / 1000;
}

static int open_capture(const char *interface) {
  int capture = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_IP));
  struct sockaddr_ll where = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP) };
  where.sll_ifindex = (int)if_nametoindex(interface);
  int on = 1;
  if (capture < 0 || bind(capture, (struct sockaddr *)&where, sizeof where) < 0) err(1, "%s", interface);
  if (setsockopt(capture, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) < 0) err(1, "SO_TIMESTAMPNS");
  return capture;
}

static unsigned checksum(const void *data, size_t length) {
  const unsigned char *bytes = data;
  unsigned sum = 0;
  for (size_t at = 0; at < length; at += 2) sum += bytes[at] << 8 | bytes[at + 1];
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return htons(~sum & 0xffff);
}

static void ask(int echo, const struct sockaddr_in *address) {
  static unsigned short sequence;
  struct icmphdr request = { .type = ICMP_ECHO };
  request.un.echo.id = htons(getpid() & 0xffff);
  request.un.echo.sequence = htons(++sequence);
  request.checksum = checksum(&request, sizeof request);
  // Whatever speaks against it now, as an address that nobody answers for: the next one may pass.
  (void)!sendto(echo, &request, sizeof request, MSG_DONTWAIT, (const struct sockaddr *)address, sizeof *address);
}

static long long arrival(struct msghdr *message) {
  for (struct cmsghdr *each = CMSG_FIRSTHDR(message); each; each = CMSG_NXTHDR(message, each)) {
    if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SO_TIMESTAMPNS) continue;
    struct timespec time;
    memcpy(&time, CMSG_DATA(each), sizeof time);
    return (long long)time.tv_sec * SECOND + time.tv_nsec / 1000;
  }
  errx(1, "a packet without a time stamp");
}

static void report(const char *what, long long time, const unsigned char *mac, long long value) {
  printf("%s %lld %02x:%02x:%02x:%02x:%02x:%02x %lld\n", what, time, mac[0], mac[1], mac[2], mac[3], mac[4], mac[5], value);
  fflush(stdout);
}

static void hear(int capture, const struct sockaddr_in *address, long long interval) {
  static unsigned char last_mac[ETH_ALEN];
  static long long last;
  unsigned char packet[256], control[256];
  struct iovec part = { packet, sizeof packet };
  struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control };
  for (;;) {
    message.msg_controllen = sizeof control;
    ssize_t length = recvmsg(capture, &message, MSG_DONTWAIT);
    if (length < 0) return;
    const struct iphdr *ip = (const void *)(packet + ETH_HLEN);
    size_t payload = ETH_HLEN + ip->ihl * 4u;
    if ((size_t)length < payload + sizeof(struct icmphdr)) continue;
    const unsigned char *mac = packet + ETH_ALEN;
    long long time = arrival(&message);
    if (ip->protocol == VRRP) report("advert", time, mac, packet[payload + 2]);
    if (ip->protocol != IPPROTO_ICMP || packet[payload] != ICMP_ECHOREPLY) continue;
    if (ip->saddr != address->sin_addr.s_addr) continue;
    if (memcmp(mac, last_mac, ETH_ALEN) != 0 || time - last > MISSED * interval) report("reply", time, mac, last);
    memcpy(last_mac, mac, ETH_ALEN);
    last = time;
  }
}

int main(int count, char **words) {
  struct sockaddr_in address = { .sin_family = AF_INET };
  if (count != 4 || inet_pton(AF_INET, words[2], &address.sin_addr) != 1) errx(2, "usage: probe INTERFACE ADDRESS MICROSECONDS");
  long long interval = atoll(words[3]);
  int capture = open_capture(words[1]);
  int echo = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
  if (echo < 0) err(1, "raw socket");
  // So that it asks on time on a busy machine; without the permission it does its best.
  sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){ .sched_priority = 1 });
  for (long long next = now();;) {
    long long wait = next - now();
    if (wait <= 0) {
      ask(echo, &address);
      // One that is late is left out: a burst would measure nothing.
      next = now() + interval + (wait > -interval ? wait : 0);
      continue;
    }
    struct timespec time = { .tv_nsec = (long)wait * 1000 };
    if (ppoll(&(struct pollfd){ .fd = capture, .events = POLLIN }, 1, &time, NULL) > 0) hear(capture, &address, interval);
  }
}
