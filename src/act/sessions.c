// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sessions read from files and written to them.  What a session means is in
 * plan/session.c.
 */
#include "act/sessions.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "act/note.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "base/num.h"
#include "base/text.h"

enum { FILE_MOST = 256 * 1024, SESSIONS_MOST = 256, DEVICES_MOST = 256,
       SERVICES_MOST = 32 };

static const char mark[] = "vfiotop-session";

struct session_folders sessions_where(struct arena *arena)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	struct session_folders folders = {
		.common = SYSCONFDIR "/vfiotop/sessions",
	};

	if (config && *config == '/')
		folders.own = arena_printf(arena, "%s/vfiotop/sessions",
					   config);
	else if (geteuid() == 0)
		folders.own = folders.common;
	else if (home && *home == '/')
		folders.own = arena_printf(arena,
					   "%s/.config/vfiotop/sessions",
					   home);
	return folders;
}

/* --- out of a file --- */

struct parser {
	struct arena *arena;
	struct session *session;
	bool bad;
};

static void complain(struct parser *parser, const char *what)
{
	if (parser->bad)
		return;
	parser->bad = true;
	parser->session->problem =
		arena_printf(parser->arena, _("%s is no session: %s."),
			     parser->session->file, what);
}

static const char *text_of(struct parser *parser, json_t *object,
			   const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text_safe(parser->arena, text, strlen(text)) : NULL;
}

static uint64_t hex_of(struct parser *parser, json_t *object, const char *key,
		       uint64_t most)
{
	const char *text = text_of(parser, object, key);
	uint64_t value = 0;

	if (!text || !num_parse(text, 16, &value) || value > most)
		complain(parser, arena_printf(parser->arena,
					      _("\"%s\" of a device is not a "
						"hexadecimal number"), key));
	return value;
}

/* A driver's name, or "" for none. */
static bool is_target(const char *text)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789_-";

	return strlen(text) < 64 && *text != '-' &&
	       !text[strspn(text, letters)];
}

static void parse_device(struct parser *parser, json_t *object,
			 struct session_device *device)
{
	const char *address = text_of(parser, object, "address");
	const char *path = text_of(parser, object, "path");
	const char *target = text_of(parser, object, "target");

	*device = (struct session_device){ .path = path ? path : "" };
	if (!address || !bdf_parse(address, &device->address))
		complain(parser, _("a device has no \"address\""));
	if (!target || !is_target(target))
		complain(parser, _("a device has no \"target\" that is the "
				   "name of a driver"));
	device->target = target ? target : "";
	device->class = (uint32_t)hex_of(parser, object, "class", 0xffffff);
	device->vendor = (uint16_t)hex_of(parser, object, "vendor", 0xffff);
	device->device = (uint16_t)hex_of(parser, object, "device", 0xffff);
	device->subvendor =
		(uint16_t)hex_of(parser, object, "subvendor", 0xffff);
	device->subdevice =
		(uint16_t)hex_of(parser, object, "subdevice", 0xffff);
	device->has_serial = json_object_get(object, "serial") != NULL;
	if (device->has_serial)
		device->serial = hex_of(parser, object, "serial", UINT64_MAX);
}

static void parse_devices(struct parser *parser, json_t *list)
{
	size_t count = json_array_size(list);
	struct session_device *devices;

	if (!count || count > DEVICES_MOST) {
		complain(parser, _("\"devices\" is no list of devices"));
		return;
	}
	devices = arena_array(parser->arena, count, sizeof *devices);
	for (size_t i = 0; i < count; i++)
		parse_device(parser, json_array_get(list, i), &devices[i]);
	parser->session->devices = devices;
	parser->session->device_count = (unsigned)count;
}

static void parse_services(struct parser *parser, json_t *list)
{
	size_t count = json_array_size(list);
	const char **services;

	if (!list)
		return;
	if (!json_is_array(list) || count > SERVICES_MOST) {
		complain(parser, _("\"stop-services\" is no list of names"));
		return;
	}
	services = arena_array(parser->arena, count + 1, sizeof *services);
	for (size_t i = 0; i < count; i++) {
		const char *name = json_string_value(json_array_get(list, i));
		if (!name || !session_is_service(name)) {
			complain(parser, _("\"stop-services\" wants full "
					   "names, such as gdm.service"));
			return;
		}
		services[i] = arena_text(parser->arena, name);
	}
	parser->session->services = services;
	parser->session->service_count = (unsigned)count;
}

