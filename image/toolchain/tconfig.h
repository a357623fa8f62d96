/* Stands in for the header that gcc's own build generates: what libgcc2.c has to know of a 32-bit x86. */
/* There is no C library yet: the compiler's own limits have to do. */
#define _LIBC_LIMITS_H_
#include <limits.h>
#include <stddef.h>
#define BITS_PER_UNIT 8
#define MIN_UNITS_PER_WORD 4
#define LONG_TYPE_SIZE 32
#define TARGET_HAS_NO_HW_DIVIDE 0
#define LIBGCC2_UNITS_PER_WORD 4
#define LIBGCC2_LONG_DOUBLE_TYPE_SIZE 80
#define BYTES_BIG_ENDIAN 0
#define WORDS_BIG_ENDIAN 0
void abort(void);
