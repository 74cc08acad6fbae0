// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads what a person uses: keyboards, open sound streams, the laptop's
 * panel, the switch between two GPUs.  It opens no device node.
 */
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "source/read.h"

/* The one radio that a Bluetooth keyboard can have come by, NONE where there
 * are several; its own folder is on no PCI device
 * (devices/virtual/misc/uhid). */
static int device_of_bluetooth(const struct usage *usage)
{
	int device = NONE;

	for (unsigned i = 0; i < usage->gear_count; i++) {
		if (usage->gear[i].kind != GEAR_BLUETOOTH)
			continue;
		if (device != NONE && device != usage->gear[i].device)
			return NONE;
		device = usage->gear[i].device;
	}
	return device;
}

/* Blocks of lines with an empty line between; a keyboard has the handler
 * kbd, EV bits with repeat (20), which a power button lacks, and letters. */
static void take_input(struct reader *reader, const char *name, size_t len,
		       const char *sysfs, size_t sysfs_len, bool bluetooth,
		       size_t *room)
{
	struct usage *usage = &reader->system->usage;
	struct keyboard *keyboards = arena_grow(
		reader->arena, (void *)(uintptr_t)usage->keyboards,
		usage->keyboard_count, room, sizeof *keyboards);
	struct buf path = {0};

	usage->keyboards = keyboards;
	buf_puts(&path, "sys");
	buf_add(&path, sysfs, sysfs_len);
	int device = device_in_path(reader->system, buf_str(&path));
	if (device == NONE && bluetooth)
		device = device_of_bluetooth(usage);
	keyboards[usage->keyboard_count++] = (struct keyboard){
		text_safe(reader->arena, name, len),
		text_safe(reader->arena, buf_str(&path), path.len), device,
		bluetooth,
	};
	buf_free(&path);
}

/* EV=120013: bit 20 is EV_REP, which real keyboards have and buttons lack. */
static bool repeats(const char *line)
{
	const char *at = line + strlen("B: EV=");
	uint64_t bits;

	return num_take(&at, 16, &bits) && bits & 1u << 20;
}

/* Lines of KEY= are words of 64 keys, the first keys last.  Keys 1 to 31, Esc
 * to S, are on every keyboard, and not among hotkeys; udev asks the same. */
static bool has_letters(const char *line, size_t len)
{
	static const uint64_t letters = 0xfffffffe;
	const char *at = line + len;
	uint64_t bits;

	while (at > line && at[-1] != ' ' && at[-1] != '=')
		at--;
	return num_take(&at, 16, &bits) && (bits & letters) == letters;
}

/* One that a program made (uinput, uhid): nobody types on it, but on what
 * comes by Bluetooth, which a program makes too. */
static bool is_made_up(const char *sysfs, size_t len, bool bluetooth)
{
	static const char folder[] = "/devices/virtual/";

	return !bluetooth && len >= sizeof folder - 1 &&
	       memcmp(sysfs, folder, sizeof folder - 1) == 0;
}

static void read_keyboards(struct reader *reader)
{
	struct usage *usage = &reader->system->usage;
	const char *at, *line, *name = "", *sysfs = "";
	size_t len, name_len = 0, sysfs_len = 0, room = 0;
	bool kbd = false, bluetooth = false, found = false;

	usage->keyboards_known = read_file(reader, "proc/bus/input/devices");
	if (usage->keyboards_known != KNOWN)
		return;
	struct buf text = {0};
	buf_add(&text, buf_str(&reader->text), reader->text.len);
	at = buf_str(&text);
	while (text_line(&at, buf_end(&text), &line, &len)) {
		if (!len && found)
			take_input(reader, name, name_len, sysfs, sysfs_len,
				   bluetooth, &room);
		found &= len > 0;
		if (len > 11 && memcmp(line, "I: Bus=", 7) == 0) {
			bluetooth = memcmp(line + 7, "0005", 4) == 0;
		} else if (len > 9 && memcmp(line, "N: Name=\"", 9) == 0) {
			name = line + 9;
			name_len = len - 10;
			kbd = false;
		} else if (len > 9 && memcmp(line, "S: Sysfs=", 9) == 0) {
			sysfs = line + 9;
			sysfs_len = len - 9;
		} else if (len > 12 && memcmp(line, "H: Handlers=", 12) == 0) {
			const char *word = strstr(line, "kbd");
			kbd = word && word < line + len;
		} else if (len > 6 && memcmp(line, "B: EV=", 6) == 0) {
			found = kbd && repeats(line) &&
				!is_made_up(sysfs, sysfs_len, bluetooth);
		} else if (len > 7 && memcmp(line, "B: KEY=", 7) == 0) {
			found &= has_letters(line, len);
		}
	}
	if (found)
		take_input(reader, name, name_len, sysfs, sysfs_len, bluetooth,
			   &room);
	buf_free(&text);
}

/* --- sound --- */

