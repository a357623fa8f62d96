// The name under which ps shows this process: its comm, and the place of its arguments.
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "host.h"

// Arguments and environment lie behind each other on the stack; what ps shows may fill both (proc_pid_cmdline(5), and
// get_mm_cmdline in the kernel's fs/proc/base.c).
static char *title;
static size_t room;

// The strings of the environment move to the heap before their place is written over.
static bool move_environment(void) {
	size_t count = 0;
	while (environ[count]) count++;
	char **copies = calloc(count + 1, sizeof(*copies));
	if (!copies) return false;
	for (size_t i = 0; i < count; i++) {
		copies[i] = strdup(environ[i]);
		if (!copies[i]) return false;
	}
	environ = copies;
	return true;
}

void prepare_title(int argc, char **argv) {
	char *end = argc > 0 ? argv[0] : NULL;
	for (int i = 0; i < argc && argv[i] == end; i++) end += strlen(end) + 1;
	for (char **entry = environ; *entry == end; entry++) end += strlen(end) + 1;
	if (argc == 0 || !move_environment()) return;
	title = argv[0];
	room = end - title;
}

static JSValue js_set_name(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	const char *name = take_string(ctx, argv[0], "name");
	if (!name) return JS_EXCEPTION;
	prctl(PR_SET_NAME, (unsigned long)name, 0, 0, 0);
	if (room > 0) {
		size_t length = strnlen(name, room - 1);
		memcpy(title, name, length);
		memset(title + length, 0, room - length);
	}
	JS_FreeCString(ctx, name);
	return JS_UNDEFINED;
}

static const JSCFunctionListEntry functions[] = {
	JS_CFUNC_DEF("setName", 1, js_set_name),
};
const struct function_list title_functions = {functions, COUNT(functions)};
