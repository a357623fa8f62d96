// Databases by SQLite, in the shape of better-sqlite3. They lie in RAM, so nothing waits long. A statement keeps what it needs of its
// database: either may be let go of first.
#include "host.h"
#include "sqlite3.h"

enum wanted { NO_ROW, FIRST_ROW, ALL_ROWS };
enum use { EXEC, PREPARE };

static JSClassID database_class, statement_class;

static void free_database(JSRuntime *rt, JSValue value) {
	sqlite3_close_v2(JS_GetOpaque(value, database_class));
}

static void free_statement(JSRuntime *rt, JSValue value) {
	sqlite3_finalize(JS_GetOpaque(value, statement_class));
}

static JSValue throw_sqlite(JSContext *ctx, sqlite3 *database) {
	return JS_ThrowInternalError(ctx, "sqlite: %s", sqlite3_errmsg(database));
}

static bool bind(JSContext *ctx, sqlite3_stmt *statement, int at, JSValueConst value) {
	int result;
	double number;
	size_t length;
	struct bytes bytes;
	if (JS_IsNull(value)) {
		result = sqlite3_bind_null(statement, at);
	} else if (JS_IsNumber(value)) {
		if (JS_ToFloat64(ctx, &number, value)) return false;
		result = sqlite3_bind_double(statement, at, number);
	} else if (JS_IsString(value)) {
		const char *text = JS_ToCStringLen(ctx, &length, value);
		if (!text) return false;
		result = sqlite3_bind_text(statement, at, text, length, SQLITE_TRANSIENT);
		JS_FreeCString(ctx, text);
	} else {
		if (!take_bytes(ctx, value, "a value that is neither null nor number nor string", &bytes)) return false;
		result = sqlite3_bind_blob(statement, at, bytes.data, bytes.length, SQLITE_TRANSIENT);
	}
	if (result) throw_sqlite(ctx, sqlite3_db_handle(statement));
	return result == SQLITE_OK;
}

static JSValue column(JSContext *ctx, sqlite3_stmt *statement, int at) {
	// The pointer first, then the length (sqlite3_column_blob).
	const void *data;
	switch (sqlite3_column_type(statement, at)) {
	case SQLITE_INTEGER: return JS_NewInt64(ctx, sqlite3_column_int64(statement, at));
	case SQLITE_FLOAT: return JS_NewFloat64(ctx, sqlite3_column_double(statement, at));
	case SQLITE_TEXT: data = sqlite3_column_text(statement, at); return JS_NewStringLen(ctx, data, sqlite3_column_bytes(statement, at));
	case SQLITE_BLOB: data = sqlite3_column_blob(statement, at); return new_bytes(ctx, data, sqlite3_column_bytes(statement, at));
	default: return JS_NULL;
	}
}

static JSValue row(JSContext *ctx, sqlite3_stmt *statement) {
	JSValue object = JS_NewObject(ctx);
	for (int i = 0; !JS_IsException(object) && i < sqlite3_column_count(statement); i++) {
		const char *name = sqlite3_column_name(statement, i);
		if (JS_DefinePropertyValueStr(ctx, object, name, column(ctx, statement, i), JS_PROP_C_W_E) >= 0) continue;
		JS_FreeValue(ctx, object);
		object = JS_EXCEPTION;
	}
	return object;
}

// Runs a statement to its end, or to the first row where no more are wanted.
static JSValue step(JSContext *ctx, sqlite3_stmt *statement, enum wanted wanted) {
	JSValue result = wanted == ALL_ROWS ? JS_NewArray(ctx) : JS_UNDEFINED;
	int state = SQLITE_ROW;
	for (uint32_t count = 0; !JS_IsException(result) && (state = sqlite3_step(statement)) == SQLITE_ROW; count++) {
		if (wanted == NO_ROW) continue;
		JSValue found = row(ctx, statement);
		if (wanted == FIRST_ROW) return found;
		if (!JS_IsException(found) && JS_DefinePropertyValueUint32(ctx, result, count, found, JS_PROP_C_W_E) >= 0) continue;
		JS_FreeValue(ctx, result);
		result = JS_EXCEPTION;
	}
	if (state == SQLITE_DONE || JS_IsException(result)) return result;
	JS_FreeValue(ctx, result);
	return throw_sqlite(ctx, sqlite3_db_handle(statement));
}

