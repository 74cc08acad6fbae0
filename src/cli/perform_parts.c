// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Words of the command line into plans that change no driver: virtual
 * functions, mediated devices, resets, power.
 */
#include "cli/perform.h"

#include <string.h>

#include "act/act.h"
#include "act/uuid.h"
#include "base/i18n.h"
#include "base/num.h"
#include "cli/complain.h"
#include "cli/perform_part.h"

/* Words behind the command itself: from, at least, at most. */
static bool has_words(const struct options *options, unsigned least,
		      unsigned most)
{
	return options->word_count > least && options->word_count <= most + 1;
}

static const char *word(const struct options *options, unsigned at)
{
	return at < options->word_count ? options->words[at] : "";
}

static bool fill_vfs(const struct options *options, struct machine *machine,
		     struct intent *intent, struct err *err)
{
	uint64_t count;

	if (!num_parse(word(options, 2), 10, &count) || count > UINT16_MAX) {
		err_set(err, _("\"%.60s\" is no number of virtual functions."),
			word(options, 2));
		return false;
	}
	intent->kind = INTENT_VFS;
	intent->count = (unsigned)count;
	intent->autoprobe = options->autoprobe;
	return perform_find(machine, options->words + 1, 1, intent, err);
}

static bool fill_reset(const struct options *options, struct machine *machine,
		       struct intent *intent, struct err *err)
{
	intent->kind = INTENT_RESET;
	return perform_find(machine, options->words + 1,
			    options->word_count - 1, intent, err);
}

/* "power 01:00.0 auto": the last word says how. */
static bool fill_power(const struct options *options, struct machine *machine,
		       struct intent *intent, struct err *err)
{
	const char *how = word(options, options->word_count - 1);

	if (strcmp(how, "on") != 0 && strcmp(how, "auto") != 0) {
		err_set(err, _("power ends in on (keep awake) or auto (let "
			       "sleep when idle), not \"%.60s\"."), how);
		return false;
	}
	intent->kind = INTENT_POWER;
	intent->power = how;
	return perform_find(machine, options->words + 1,
			    options->word_count - 2, intent, err);
}

static bool fill_create(const struct options *options,
			struct machine *machine, struct intent *intent,
			struct err *err)
{
	intent->kind = INTENT_CREATE;
	intent->parent = word(options, 2);
	intent->type = word(options, 3);
	intent->uuid = options->word_count > 4 ?
		uuid_parse(word(options, 4), &machine->arena, err) :
		uuid_make(&machine->arena, err);
	return intent->uuid != NULL;
}

static bool fill_remove(const struct options *options,
			struct machine *machine, struct intent *intent,
			struct err *err)
{
	const struct mdevs *mdevs = &machine->scene.system->mdevs;

	intent->kind = INTENT_REMOVE;
	intent->uuid = uuid_parse(word(options, 2), &machine->arena, err);
	for (unsigned i = 0; intent->uuid && i < mdevs->item_count; i++)
		if (strcmp(mdevs->items[i].uuid, intent->uuid) == 0)
			return true;
	if (!intent->uuid || !known_is_settled(mdevs->items_known))
		return intent->uuid != NULL;
	err_set(err, _("There is no mediated device %s; vfiotop mdev list "
		       "shows which there are."), intent->uuid);
	return false;
}

static const struct {
	const char *word, *verb;	/* "" where there is none */
	unsigned least, most;		/* words behind the first */
	bool (*fill)(const struct options *options, struct machine *machine,
		     struct intent *intent, struct err *err);
	const char *wants;		/* N_() */
} kinds[] = {
	{ "vfs", "", 2, 2, fill_vfs,
	  N_("vfs wants a device (01:00.0) and how many virtual functions it "
	     "is to have; 0 removes them.") },
	{ "reset", "", 1, 64, fill_reset,
	  N_("reset wants at least one device (01:00.0) or group "
	     "(group:13).") },
	{ "power", "", 2, 64, fill_power,
	  N_("power wants devices (01:00.0), and on or auto.") },
	{ "mdev", "create", 3, 4, fill_create,
	  N_("mdev create wants a parent (01:00.0, or its name), a type, and "
	     "a UUID if you have one.") },
	{ "mdev", "remove", 2, 2, fill_remove,
	  N_("mdev remove wants the UUID of a mediated device.") },
};

/* The row of the command; behind the last when there is none. */
static size_t find_kind(const struct options *options)
{
	size_t i = 0;

	for (; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].word, word(options, 0)) == 0 &&
		    (!*kinds[i].verb ||
		     strcmp(kinds[i].verb, word(options, 1)) == 0))
			break;
	return i;
}

bool perform_parts_check(const struct options *options, struct err *err)
{
	size_t i = find_kind(options);

	if (i == sizeof kinds / sizeof *kinds) {
		err_set(err, _("mdev wants one of: list, create, remove."));
		return false;
	}
	if (has_words(options, kinds[i].least, kinds[i].most))
		return true;
	err_set(err, "%s", _(kinds[i].wants));
	return false;
}

int perform_parts(const struct options *options, struct machine *machine)
{
	struct intent *intent = arena_alloc(&machine->arena, sizeof *intent);
	struct err err;

	return kinds[find_kind(options)].fill(options, machine, intent, &err) ?
		       perform_intent(options, machine, intent) :
		       complain(&err, EXIT_USAGE);
}
