// The module `host`: all capabilities under one name.
#include <unistd.h>

#include "host.h"

static const struct function_list *const capabilities[] = {
	&loop_functions, &timer_functions, &socket_functions, &file_functions, &folder_functions, &process_functions,
	&title_functions, &spawn_functions, &signal_functions, &output_functions, &text_functions, &tls_functions,
	&sqlite_functions, &error_functions,
};

static int argument_count;
static char **arguments;

static int fill_module(JSContext *ctx, JSModuleDef *module) {
	JSValue args = JS_NewArray(ctx);
	for (int i = 0; i < argument_count; i++) JS_SetPropertyUint32(ctx, args, i, JS_NewString(ctx, arguments[i]));
	if (JS_SetModuleExport(ctx, module, "args", args) < 0) return -1;
	if (JS_SetModuleExport(ctx, module, "pid", JS_NewInt32(ctx, getpid())) < 0) return -1;
	for (size_t i = 0; i < COUNT(capabilities); i++) {
		if (JS_SetModuleExportList(ctx, module, capabilities[i]->entries, capabilities[i]->count) < 0) return -1;
	}
	return 0;
}

bool declare_host_module(JSContext *ctx, int argc, char **argv) {
	argument_count = argc;
	arguments = argv;
	JSModuleDef *module = JS_NewCModule(ctx, "host", fill_module);
	if (!module || JS_AddModuleExport(ctx, module, "args") < 0 || JS_AddModuleExport(ctx, module, "pid") < 0) return false;
	for (size_t i = 0; i < COUNT(capabilities); i++) {
		if (JS_AddModuleExportList(ctx, module, capabilities[i]->entries, capabilities[i]->count) < 0) return false;
	}
	return true;
}