static JSValue js_step(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv, int wanted) {
	sqlite3_stmt *statement = JS_GetOpaque2(ctx, self, statement_class);
	if (!statement) return JS_EXCEPTION;
	int count = sqlite3_bind_parameter_count(statement);
	if (argc != count) return JS_ThrowRangeError(ctx, "the statement takes %d values, not %d", count, argc);
	JSValue result = JS_UNDEFINED;
	for (int i = 0; i < count && !JS_IsException(result); i++)
		if (!bind(ctx, statement, i + 1, argv[i])) result = JS_EXCEPTION;
	if (!JS_IsException(result)) result = step(ctx, statement, wanted);
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return result;
}

static JSValue js_text(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv, int use) {
	sqlite3 *database = JS_GetOpaque2(ctx, self, database_class);
	const char *text = database ? take_string(ctx, argv[0], "text") : NULL;
	if (!text) return JS_EXCEPTION;
	sqlite3_stmt *statement = NULL;
	int result = use == EXEC ? sqlite3_exec(database, text, NULL, NULL, NULL) : sqlite3_prepare_v2(database, text, -1, &statement, NULL);
	JS_FreeCString(ctx, text);
	if (result) return throw_sqlite(ctx, database);
	if (use == EXEC) return JS_UNDEFINED;
	JSValue object = JS_NewObjectClass(ctx, statement_class);
	if (JS_IsException(object)) sqlite3_finalize(statement);
	else JS_SetOpaque(object, statement);
	return object;
}

static JSValue js_close(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	sqlite3 *database = JS_GetOpaque2(ctx, self, database_class);
	if (!database) return JS_EXCEPTION;
	JS_SetOpaque(self, NULL);
	sqlite3_close_v2(database);
	return JS_UNDEFINED;
}

static const JSCFunctionListEntry statement_methods[] = {
	JS_CFUNC_MAGIC_DEF("run", 0, js_step, NO_ROW),
	JS_CFUNC_MAGIC_DEF("get", 0, js_step, FIRST_ROW),
	JS_CFUNC_MAGIC_DEF("all", 0, js_step, ALL_ROWS),
};
static const JSCFunctionListEntry database_methods[] = {
	JS_CFUNC_MAGIC_DEF("exec", 1, js_text, EXEC),
	JS_CFUNC_MAGIC_DEF("prepare", 1, js_text, PREPARE),
	JS_CFUNC_DEF("close", 0, js_close),
};

// Classes are made when the first database is opened: most processes have none.
static bool define(JSContext *ctx, JSClassID *id, const char *name, JSClassFinalizer *finalizer, const JSCFunctionListEntry *methods, int count) {
	if (*id) return true;
	JSValue prototype = JS_NewObject(ctx);
	if (JS_IsException(prototype) || JS_NewClass(JS_GetRuntime(ctx), JS_NewClassID(id), &(JSClassDef){name, .finalizer = finalizer}) < 0) return false;
	JS_SetPropertyFunctionList(ctx, prototype, methods, count);
	JS_SetClassProto(ctx, *id, prototype);
	return true;
}

static JSValue js_open_database(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
	if (!define(ctx, &database_class, "Database", free_database, database_methods, COUNT(database_methods)) ||
	    !define(ctx, &statement_class, "Statement", free_statement, statement_methods, COUNT(statement_methods))) return JS_EXCEPTION;
	const char *path = take_string(ctx, argv[0], "path");
	if (!path) return JS_EXCEPTION;
	sqlite3 *database = NULL;
	int result = sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
	JS_FreeCString(ctx, path);
	JSValue object = result ? throw_sqlite(ctx, database) : JS_NewObjectClass(ctx, database_class);
	if (JS_IsException(object)) sqlite3_close_v2(database);
	else JS_SetOpaque(object, database);
	return object;
}

static const JSCFunctionListEntry functions[] = {
	JS_CFUNC_DEF("openDatabase", 1, js_open_database),
};
const struct function_list sqlite_functions = {functions, COUNT(functions)};
