// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sentences about a plan under way.  It decides nothing.
 *
 * Source of what an errno of bind means: drivers/base/bus.c, bind_store();
 * drivers/vfio/pci/vfio_pci_core.c; drivers/iommu/iommu.c,
 * iommu_device_use_default_domain().
 */
#include "act/words.h"

#include <errno.h>
#include <pwd.h>
#include <string.h>

#include "base/i18n.h"
#include "base/num.h"
#include "base/text.h"
#include "plan/self.h"

static bool is_bind(const struct step *step)
{
	return step->kind == STEP_WRITE && text_ends(step->path, "/bind");
}

/* What the kernel means when it refuses a bind. */
static const char *meaning_of_bind(const struct step *step, int errnum)
{
	bool vfio = strstr(step->path, "vfio") != NULL;

	switch (errnum) {
	case ENODEV:
		return _("the driver does not take this device");
	case EBUSY:
		return vfio ? _("the device has a driver, or virtual "
				"functions") :
			      _("the device has a driver, or a guest still "
				"holds its group");
	case EINVAL:
		return vfio ? _("vfio does not take it: no group, a bridge, "
				"or a device on its list of refusals") :
			      _("the driver refuses it; a guest may still "
				"hold the group");
	case ENOENT:
		return _("the driver is not there");
	default:
		return NULL;
	}
}

static const char *written(const struct step *step, int errnum,
			   struct arena *arena)
{
	const char *meaning = is_bind(step) ? meaning_of_bind(step, errnum) :
					      NULL;

	if (!meaning && errnum == ENOENT)
		meaning = _("the device or the file is not there any more");
	if (meaning)
		return arena_printf(arena, "%s (%s)", meaning,
				    strerror(errnum));
	return arena_printf(arena, _("the kernel answered: %s"),
			    strerror(errnum));
}

/* A device that would be lost too, or how often the module is in use. */
static const char *not_spare(const struct expect *expect, const char *seen,
			     struct arena *arena)
{
	if (strchr(seen, ':'))
		return arena_printf(arena, _("%s would lose its driver too"),
				    seen);
	if (!*seen)
		return arena_printf(arena, _("%s is not there"),
				    expect->path);
	return arena_printf(arena, _("%s is in use (%s)"), expect->path, seen);
}

static const char *unseen(const struct expect *expect, const char *seen,
			  struct arena *arena)
{
	switch (expect->kind) {
	case EXPECT_DRIVER:
		if (!*seen)
			return arena_printf(arena, _("no driver has it, not "
						     "%s"), expect->value);
		if (!*expect->value)
			return arena_printf(arena, _("%s still has it"), seen);
		return arena_printf(arena, _("%s has it, not %s"), seen,
				    expect->value);
	case EXPECT_TEXT:
		return arena_printf(arena, _("%s reads \"%s\", not \"%s\""),
				    expect->path, seen, expect->value);
	case EXPECT_EXISTS:
		return arena_printf(arena, _("%s is not there"), expect->path);
	case EXPECT_LINE:
	case EXPECT_FILE:
		return arena_printf(arena, _("%s is not as it was read: "
					     "somebody has changed it"),
				    expect->path);
	case EXPECT_GONE:
		return arena_printf(arena, _("%s is there"), expect->path);
	case EXPECT_SPARE:
		return not_spare(expect, seen, arena);
	case EXPECT_UNLOADED:
		return arena_printf(arena, _("%s is still there"),
				    expect->path);
	case EXPECT_FREE:
		return arena_printf(arena, _("%s still holds %s; nothing was "
					     "ended by force"),
				    *seen ? seen : _("somebody"),
				    expect->path);
	case EXPECT_OTHER:
		if (!*seen)
			return _("no driver took it");
		return arena_printf(arena, _("%s took it again: it may be told "
					     "to by its ids= parameter"),
				    seen);
	case EXPECT_NOTHING:
		break;
	}
	return "";
}

/* It is not what was shown, in what was shown. */
static const char *other(const struct step *step, const char *seen)
{
	if (!*seen)
		return _("the device is not there any more");
	if (!self_is_same_kind(step->self, seen))
		return _("another device is in its place now");
	return _("its group has other members now than were shown");
}

