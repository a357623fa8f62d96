#!/bin/sh
# The board's C compiler: Debian's gcc, with our C library and startup files instead of its own.
# A 486 without CMOV is the least of the boards; endbr32 is no instruction there.
top=${0%/bin/*}
exec /usr/bin/gcc-12 -m32 -march=i486 -mtune=geode -fcf-protection=none -fno-pie -no-pie -static \
  -fno-stack-protector -U_FORTIFY_SOURCE \
  --sysroot="$top/sysroot" -specs="$top/director.specs" -ffile-prefix-map="$top"=/toolchain "$@"