static void parse_rest(struct parser *parser, json_t *object)
{
	json_t *consoles = json_object_get(object, "detach-consoles");
	json_t *wait = json_object_get(object, "wait-seconds");
	json_t *unload = json_object_get(object, "unload-modules");
	json_int_t seconds = json_integer_value(wait);

	if (consoles && !json_is_boolean(consoles))
		complain(parser, _("\"detach-consoles\" is neither true nor "
				   "false"));
	if (unload && !json_is_boolean(unload))
		complain(parser, _("\"unload-modules\" is neither true nor "
				   "false"));
	if (wait && (!json_is_integer(wait) || seconds < 0 ||
		     seconds > SESSION_WAIT_MOST))
		complain(parser, _("\"wait-seconds\" is no number from 0 to "
				   "300"));
	parser->session->consoles = json_is_true(consoles);
	parser->session->unload = json_is_true(unload);
	if (!parser->bad)
		parser->session->wait_s = (unsigned)seconds;
}

struct session sessions_parse(const char *name, const char *file,
			      const char *text, size_t len,
			      struct arena *arena)
{
	struct session session = { .name = arena_text(arena, name),
				   .file = arena_text(arena, file),
				   .problem = "" };
	struct parser parser = { arena, &session, false };
	json_error_t error;
	json_t *object = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);

	if (!object) {
		complain(&parser, arena_printf(
			arena, _("line %d: %s"), error.line,
			text_safe(arena, error.text, strlen(error.text))));
	} else if (!json_is_integer(json_object_get(object, mark)) ||
		   json_integer_value(json_object_get(object, mark)) != 1) {
		complain(&parser, _("\"vfiotop-session\": 1 is not in it"));
	} else {
		parse_devices(&parser, json_object_get(object, "devices"));
		parse_services(&parser,
			       json_object_get(object, "stop-services"));
		parse_rest(&parser, object);
	}
	json_decref(object);
	return session;
}

/* Read a whole file; false when it is none, or too large. */
static bool read_file(const char *path, struct buf *text)
{
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat info;
	ssize_t count = -1;

	buf_reset(text);
	if (file >= 0 && fstat(file, &info) == 0 && S_ISREG(info.st_mode))
		while (text->len < FILE_MOST &&
		       (count = read(file, buf_room(text, 8192), 8192)) > 0)
			text->len += (size_t)count;
	if (file >= 0)
		close(file);
	return count == 0;
}

struct found_sessions {
	struct session *items;
	unsigned count;
	size_t room;
};

static void take_session(struct found_sessions *found, const char *folder,
			 const char *entry, struct arena *arena)
{
	size_t len = strlen(entry) - (sizeof ".json" - 1);
	const char *name = arena_copy(arena, entry, len);
	const char *path = arena_printf(arena, "%s/%s", folder, entry);
	struct buf text = {0};

	for (unsigned i = 0; i < found->count; i++)
		if (strcmp(found->items[i].name, name) == 0)
			return;
	if (!session_is_name(name) || found->count == SESSIONS_MOST)
		return;
	found->items = arena_grow(arena, found->items, found->count,
				  &found->room, sizeof *found->items);
	struct session *session = &found->items[found->count++];
	if (read_file(path, &text))
		*session = sessions_parse(name, path, buf_str(&text),
					  text.len, arena);
	else
		*session = (struct session){
			.name = name, .file = path,
			.problem = arena_printf(arena, _("%s could not be "
							 "read: %s."), path,
						strerror(errno)) };
	buf_free(&text);
}

static void take_folder(struct found_sessions *found, const char *folder,
			struct arena *arena)
{
	DIR *list = folder ? opendir(folder) : NULL;
	struct dirent *entry;

