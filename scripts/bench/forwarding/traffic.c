// traffic COUNTS IN OUT SOURCE-MAC TARGET-MAC FROM TO PORTS SIZE FLOWS RATE MILLISECONDS: sends UDP frames of SIZE bytes (with the checksum
// of Ethernet) into the board's port IN and takes those that leave it by port OUT, then prints what that was and what it cost.
//
// IN and OUT are paths of the sockets of QEMU's dgram netdev, without `.board` (QEMU's own) and `.lab` (ours). PORTS is `to:N` for requests to
// port N from FLOWS source ports, or `from:N` for answers of port N to FLOWS ports. RATE is in packets per second, 0: as many as the board
// takes, -1: none. MILLISECONDS 0: one packet of each flow, and nothing is measured. What leaves counts when it goes to SOURCE-MAC, which is the lab's on either side.
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <netinet/if_ether.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { FIRST_PORT = 2000, BATCH = 32, SECOND = 1000000000, MILLISECOND = 1000000 };

static struct {
  struct ether_header ethernet;
  struct iphdr ip;
  struct udphdr udp;
  char payload[1500];
} __attribute__((packed)) frame;

static const volatile uint64_t *instructions;
static int in, out;
static size_t length;
static uint32_t flows, turn;
static bool answers;
static uint8_t lab_mac[ETH_ALEN];
static uint64_t sent, received;

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * SECOND + time.tv_nsec;
}

static int plug(const char *path) {
  struct sockaddr_un ours = { .sun_family = AF_UNIX }, board = { .sun_family = AF_UNIX };
  snprintf(ours.sun_path, sizeof ours.sun_path, "%s.lab", path);
  snprintf(board.sun_path, sizeof board.sun_path, "%s.board", path);
  unlink(ours.sun_path);
  int port = socket(AF_UNIX, SOCK_DGRAM, 0);
  if (port < 0 || bind(port, (struct sockaddr *)&ours, sizeof ours) != 0) err(1, "%s", ours.sun_path);
  // Connected, poll tells when the board takes more.
  if (connect(port, (struct sockaddr *)&board, sizeof board) != 0) err(1, "%s", board.sun_path);
  return port;
}

static void parse_mac(const char *text, uint8_t *mac) {
  if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", mac, mac + 1, mac + 2, mac + 3, mac + 4, mac + 5) != ETH_ALEN) errx(2, "%s: no MAC", text);
}

static uint16_t ip_checksum(void) {
  uint32_t sum = 0;
  const uint8_t *bytes = (const uint8_t *)&frame.ip;
  for (size_t at = 0; at < sizeof frame.ip; at += 2) sum += (uint32_t)(bytes[at] << 8 | bytes[at + 1]);
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return htons((uint16_t)~sum);
}

static void prepare(char **words) {
  parse_mac(words[4], lab_mac);
  memcpy(frame.ethernet.ether_shost, lab_mac, ETH_ALEN);
  parse_mac(words[5], frame.ethernet.ether_dhost);
  frame.ethernet.ether_type = htons(ETHERTYPE_IP);
  length = (size_t)atoi(words[9]) - ETHER_CRC_LEN;
  if (length < ETHER_MIN_LEN - ETHER_CRC_LEN || length > sizeof frame) errx(2, "%s: no size of a frame", words[9]);
  frame.ip = (struct iphdr){ .version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP };
  frame.ip.tot_len = htons((uint16_t)(length - sizeof frame.ethernet));
  if (inet_pton(AF_INET, words[6], &frame.ip.saddr) != 1 || inet_pton(AF_INET, words[7], &frame.ip.daddr) != 1) errx(2, "no addresses");
  frame.ip.check = ip_checksum();
  frame.udp.len = htons((uint16_t)(length - sizeof frame.ethernet - sizeof frame.ip));
  answers = strncmp(words[8], "from:", 5) == 0;
  uint16_t port = htons((uint16_t)atoi(strchr(words[8], ':') + 1));
  if (answers) frame.udp.source = port;
  else frame.udp.dest = port;
  flows = (uint32_t)atoi(words[10]);
}

