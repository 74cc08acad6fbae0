// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads which of those who hold a card draws on its screens: debugfs,
 * dri/N/clients.
 *
 * drivers/gpu/drm/drm_debugfs.c, drm_clients_info().
 */
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "source/read.h"

enum { COMMAND_COLUMNS = 20 };

/* "      gnome-shell  1203   0   y    y  1000          0": the process, and
 * whether it is master of the card (drivers/gpu/drm/drm_debugfs.c,
 * drm_clients_info). */
static bool is_master(const char *line, size_t len, uint32_t *pid)
{
	const char *at = line + COMMAND_COLUMNS;
	uint64_t number, minor;

	if (len <= COMMAND_COLUMNS || !num_take(&at, 10, &number) ||
	    !num_take(&at, 10, &minor))
		return false;
	*pid = (uint32_t)number;
	at += strspn(at, " ");
	return *at == 'y';
}

static void mark_masters(struct reader *reader, int device)
{
	struct usage *usage = &reader->system->usage;
	struct holder *holders = (void *)(uintptr_t)usage->holders;
	const char *at = buf_str(&reader->text), *line;
	size_t len;
	uint32_t pid;

	while (text_line(&at, buf_end(&reader->text), &line, &len)) {
		if (!is_master(line, len, &pid))
			continue;
		for (unsigned i = 0; i < usage->holder_count; i++)
			if (holders[i].pid == pid &&
			    holders[i].device == device)
				holders[i].master = true;
	}
}

/* dri/N: the card's number, under which newer kernels keep a link. */
void read_masters(struct reader *reader)
{
	struct system *system = reader->system;
	struct usage *usage = &system->usage;

	usage->masters_known = KNOWN;
	for (unsigned i = 0; i < system->card_count; i++) {
		const struct card *card = &system->cards[i];
		char path[80];
		if (card->device == NONE)
			continue;
		snprintf(path, sizeof path,
			 "sys/kernel/debug/dri/%.20s/clients",
			 card->name + strcspn(card->name, "0123456789"));
		enum known known = read_file(reader, path);
		if (known == KNOWN)
			mark_masters(reader, card->device);
		else
			usage->masters_known = known == ABSENT ? UNREAD :
								 known;
	}
}