	while (list && (entry = readdir(list)) != NULL)
		if (text_ends(entry->d_name, ".json"))
			take_session(found, folder, entry->d_name, arena);
	if (list)
		closedir(list);
}

static int order_sessions(const void *a, const void *b)
{
	const struct session *x = a, *y = b;

	return strcmp(x->name, y->name);
}

struct sessions sessions_read(struct session_folders folders,
			      struct arena *arena)
{
	struct found_sessions found = {0};

	take_folder(&found, folders.own, arena);
	if (folders.own != folders.common)
		take_folder(&found, folders.common, arena);
	if (found.count)
		qsort(found.items, found.count, sizeof *found.items,
		      order_sessions);
	return (struct sessions){ found.items, found.count };
}

/* --- into a file --- */

static json_t *hex(uint64_t value, int digits)
{
	char text[24];

	snprintf(text, sizeof text, "0x%0*llx", digits,
		 (unsigned long long)value);
	return json_string(text);
}

static json_t *device_json(const struct session_device *device)
{
	char address[BDF_TEXT];
	json_t *object = json_pack(
		"{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "address",
		bdf_print(device->address, address), "target", device->target,
		"path", device->path, "class", hex(device->class, 6),
		"vendor", hex(device->vendor, 4), "device",
		hex(device->device, 4), "subvendor",
		hex(device->subvendor, 4), "subdevice",
		hex(device->subdevice, 4));

	if (device->has_serial)
		json_object_set_new(object, "serial", hex(device->serial, 16));
	return object;
}

const char *sessions_text(const struct session *session, struct arena *arena)
{
	json_t *devices = json_array(), *services = json_array();

	for (unsigned i = 0; i < session->device_count; i++)
		json_array_append_new(devices,
				      device_json(&session->devices[i]));
	for (unsigned i = 0; i < session->service_count; i++)
		json_array_append_new(services,
				      json_string(session->services[i]));
	json_t *object = json_pack(
		"{s:i, s:o, s:o, s:b, s:i, s:b}", mark, 1, "devices", devices,
		"stop-services", services, "detach-consoles",
		session->consoles, "wait-seconds", (int)session->wait_s,
		"unload-modules", session->unload);
	char *dumped = json_dumps(object, JSON_INDENT(2));
	const char *text = arena_printf(arena, "%s\n", dumped ? dumped : "");
	free(dumped);
	json_decref(object);
	return text;
}

/* Make a folder and those above it. */
static bool make_folder(const char *path, struct arena *arena)
{
	char *copy = arena_text(arena, path);

	for (char *at = copy + 1; *at; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		if (mkdir(copy, 0755) != 0 && errno != EEXIST)
			return false;
		*at = '/';
	}
	return mkdir(copy, 0755) == 0 || errno == EEXIST;
}

static void keep_rest(struct session *session, const char *path,
		      struct arena *arena)
{
	struct buf text = {0};

	if (read_file(path, &text)) {
		struct session old = sessions_parse(session->name, path,
						    buf_str(&text), text.len,
						    arena);
		if (!*old.problem) {
			session->services = old.services;
			session->service_count = old.service_count;
			session->consoles = old.consoles;
			session->wait_s = old.wait_s;
			session->unload = old.unload;
		}
	}
	buf_free(&text);
}

bool sessions_save(struct session_folders folders, struct session *session,
		   struct arena *arena, struct err *err)
{
	const char *path, *made;

	if (!folders.own) {
		err_set(err, _("There is no place for sessions: neither "
			       "XDG_CONFIG_HOME nor HOME is set."));
		return false;
	}
	path = arena_printf(arena, "%s/%s.json", folders.own, session->name);
	made = arena_printf(arena, "%s/.%s.json-%ld", folders.own,
			    session->name, (long)getpid());
	keep_rest(session, path, arena);
	if (make_folder(folders.own, arena) &&
	    note_put(made, sessions_text(session, arena)) &&
	    rename(made, path) == 0) {
		session->file = path;
		return true;
	}
	err_set(err, _("The session could not be saved in %s: %s."),
		folders.own, strerror(errno));
	unlink(made);
	return false;
}
