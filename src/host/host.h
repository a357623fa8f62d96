// What the files of the host share. One process has one runtime, so state lives in static variables of the file it belongs to.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "quickjs.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/** Exit status of a process that an escaped exception ends (EX_SOFTWARE of <sysexits.h>); the supervisor restarts it. */
#define EXIT_EXCEPTION 70

/** A script as bytecode, and where its lines come from (lines.c). */
struct bundle {
	const char *name;
	const uint8_t *code, *code_end, *lines, *lines_end;
};
/** All that the binary has, one at least; the last is followed by one without a name. */
extern const struct bundle bundles[];
/** The one that this process runs. */
extern const struct bundle *bundle;

/** The bundle's name in stack traces, which describe_stack looks for. */
#define BUNDLE_NAME "director.js"

// arguments.c: strict conversions. Nothing here calls back into JavaScript, so a buffer once taken cannot be detached by a
// later argument. `name` is for the message. All of them throw and return false (or NULL) when the argument is wrong.

/** A number without fraction in `low`..`high`. */
bool take_integer(JSContext *ctx, JSValueConst value, const char *name, int64_t low, int64_t high, int64_t *out);
/** take_integer for what fits an int. */
bool take_int(JSContext *ctx, JSValueConst value, const char *name, int low, int high, int *out);
/** A finite number in `low`..`high`. */
bool take_double(JSContext *ctx, JSValueConst value, const char *name, double low, double high, double *out);
/** A file descriptor's number; that it is open, the system call finds out. */
bool take_fd(JSContext *ctx, JSValueConst value, int *out);
/** A string without NUL as UTF-8; give it back with JS_FreeCString. */
const char *take_string(JSContext *ctx, JSValueConst value, const char *name);
/** A function. */
bool take_function(JSContext *ctx, JSValueConst value, const char *name);

/** The bytes of a Uint8Array, valid until JavaScript runs again. */
struct bytes {
	uint8_t *data;
	size_t length;
};
bool take_bytes(JSContext *ctx, JSValueConst value, const char *name, struct bytes *out);
/** A new Uint8Array with a copy of `data`. */
JSValue new_bytes(JSContext *ctx, const void *data, size_t length);

/** The strings of an array, NULL at the end; free with free_strings. At most `most`. */
char **take_strings(JSContext *ctx, JSValueConst value, const char *name, int most);
void free_strings(JSContext *ctx, char **strings);
/** The integers of an array, each in `low`..`high`; free with js_free. An empty array gives a valid pointer. */
int *take_ints(JSContext *ctx, JSValueConst value, const char *name, int low, int high, int most, int *count);

// error.c

/** Throws a HostError for `error` (an errno); the rest is printf of what the call was given. Returns JS_EXCEPTION. */
JSValue throw_errno(JSContext *ctx, int error, const char *syscall, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/** Prints the pending exception and ends the process with EXIT_EXCEPTION. */
_Noreturn void die_of_exception(JSContext *ctx);
/** The same for a value that is not pending: the reason of a rejected promise. */
_Noreturn void die_of_value(JSContext *ctx, JSValueConst reason, const char *kind);

// lines.c

/** `stack` with bundle lines replaced by TypeScript files and lines; malloc'd, or NULL without memory. */
char *describe_stack(const char *stack);

// loop.c

/** Calls a function from the loop and runs the microtasks after it. An exception ends the process. */
void call_back(JSContext *ctx, JSValueConst function, int argc, JSValueConst *argv);
/** Before any code runs: from here on a rejected promise that nobody handles ends the process. */
void prepare_loop(JSContext *ctx);
/** Runs until nothing is watched and no timer is pending. */
void run_loop(JSContext *ctx);
/** Lets go of every callback, before the context is freed. */
void close_loop(JSContext *ctx);
/** Ends the watch of `fd`, if there is one. */
void forget_fd(JSContext *ctx, int fd);
/** True for the host's own descriptors, which JavaScript must not touch. */
bool owned_by_host(int fd);
/** Watches an fd for the host itself: `ready` is called when it is readable. Returns false with errno set. */
bool watch_native(int fd, void (*ready)(JSContext *ctx));

// timer.c

/** CLOCK_MONOTONIC in nanoseconds. */
int64_t now_nanoseconds(void);
/** When the next timer is due, or -1 without one. */
int64_t next_timer(void);
/** Calls back for the timers that are due now, in order. */
void fire_timers(JSContext *ctx);
void close_timers(JSContext *ctx);

// signal.c

/** Blocks nothing, ignores SIGPIPE. */
void prepare_signals(void);
/** In a child before execve: default actions, nothing blocked. Async-signal-safe. */
void reset_signals(void);
void close_signals(JSContext *ctx);

// output.c

/** Writes all of it; false with errno set, which is EAGAIN for a slow reader after neverWaitForOutput. */
bool write_whole(int fd, const char *text, size_t length);

// title.c

/** Before anything else: finds the place that the process's name may take. */
void prepare_title(int argc, char **argv);

// process.c

/** Bytes of the kernel's generator that never blocks; false with errno set. */
bool fill_random(uint8_t *out, size_t length);

// tls.c

/** Ends every session. */
void close_tls(JSContext *ctx);

// slab.c

extern const JSMallocFunctions slab_allocator;

// The functions of each capability, put into the module `host` by module.c.
struct function_list {
	const JSCFunctionListEntry *entries;
	int count;
};
extern const struct function_list loop_functions, timer_functions, socket_functions, file_functions,
	folder_functions, process_functions, title_functions, spawn_functions, signal_functions, output_functions,
	text_functions, tls_functions, sqlite_functions, error_functions;

/** Declares the module `host` in a context; argv is what `args` shows. */
bool declare_host_module(JSContext *ctx, int argc, char **argv);