/** False when the board takes no more now. */
static bool send_one(void) {
  uint16_t port = htons((uint16_t)(FIRST_PORT + turn));
  if (answers) frame.udp.dest = port;
  else frame.udp.source = port;
  if (send(in, &frame, length, MSG_DONTWAIT) < 0) {
    if (errno == EAGAIN || errno == ENOBUFS) return false;
    err(1, "send");
  }
  turn = (turn + 1) % flows;
  sent++;
  return true;
}

/** What the board says: of an ARP message all, of others the beginning. */
struct said {
  struct ether_header ethernet;
  struct ether_arp arp;
} __attribute__((packed));

/** Whatever address the board asks for is ours. */
static void answer(int port, const struct said *question) {
  if (question->ethernet.ether_type != htons(ETHERTYPE_ARP) || question->arp.ea_hdr.ar_op != htons(ARPOP_REQUEST)) return;
  struct said reply = *question;
  memcpy(reply.ethernet.ether_dhost, question->arp.arp_sha, ETH_ALEN);
  memcpy(reply.ethernet.ether_shost, lab_mac, ETH_ALEN);
  reply.arp.ea_hdr.ar_op = htons(ARPOP_REPLY);
  memcpy(reply.arp.arp_tha, question->arp.arp_sha, ETH_ALEN);
  memcpy(reply.arp.arp_tpa, question->arp.arp_spa, sizeof reply.arp.arp_tpa);
  memcpy(reply.arp.arp_sha, lab_mac, ETH_ALEN);
  memcpy(reply.arp.arp_spa, question->arp.arp_tpa, sizeof reply.arp.arp_spa);
  send(port, &reply, sizeof reply, MSG_DONTWAIT);
}

static bool hear(int port, struct said *said) {
  if (recv(port, said, sizeof *said, MSG_DONTWAIT) < (ssize_t)sizeof said->ethernet) return false;
  answer(port, said);
  return true;
}

/** Takes all that has left the board; what left by the other port is the board's own. */
static void receive(void) {
  struct said said;
  while (hear(out, &said)) {
    if (memcmp(said.ethernet.ether_dhost, lab_mac, ETH_ALEN) == 0 && said.ethernet.ether_type == htons(ETHERTYPE_IP)) received++;
  }
  while (hear(in, &said)) continue;
}

static void wait_until(int64_t time, bool room) {
  int64_t left = time - now();
  struct timespec limit = { .tv_nsec = left < 0 ? 0 : left > 10 * MILLISECOND ? 10 * MILLISECOND : left };
  struct pollfd ports[] = { { .fd = in, .events = (short)(POLLIN | (room ? POLLOUT : 0)) }, { .fd = out, .events = POLLIN } };
  ppoll(ports, 2, &limit, NULL);
}

/** Sends until a time, or until `count` packets were taken. */
static void run(int64_t rate, int64_t end, uint64_t count) {
  int64_t next = now();
  uint64_t last = count > UINT64_MAX - sent ? UINT64_MAX : sent + count;
  while (now() < end && sent < last) {
    bool room = false;
    if (rate == 0) {
      for (int packet = 0; packet < BATCH && sent < last && send_one(); packet++) continue;
      room = true;
    } else if (rate > 0) {
      for (; next <= now() && send_one(); next += SECOND / rate) continue;
    }
    receive();
    wait_until(rate > 0 && next < end ? next : end, room);
  }
}

int main(int words, char **word) {
  if (words != 13) errx(2, "wrong number of arguments");
  int file = open(word[1], O_RDONLY);
  instructions = mmap(NULL, sizeof *instructions, PROT_READ, MAP_SHARED, file, 0);
  if (instructions == MAP_FAILED) err(1, "%s", word[1]);
  prepare(word);
  in = plug(word[2]);
  out = plug(word[3]);
  int64_t rate = atoll(word[11]), time = atoll(word[12]) * MILLISECOND;
  if (time == 0) run(0, INT64_MAX, flows);
  run(time == 0 ? -1 : rate, now() + 200 * MILLISECOND, UINT64_MAX);
  int64_t began = now();
  uint64_t before = *instructions, sent_before = sent, received_before = received;
  run(rate, began + time, UINT64_MAX);
  uint64_t after = *instructions;
  printf("{\"nanoseconds\":%lld,\"instructions\":%llu,\"sent\":%llu,\"received\":%llu}\n", (long long)(now() - began),
         (unsigned long long)(after - before), (unsigned long long)(sent - sent_before), (unsigned long long)(received - received_before));
}
