// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads what shows a picture: DRM cards and connectors, framebuffers, the
 * firmware's framebuffer, virtual consoles.  It reads cached state only;
 * nothing probes a connector.
 */
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "decode/edid.h"
#include "source/read.h"

enum { EDID_BYTES = 32768 };

static void read_card(struct reader *reader, const char *name)
{
	struct card *card = build_card(
		&reader->builder,
		text_safe(reader->arena, name, strlen(name)));
	char path[128];

	snprintf(path, sizeof path, "sys/class/drm/%.60s", name);
	card->device = device_behind(reader, path);
	snprintf(path, sizeof path, "sys/class/drm/%.60s/boot_display", name);
	card->boot_display = read_num(reader, NULL, path, 10);
}

static void read_connector(struct reader *reader, const char *name,
			   const char *dash)
{
	struct connector *connector = build_connector(&reader->builder);
	struct place at;
	char path[128];

	*connector = (struct connector){
		.card = text_safe(reader->arena, name, (size_t)(dash - name)),
		.name = text_safe(reader->arena, dash + 1, strlen(dash + 1)),
		.device = NONE,
	};
	snprintf(path, sizeof path, "sys/class/drm/%.80s", name);
	connector->device = device_behind(reader, path);
	if (root_enter(reader->root, NULL, path, &at) != KNOWN)
		return;
	connector->status = read_text(reader, &at, "status");
	connector->enabled = read_text(reader, &at, "enabled");
	connector->dpms = read_text(reader, &at, "dpms");
	enum known known = root_read(reader->root, &at, "edid", EDID_BYTES,
				     &reader->text);
	connector->monitor = (struct fact_text){ known, "" };
	if (known == KNOWN && !reader->text.len) {
		connector->monitor.known = ABSENT;
	} else if (known == KNOWN) {
		const char *monitor = edid_monitor(
			reader->arena,
			(const uint8_t *)buf_str(&reader->text),
			reader->text.len);
		connector->monitor = (struct fact_text){
			monitor ? KNOWN : MALFORMED, monitor ? monitor : "",
		};
	}
	root_leave(reader->root, &at);
}

static void read_drm(struct reader *reader)
{
	struct arena names = {0};
	struct listing listing;

	reader->system->display_known = root_list(
		reader->root, NULL, "sys/class/drm", &names, &listing);
	for (unsigned i = 0; i < listing.count; i++) {
		const char *name = listing.names[i];
		const char *dash = strchr(name, '-');
		if (!text_starts(name, "card") || strlen(name) > 60)
			continue;
		if (dash)
			read_connector(reader, name, dash);
		else
			read_card(reader, name);
	}
	arena_free(&names);
}

static void read_framebuffers(struct reader *reader)
{
	struct arena names = {0};
	struct listing listing;

	root_list(reader->root, NULL, "sys/class/graphics", &names, &listing);
	for (unsigned i = 0; i < listing.count; i++) {
		const char *node = listing.names[i];
		char path[128];
		if (!text_starts(node, "fb") || node[2] < '0' || node[2] > '9' ||
		    strlen(node) > 20)
			continue;
		struct framebuffer *fb = build_framebuffer(&reader->builder);
		*fb = (struct framebuffer){
			.node = text_safe(reader->arena, node, strlen(node)),
			.platform = "",
		};
		snprintf(path, sizeof path, "sys/class/graphics/%.20s", node);
		fb->device = device_behind(reader, path);
		snprintf(path, sizeof path, "sys/class/graphics/%.20s/name",
			 node);
		fb->name = read_text(reader, NULL, path);
		snprintf(path, sizeof path, "sys/class/graphics/%.20s/device",
			 node);
		struct fact_text device = read_link(reader, NULL, path);
		struct bdf address;
		if (device.known == KNOWN && !bdf_parse(device.value, &address))
			fb->platform = device.value;
	}
	arena_free(&names);
}

static void read_vtconsoles(struct reader *reader)
{
	struct arena names = {0};
	struct listing listing;

	root_list(reader->root, NULL, "sys/class/vtconsole", &names, &listing);
	for (unsigned i = 0; i < listing.count; i++) {
		const char *node = listing.names[i];
		char path[128];
		if (!text_starts(node, "vtcon") || strlen(node) > 20)
			continue;
		struct vtconsole *console = build_vtconsole(&reader->builder);
		console->node = text_safe(reader->arena, node, strlen(node));
		snprintf(path, sizeof path, "sys/class/vtconsole/%.20s/name",
			 node);
		console->name = read_text(reader, NULL, path);
		snprintf(path, sizeof path, "sys/class/vtconsole/%.20s/bind",
			 node);
		console->bound = read_num(reader, NULL, path, 10);
	}
	arena_free(&names);
}

/* The firmware's framebuffer as a device, and the GPU it is below. */
static void read_sysfbs(struct reader *reader)
{
	static const char *const names[] = {
		"simple-framebuffer.0", "efi-framebuffer.0",
		"vesa-framebuffer.0", "vga-framebuffer.0",
		"ega-framebuffer.0", "platform-framebuffer.0",
	};
	struct system *system = reader->system;
	struct sysfb *items = arena_array(
		reader->arena, sizeof names / sizeof *names, sizeof *items);

	system->sysfbs = items;
	system->sysfbs_known = KNOWN;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct buf real = {0};
		char path[96];
		snprintf(path, sizeof path, "sys/bus/platform/devices/%s",
			 names[i]);
		enum known known = root_real(reader->root, NULL, path, &real);
		if (!known_is_settled(known))
			system->sysfbs_known = known;
		if (known == KNOWN) {
			struct sysfb *fb = &items[system->sysfb_count++];
			fb->name = names[i];
			fb->device = device_in_path(system, buf_str(&real));
			buf_puts(&real, "/driver");
			fb->driver = read_link(reader, NULL, buf_str(&real));
		}
		buf_free(&real);
	}
}

/* Names under which the kernel books the firmware's framebuffer. */
static bool is_firmware_fb(const char *name)
{
	static const char *const names[] = { "BOOTFB", "efifb", "simpledrm",
					     "simple-framebuffer", "efidrm",
					     "vesafb", "vesadrm" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* "  c0000000-c07fffff : BOOTFB"; addresses read as 0 without root. */
static void read_iomem(struct reader *reader)
{
	const char *at, *line;
	size_t len;
	bool shown = false;

	reader->system->iomem_known = read_file(reader, "proc/iomem");
	if (reader->system->iomem_known != KNOWN)
		return;
	at = buf_str(&reader->text);
	while (text_line(&at, buf_end(&reader->text), &line,
			 &len)) {
		const char *rest = line;
		uint64_t start, end;
		if (!num_take(&rest, 16, &start) || *rest++ != '-' ||
		    !num_take(&rest, 16, &end) ||
		    rest + 3 > line + len || memcmp(rest, " : ", 3) != 0)
			continue;
		shown = shown || end;
		rest += 3;
		const char *name = text_safe(reader->arena, rest,
					     (size_t)(line + len - rest));
		if (is_firmware_fb(name))
			*build_bootfb(&reader->builder) = (struct bootfb){
				start, end, name,
			};
	}
	if (!shown)
		reader->system->iomem_known = DENIED;
}

void read_display(struct reader *reader)
{
	read_drm(reader);
	read_framebuffers(reader);
	read_vtconsoles(reader);
	read_sysfbs(reader);
	read_iomem(reader);
}
