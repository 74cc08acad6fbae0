// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which modules could drive each device: asked of libkmod on this machine,
 * kept in a capture as "vfiotop/candidates" ("ADDRESS module module…|variant").
 * It loads nothing.
 */
#include <libkmod.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "source/read.h"

#define KEPT "vfiotop/candidates"

static bool has_name(const char *names, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = names; (at = strstr(at, name)); at += len)
		if ((at == names || at[-1] == ' ') &&
		    (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

/* The modules whose aliases match, with blanks between. */
static bool look_up(struct kmod_ctx *kmod, const char *alias,
		    struct buf *names)
{
	struct kmod_list *list = NULL, *item;

	if (kmod_module_new_from_lookup(kmod, alias, &list))
		return false;
	kmod_list_foreach(item, list) {
		struct kmod_module *module = kmod_module_get_module(item);
		const char *name = kmod_module_get_name(module);
		if (!has_name(buf_str(names), name)) {
			if (names->len)
				buf_putc(names, ' ');
			buf_puts(names, name);
		}
		kmod_module_unref(module);
	}
	kmod_module_unref_list(list);
	return true;
}

/* vfio drivers say which ids they know in aliases of their own; vfio_pci
 * itself matches all (facts of modpost: "vfio_pci:v…"). */
static void ask_variant(struct reader *reader, struct kmod_ctx *kmod,
			struct device *device, struct buf *note)
{
	struct buf alias = {0}, names = {0};
	const char *rest = strchr(device->modalias.value, ':');

	buf_printf(&alias, "vfio_pci%s", rest ? rest : "");
	device->variant.known = ABSENT;
	device->variant.value = "";
	if (rest && look_up(kmod, buf_str(&alias), &names))
		for (char *at = names.data, *end; at && *at; at = end) {
			size_t len = strcspn(at, " ");
			end = at + len + strspn(at + len, " ");
			if (len == 8 && memcmp(at, "vfio_pci", 8) == 0)
				continue;
			device->variant = (struct fact_text){
				KNOWN, text_safe(reader->arena, at, len),
			};
		}
	if (device->variant.known == KNOWN)
		buf_printf(note, "|%s", device->variant.value);
	buf_free(&alias);
	buf_free(&names);
}

static void ask(struct reader *reader, struct kmod_ctx *kmod,
		struct device *device, struct buf *note)
{
	struct buf names = {0};
	char address[BDF_TEXT];

	if (device->modalias.known != KNOWN ||
	    !look_up(kmod, device->modalias.value, &names))
		goto out;
	device->modules = (struct fact_text){
		names.len ? KNOWN : ABSENT,
		text_safe(reader->arena, buf_str(&names), names.len),
	};
	buf_printf(note, "%s %s", bdf_print(device->address, address),
		   buf_str(&names));
	ask_variant(reader, kmod, device, note);
	buf_putc(note, '\n');
out:
	buf_free(&names);
}

/* Whether the answer of an earlier reading stands; then it is noted again. */
static bool recalls(struct reader *reader, const struct device *device,
		    struct buf *note)
{
	char address[BDF_TEXT], path[64];

	snprintf(path, sizeof path, "sys/bus/pci/devices/%s",
		 bdf_print(device->address, address));
	if (!known_is_settled(device->modules.known) ||
	    !root_recalls(reader->root, path))
		return false;
	buf_printf(note, "%s %s", address, device->modules.value);
	if (device->variant.known == KNOWN)
		buf_printf(note, "|%s", device->variant.value);
	buf_putc(note, '\n');
	return true;
}

static void ask_all(struct reader *reader)
{
	struct kmod_ctx *kmod = NULL;
	struct buf note = {0};
	bool ready = true;

	for (unsigned i = 0; ready && i < reader->system->device_count; i++) {
		struct device *device = &reader->system->devices[i];
		if (recalls(reader, device, &note))
			continue;
		/* Without the index it would search text files for each
		 * device. */
		if (!kmod)
			ready = (kmod = kmod_new(NULL, NULL)) &&
				kmod_load_resources(kmod) == 0;
		if (ready)
			ask(reader, kmod, device, &note);
	}
	if (note.len)
		root_note(reader->root, KEPT, note.data, note.len);
	if (kmod)
		kmod_unref(kmod);
	buf_free(&note);
}

static void take_all(struct reader *reader)
{
	const char *at, *line;
	size_t len;

	if (read_file(reader, KEPT) != KNOWN)
		return;
	at = buf_str(&reader->text);
	while (text_line(&at, buf_end(&reader->text), &line,
			 &len)) {
		const char *blank = memchr(line, ' ', len);
		struct bdf address;
		char name[BDF_TEXT];
		size_t width = blank ? (size_t)(blank - line) : 0;
		if (!width || width >= sizeof name)
			continue;
		memcpy(name, line, width);
		name[width] = '\0';
		if (!bdf_parse(name, &address))
			continue;
		int device = system_device(reader->system, address);
		if (device == NONE)
			continue;
		const char *bar = memchr(blank, '|', len - width);
		const char *end = bar ? bar : line + len;
		const char *modules = text_safe(reader->arena, blank + 1,
						(size_t)(end - blank - 1));
		reader->system->devices[device].modules = (struct fact_text){
			*modules ? KNOWN : ABSENT, modules,
		};
		reader->system->devices[device].variant = (struct fact_text){
			bar ? KNOWN : ABSENT,
			bar ? text_safe(reader->arena, bar + 1,
					(size_t)(line + len - bar - 1)) : "",
		};
	}
}

void read_candidates(struct reader *reader)
{
	bool live = root_kind(reader->root) == ORIGIN_LIVE;

	if (!live || root_recalls(reader->root, KEPT))
		take_all(reader);
	if (live)
		ask_all(reader);
}