const char *words_failure(const struct step *step, const struct reply *reply,
			  struct arena *arena)
{
	switch (reply->phase) {
	case PHASE_REFUSED:
		return arena_printf(arena, _("the writer refuses it: %s"),
				    reply->detail);
	case PHASE_SELF:
		return other(step, reply->detail);
	case PHASE_BEFORE:
		return arena_printf(arena, _("the machine has changed: %s"),
				    unseen(&step->before, reply->detail,
					   arena));
	case PHASE_WRITE:
		return written(step, reply->errnum, arena);
	case PHASE_RUN:
		if (reply->errnum)
			return arena_printf(arena, _("%s could not be run: "
						     "%s"), step->argv[0],
					    strerror(reply->errnum));
		return arena_printf(arena, _("%s ended with status %s"),
				    step->argv[0], reply->detail);
	case PHASE_EXPECT:
		return unseen(&step->expect, reply->detail, arena);
	}
	return "";
}

const char *words_stuck(const struct reply *reply, struct arena *arena)
{
	if (!reply->pid)
		return _("the kernel has stumbled over it: its log holds an "
			 "oops");
	if (!*reply->detail)
		return arena_printf(arena, _("process %u waits in the kernel"),
				    reply->pid);
	return arena_printf(arena, _("process %u waits in the kernel (%s)"),
			    reply->pid, reply->detail);
}

const char *words_done(const char *title, struct arena *arena)
{
	return arena_printf(arena, _("%s: done and verified."), title);
}

const char *words_rolled_back(unsigned step, const char *why,
			      struct arena *arena)
{
	return arena_printf(arena, _("Step %u failed: %s. Everything is as it "
				     "was."), step + 1, why);
}

const char *words_partly(unsigned step, const char *why, struct arena *arena)
{
	return arena_printf(arena, _("Step %u failed: %s. Not everything "
				     "could be taken back; the steps say "
				     "what."), step + 1, why);
}

/*
 * Whether only a new start helps.  Drivers for vfio wait for whoever has the
 * device open and then let go; nvidia does not, even once its users are gone
 * (NVRM: "Attempting to remove device … with non-zero usage count").
 */
static const char *way_out(const struct step *stuck)
{
	const char *driver = stuck->before.kind == EXPECT_DRIVER ?
				     stuck->before.value : "";

	if (stuck->expect.kind == EXPECT_UNLOADED)
		return _("A module that does not go hardly ever does: save "
			 "your work and reboot.");
	if (stuck->kind == STEP_RUN)
		return _("A module that does not come up hardly ever does: "
			 "save your work and reboot.");
	if (text_starts(driver, "nvidia"))
		return _("nvidia does not recover from this: save your work "
			 "and reboot.");
	if (strstr(driver, "vfio"))
		return _("It comes back when the guest or program that holds "
			 "the device lets it go: end that.");
	return _("It may come back when whoever holds the device lets it go; "
		 "if nobody does, only a reboot helps: save your work.");
}

const char *words_stuck_verdict(unsigned step, const struct step *stuck,
				const struct reply *reply, const char *why,
				struct arena *arena)
{
	if (!reply->pid)
		return arena_printf(
			arena, _("Stopped at step %u: %s. Nothing more is "
				 "written, for locks may be held that nobody "
				 "lets go of. Save your work and reboot."),
			step + 1, why);
	return arena_printf(arena, _("Stuck at step %u: %s. Nothing can end "
				     "it, and nothing more is written. %s "
				     "vfiotop can be left; shutting down may "
				     "wait for it too."),
			    step + 1, why, way_out(stuck));
}

const char *words_not_started(const char *why, struct arena *arena)
{
	if (*why)
		return arena_printf(arena, _("Nothing was written: %s."), why);
	return _("Nothing was written: the writer was not allowed to start.");
}

/* By name where there is one. */
static const char *user_of(const struct reply *reply, struct arena *arena)
{
	uint64_t number;
	const struct passwd *user =
		num_parse(reply->detail, 10, &number) && number < UINT32_MAX ?
			getpwuid((uid_t)number) : NULL;
	const char *name = user ? user->pw_name : reply->detail;

	return text_safe(arena, name, strlen(name));
}

const char *words_busy(const struct reply *reply, struct arena *arena)
{
	if (reply->errnum)
		return arena_printf(arena, _("Nothing was done: the lock "
					     "/run/vfiotop/lock could not be "
					     "taken: %s."),
				    strerror(reply->errnum));
	if (!reply->pid || !*reply->detail)
		return _("Nothing was done: another vfiotop is at work on this "
			 "machine. Wait for it to end.");
	return arena_printf(arena, _("Nothing was done: another vfiotop, "
				     "started by %s, is at work on this "
				     "machine (process %u). Wait for it to "
				     "end."),
			    user_of(reply, arena), reply->pid);
}

const char *words_deserted(unsigned step, const char *why,
			   struct arena *arena)
{
	return arena_printf(arena, _("The writer ended at step %u%s%s: what "
				     "was done before is not taken back. "
				     "\"vfiotop recover\" does it."),
			    step + 1, *why ? ": " : "", why);
}
