// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads what else devices let the host do, and the sound cards: names in the
 * folders of classes, and where they really are.  Contents stay unread.
 */
#include <string.h>

#include "base/text.h"
#include "source/read.h"

/* Classes of sysfs, and the names in them that count. */
static const struct {
	enum gear_kind kind;
	const char *folder, *prefix;
} classes[] = {
	{ GEAR_BLUETOOTH, "sys/class/bluetooth", "hci" },
	{ GEAR_TPM, "sys/class/tpm", "tpm" },
	{ GEAR_WIRELESS, "sys/class/ieee80211", "phy" },
	{ GEAR_CAMERA, "sys/class/video4linux", "video" },
	{ GEAR_WATCHDOG, "sys/class/watchdog", "watchdog" },
	{ GEAR_RDMA, "sys/class/infiniband", "" },
	{ GEAR_CARD_READER, "sys/class/mmc_host", "mmc" },
	{ GEAR_CLOCK, "sys/class/ptp", "ptp" },
};

_Static_assert(sizeof classes / sizeof *classes == GEAR_COUNT,
	       "each kind has its class");

/* hci0:11 is a connection of hci0. */
static bool counts(const char *name, const char *prefix)
{
	return text_starts(name, prefix) && !strchr(name, ':');
}

static void read_class(struct reader *reader, size_t class, size_t *room)
{
	struct usage *usage = &reader->system->usage;
	struct arena names = {0};
	struct listing listing;
	struct buf path = {0};

	enum known known = root_list(reader->root, NULL,
				     classes[class].folder, &names, &listing);
	if (!known_is_settled(known))
		usage->gear_known = known;
	for (unsigned i = 0; i < listing.count; i++) {
		if (!counts(listing.names[i], classes[class].prefix))
			continue;
		buf_reset(&path);
		buf_printf(&path, "%s/%s", classes[class].folder,
			   listing.names[i]);
		int device = device_behind(reader, buf_str(&path));
		if (device == NONE)
			continue;
		struct gear *all = arena_grow(
			reader->arena, (void *)(uintptr_t)usage->gear,
			usage->gear_count, room, sizeof *all);
		usage->gear = all;
		all[usage->gear_count++] = (struct gear){
			classes[class].kind,
			text_safe(reader->arena, listing.names[i],
				  strlen(listing.names[i])),
			device,
		};
	}
	buf_free(&path);
	arena_free(&names);
}

/* card0 of sys/class/sound; the rest there are its nodes. */
static void read_sound_cards(struct reader *reader)
{
	struct usage *usage = &reader->system->usage;
	struct arena names = {0};
	struct listing listing;
	struct buf path = {0};
	size_t room = 0;

	usage->sound_cards_known = root_list(
		reader->root, NULL, "sys/class/sound", &names, &listing);
	for (unsigned i = 0; i < listing.count; i++) {
		const char *name = listing.names[i];
		if (!text_starts(name, "card"))
			continue;
		buf_reset(&path);
		buf_printf(&path, "sys/class/sound/%s", name);
		int device = device_behind(reader, buf_str(&path));
		if (device == NONE)
			continue;
		struct sound_card *all = arena_grow(
			reader->arena, (void *)(uintptr_t)usage->sound_cards,
			usage->sound_card_count, &room, sizeof *all);
		usage->sound_cards = all;
		buf_puts(&path, "/id");
		all[usage->sound_card_count++] = (struct sound_card){
			text_safe(reader->arena, name, strlen(name)),
			read_text(reader, NULL, buf_str(&path)), device,
		};
	}
	buf_free(&path);
	arena_free(&names);
}

void read_gear(struct reader *reader)
{
	size_t room = 0;

	reader->system->usage.gear_known = KNOWN;
	for (size_t i = 0; i < GEAR_COUNT; i++)
		read_class(reader, i, &room);
	read_sound_cards(reader);
}
