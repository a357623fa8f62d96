// The director's binary: QuickJS, the module `host`, and the bundles of src/director as bytecode.
#include <stdio.h>
#include <string.h>

#include "host.h"

const struct bundle *bundle;

// Of the process that the words name (src/director/README.md); the first of all for whatever is not named.
static const struct bundle *bundle_for(int argc, char **argv) {
	const char *name = "";
	if (argc > 1 && strcmp(argv[1], "run") == 0) name = "supervisor";
	if (argc > 2 && strcmp(argv[1], "role") == 0) name = argv[2];
	for (const struct bundle *each = bundles; each->name; each++)
		if (strcmp(each->name, name) == 0) return each;
	return bundles;
}

// What the bundle uses of the language. There is no compiler on board: neither eval nor `new Function`.
static void add_intrinsics(JSContext *ctx) {
	JS_AddIntrinsicBaseObjects(ctx);
	JS_AddIntrinsicDate(ctx);
	JS_AddIntrinsicRegExpCompiler(ctx);
	JS_AddIntrinsicRegExp(ctx);
	JS_AddIntrinsicJSON(ctx);
	JS_AddIntrinsicMapSet(ctx);
	JS_AddIntrinsicTypedArrays(ctx);
	JS_AddIntrinsicPromise(ctx);
	JS_AddIntrinsicWeakRef(ctx);
}

static int run(JSContext *ctx, int argc, char **argv) {
	// Read before anything else makes names: then those of the bytecode get the very numbers they have in it, and the code is
	// used where it lies, in pages of the file that all processes share (JS_READ_OBJ_ROM_DATA).
	JSValue module = JS_ReadObject(ctx, bundle->code, bundle->code_end - bundle->code, JS_READ_OBJ_BYTECODE | JS_READ_OBJ_ROM_DATA);
	if (JS_IsException(module)) die_of_exception(ctx);
	add_intrinsics(ctx);
	prepare_loop(ctx);
	if (!declare_host_module(ctx, argc, argv) || JS_ResolveModule(ctx, module) < 0) die_of_exception(ctx);
	JSValue result = JS_EvalFunction(ctx, module);
	if (JS_IsException(result)) die_of_exception(ctx);
	JS_FreeValue(ctx, result);
	run_loop(ctx);
	return 0;
}

int main(int argc, char **argv) {
	bundle = bundle_for(argc, argv);
	prepare_signals();
	prepare_title(argc, argv);
#ifdef __SANITIZE_ADDRESS__
	// The sanitizer watches each allocation by itself.
	JSRuntime *rt = JS_NewRuntime();
#else
	JSRuntime *rt = JS_NewRuntime2(&slab_allocator, NULL);
#endif
	JSContext *ctx = rt ? JS_NewContextRaw(rt) : NULL;
	if (!ctx) {
		fputs("director: not enough memory\n", stderr);
		return EXIT_EXCEPTION;
	}
	int status = run(ctx, argc, argv);
	close_signals(ctx);
	close_loop(ctx);
	close_tls(ctx);
	JS_FreeContext(ctx);
	JS_FreeRuntime(rt);
	return status;
}
