// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the host would lose: file systems, swap, volumes, and disks that
 * nobody uses.
 */
#include "view/loss_part.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/storage.h"
#include "model/topo.h"
#include "view/label.h"

static bool is_same_use(const struct storage_use *a,
			const struct storage_use *b)
{
	return strcmp(a->block, b->block) == 0 && strcmp(a->what, b->what) == 0;
}

/* Of what stands on several disks: whether it was told already, and whether
 * one of them stays. */
static bool is_first(const struct tally *tally, unsigned index, bool *partly)
{
	const struct usage *usage = &tally->system->usage;
	bool first = true;

	*partly = false;
	for (unsigned i = 0; i < usage->storage_count; i++) {
		const struct storage_use *each = &usage->storage[i];
		if (!is_same_use(each, &usage->storage[index]))
			continue;
		if (!tally_takes(tally, each->device))
			*partly = true;
		else if (i < index)
			first = false;
	}
	return first;
}

/* "ext4 on vg0-home, luks-x (LUKS), nvme0n1p2" */
static const char *place(struct tally *tally, const struct storage_use *use)
{
	const char *through = use->through ? use->through : "";
	const char *where = *through ?
		TELL("%s, %s", use->block, through) : use->block;

	return strcmp(use->what, "swap") == 0 ? where :
		TELL(_("%s on %s"), use->type, where);
}

static void tell_use(struct tally *tally, unsigned index)
{
	const struct storage_use *use = &tally->system->usage.storage[index];
	bool swap = strcmp(use->what, "swap") == 0, partly;

	if (!tally_takes(tally, use->device) ||
	    !is_first(tally, index, &partly))
		return;
	const char *where = place(tally, use);
	const char *text = swap ? TELL(_("swap on %s"), where) :
		storage_is_system(use->what) && !use->pid ?
			TELL(_("the running system: %s (%s)"), use->what,
			     where) :
			TELL(_("the file system at %s (%s)"), use->what,
			     where);
	if (use->pid)
		text = TELL(_("%s, as process %u sees it"), text, use->pid);
	if (partly)
		text = TELL(_("%s, in part: other disks of it stay"), text);
	tally_add(tally, swap ? "swap" : "file-system", LOSS_GRAVE,
		  use->device, text);
}

/* What is mounted through it is told as that. */
static void tell_stack(struct tally *tally, const struct stack_use *use)
{
	const struct usage *usage = &tally->system->usage;
	const char *name = *use->what ? use->what : use->holder;

	for (unsigned i = 0; i < usage->storage_count; i++) {
		const struct storage_use *each = &usage->storage[i];
		if (each->device == use->device &&
		    (strcmp(each->block, name) == 0 ||
		     (each->through && strstr(each->through, name))))
			return;
	}
	/* A pool's file systems do not tell which disks they are on. */
	bool pool = strcmp(use->holder, "zfs") == 0;
	tally_add(tally, "volume", LOSS_GRAVE, use->device,
		  TELL(pool ? _("the pool %s on %s, and what is mounted from "
				"it") :
			      _("the volume %s on %s (not mounted)"),
		       name, use->block));
}

/* "Samsung 990 PRO, 2.0 TB" */
static const char *describe(struct tally *tally, const struct disk *disk)
{
	const char *text = disk->name;

	if (disk->model.known == KNOWN)
		text = TELL("%s, %s", text, disk->model.value);
	if (disk->size_bytes.known == KNOWN && disk->size_bytes.value)
		text = TELL("%s, %s", text,
			    label_bytes((uint64_t)disk->size_bytes.value,
					tally->arena));
	return text;
}

static void tell_disk(struct tally *tally, int index)
{
	const struct usage *usage = &tally->system->usage;
	const struct disk *disk = &usage->disks[index];

	if (disk->whole != NONE || !tally_takes(tally, disk->device) ||
	    storage_disk_is_used(tally->system, index))
		return;
	tally_add(tally, "disk", LOSS_HARMLESS, disk->device,
		  known_is_settled(usage->storage_known) ?
			TELL(_("a disk that nothing is mounted from (%s)"),
			     describe(tally, disk)) :
			TELL(_("a disk (%s)"), describe(tally, disk)));
}

static void tell_unknown(struct tally *tally, int device)
{
	const struct usage *usage = &tally->system->usage;

	if (!tally_uses(tally, device) ||
	    !storage_may_be_on(&tally->system->devices[device]))
		return;
	if (!known_is_settled(usage->storage_known))
		tally_add(tally, "file-system", LOSS_UNKNOWN, device,
			  TELL(_("perhaps file systems (not known: %s)"),
			       known_why(usage->storage_known)));
	else if (!known_is_settled(usage->spaces_known))
		tally_add(tally, "file-system", LOSS_UNKNOWN, device,
			  TELL(_("perhaps file systems of containers and "
				 "services (not known: %s)"),
			       known_why(usage->spaces_known)));
	if (!known_is_settled(usage->stacks_known))
		tally_add(tally, "volume", LOSS_UNKNOWN, device,
			  TELL(_("perhaps a part of a volume or pool (not "
				 "known: %s)"),
			       known_why(usage->stacks_known)));
}

void loss_storage(struct tally *tally)
{
	const struct usage *usage = &tally->system->usage;

	for (unsigned i = 0; i < usage->storage_count; i++)
		tell_use(tally, i);
	for (unsigned i = 0; i < usage->stack_count; i++)
		if (tally_takes(tally, usage->stacks[i].device))
			tell_stack(tally, &usage->stacks[i]);
	for (unsigned i = 0; i < usage->disk_count; i++)
		tell_disk(tally, (int)i);
	for (unsigned i = 0; i < tally->system->device_count; i++)
		tell_unknown(tally, (int)i);
}