static void add_sound(struct reader *reader, const char *card,
		      const char *stream, size_t *room)
{
	struct usage *usage = &reader->system->usage;
	const char *text = buf_str(&reader->text);
	const char *state = strstr(text, "state: ");
	const char *owner = strstr(text, "owner_pid");
	char path[64];
	uint64_t pid = 0;

	if (owner && (owner = strchr(owner, ':'))) {
		owner++;
		num_take(&owner, 10, &pid);
	}
	const char *word = state ? state + 7 : text;
	const char *shown =
		text_safe(reader->arena, word, strcspn(word, "\n"));
	struct sound_use *sounds = arena_grow(
		reader->arena, (void *)(uintptr_t)usage->sounds,
		usage->sound_count, room, sizeof *sounds);
	usage->sounds = sounds;
	snprintf(path, sizeof path, "sys/class/sound/%.20s", card);
	int device = device_behind(reader, path);
	snprintf(path, sizeof path, "proc/%u/comm", (unsigned)pid);
	struct fact_text command = { UNREAD, "" };
	if (pid)
		command = read_text(reader, NULL, path);
	sounds[usage->sound_count++] = (struct sound_use){
		stream, shown, (uint32_t)pid, device, command.value,
	};
}

/* proc/asound/cardN/pcmNp/subN/status, "closed" or a state. */
static void read_streams(struct reader *reader, const char *card,
			 size_t *room)
{
	struct arena names = {0};
	struct listing pcms, subs;
	struct buf path = {0};

	buf_printf(&path, "proc/asound/%s", card);
	root_list(reader->root, NULL, buf_str(&path), &names, &pcms);
	for (unsigned p = 0; p < pcms.count; p++) {
		if (!text_starts(pcms.names[p], "pcm"))
			continue;
		buf_reset(&path);
		buf_printf(&path, "proc/asound/%s/%s", card, pcms.names[p]);
		root_list(reader->root, NULL, buf_str(&path), &names, &subs);
		for (unsigned s = 0; s < subs.count; s++) {
			if (!text_starts(subs.names[s], "sub"))
				continue;
			buf_reset(&path);
			buf_printf(&path, "proc/asound/%s/%s/%s/status", card,
				   pcms.names[p], subs.names[s]);
			if (read_file(reader, buf_str(&path)) == KNOWN &&
			    !text_starts(buf_str(&reader->text), "closed"))
				add_sound(reader, card,
					  arena_printf(reader->arena,
						       "%s/%s/%s", card,
						       pcms.names[p],
						       subs.names[s]), room);
		}
	}
	buf_free(&path);
	arena_free(&names);
}

static void read_sounds(struct reader *reader)
{
	struct arena names = {0};
	struct listing listing;
	size_t room = 0;

	reader->system->usage.sounds_known = root_list(
		reader->root, NULL, "proc/asound", &names, &listing);
	for (unsigned i = 0; i < listing.count; i++)
		if (text_starts(listing.names[i], "card") &&
		    listing.names[i][4] >= '0' && listing.names[i][4] <= '9' &&
		    strlen(listing.names[i]) < 12)
			read_streams(reader, listing.names[i], &room);
	arena_free(&names);
}

/* --- panel and GPU switch --- */

static void read_backlights(struct reader *reader)
{
	struct host *host = &reader->system->host;
	struct arena names = {0};
	struct listing listing;

	host->backlights_known = root_list(
		reader->root, NULL, "sys/class/backlight", &names, &listing);
	struct backlight *items = arena_array(
		reader->arena, listing.count + 1u, sizeof *items);
	for (unsigned i = 0; i < listing.count; i++) {
		struct buf path = {0};
		buf_printf(&path, "sys/class/backlight/%s", listing.names[i]);
		items[i].name = text_safe(reader->arena, listing.names[i],
					  strlen(listing.names[i]));
		items[i].device = device_behind(reader, buf_str(&path));
		buf_puts(&path, "/type");
		items[i].type = read_text(reader, NULL, buf_str(&path));
		buf_free(&path);
	}
	host->backlights = items;
	host->backlight_count = listing.count;
	arena_free(&names);
}

/* "0:IGD:+:Pwr:0000:00:02.0" */
static void read_switcheroo(struct reader *reader)
{
	struct host *host = &reader->system->host;
	const char *at, *line;
	struct switcheroo *items = NULL;
	size_t len, room = 0;

	host->switcheroo_known =
		read_file(reader, "sys/kernel/debug/vgaswitcheroo/switch");
	at = buf_str(&reader->text);
	while (host->switcheroo_known == KNOWN &&
	       text_line(&at, buf_end(&reader->text), &line, &len)) {
		const char *text = text_safe(reader->arena, line, len);
		size_t end = strlen(text);
		struct bdf address;
		if (end < 12 || !bdf_parse(text + end - 12, &address))
			continue;
		items = arena_grow(reader->arena, items,
				   host->switcheroo_count, &room,
				   sizeof *items);
		items[host->switcheroo_count++] = (struct switcheroo){
			text, system_device(reader->system, address),
		};
	}
	host->switcheroos = items;
}

void read_input(struct reader *reader)
{
	read_keyboards(reader);
	read_sounds(reader);
	read_backlights(reader);
	read_switcheroo(reader);
}
