// A plugin of QEMU (docs/devel/tcg-plugins.rst) that counts the guest's instructions, by the block of code they stand in. A processor that
// waits (HLT) executes none. The counts are in a file, which is read while the machine runs; README.md has its layout.
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// The part of <qemu/qemu-plugin.h>, version 1 of its interface, that is needed: Debian ships the file with no package.
typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
enum qemu_plugin_op { QEMU_PLUGIN_INLINE_ADD_U64 };
typedef void (*translated)(qemu_plugin_id_t, struct qemu_plugin_tb *);
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t, translated);
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *, enum qemu_plugin_op, void *, uint64_t);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *);
__attribute__((visibility("default"))) int qemu_plugin_version = 1;

// Both kernels begin here (CONFIG_PAGE_OFFSET); what is below are programs.
static const uint64_t KERNEL = 0xc0000000;
enum { SLOTS = 1 << 17 };

static struct {
  uint64_t kernel;
  struct {
    uint64_t address;
    uint64_t instructions;
  } blocks[SLOTS];
} *counts;

static void count(qemu_plugin_id_t id, struct qemu_plugin_tb *block) {
  (void)id;
  uint64_t address = qemu_plugin_tb_vaddr(block);
  uint64_t length = qemu_plugin_tb_n_insns(block);
  if (address >= KERNEL) qemu_plugin_register_vcpu_tb_exec_inline(block, QEMU_PLUGIN_INLINE_ADD_U64, &counts->kernel, length);
  uint32_t slot = (uint32_t)(address * 2654435761u) % SLOTS;
  for (uint32_t tries = 0; tries < SLOTS; tries++, slot = (slot + 1) % SLOTS) {
    if (counts->blocks[slot].address != address && counts->blocks[slot].address != 0) continue;
    counts->blocks[slot].address = address;
    qemu_plugin_register_vcpu_tb_exec_inline(block, QEMU_PLUGIN_INLINE_ADD_U64, &counts->blocks[slot].instructions, length);
    return;
  }
}

__attribute__((visibility("default"))) int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv) {
  (void)info;
  if (argc != 1 || strncmp(argv[0], "counts=", 7) != 0) return 1;
  int file = open(argv[0] + 7, O_RDWR | O_CREAT | O_TRUNC, 0600);
  if (file < 0 || ftruncate(file, sizeof *counts) != 0) return 1;
  counts = mmap(NULL, sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (counts == MAP_FAILED) return 1;
  qemu_plugin_register_vcpu_tb_trans_cb(id, count);
  return 0;
}
