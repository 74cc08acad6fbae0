// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sessions as values: who is meant, and how it stands.  It opens no file; what
 * starts and ends one is in session_turn.c.
 */
#include "plan/session.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/topo.h"
#include "plan/choice.h"

enum { WAIT_USUAL_S = 20 };

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

static bool is_made_of(const char *text, const char *letters, size_t most)
{
	size_t len = strspn(text, letters);

	return len && !text[len] && len <= most;
}

bool session_is_name(const char *name)
{
	return *name != '-' && *name != '.' &&
	       is_made_of(name, LETTERS DIGITS "-_.", SESSION_NAME - 1);
}

bool session_is_service(const char *name)
{
	return *name != '-' && *name != '.' && text_ends(name, ".service") &&
	       is_made_of(name, LETTERS DIGITS ":_.@-", 127);
}

const struct session *session_named(const struct sessions *sessions,
				    const char *name)
{
	for (unsigned i = 0; sessions && i < sessions->count; i++)
		if (strcmp(sessions->items[i].name, name) == 0)
			return &sessions->items[i];
	return NULL;
}

/* --- where a device sits --- */

static int at_path(const struct system *system, const char *path)
{
	int found = NONE;

	for (unsigned i = 0; *path && found == NONE &&
			     i < system->device_count; i++) {
		struct arena scratch = {0};
		if (strcmp(topo_path(system, (int)i, &scratch), path) == 0)
			found = (int)i;
		arena_free(&scratch);
	}
	return found;
}

static bool knows_paths(const struct system *system)
{
	for (unsigned i = 0; i < system->device_count; i++)
		if (system->devices[i].path_known)
			return true;
	return false;
}

/* --- who it is --- */

static bool has_serial(const struct device *device)
{
	return device->config->ecaps == KNOWN && device->config->has_serial;
}

/* A serial number that could not be read, asleep or without rights, proves
 * nothing against it. */
static bool is_same(const struct session_device *saved,
		    const struct device *device)
{
	return device->identity == KNOWN && saved->vendor == device->vendor &&
	       saved->device == device->device &&
	       saved->subvendor == device->subvendor &&
	       saved->subdevice == device->subdevice &&
	       saved->class == device->class &&
	       !(saved->has_serial && has_serial(device) &&
		 saved->serial != device->config->serial);
}

/* The only device that is like it, or NONE; *several when there are more. */
static int find_like(const struct session_device *saved,
		     const struct system *system, bool *several)
{
	int found = NONE;

	*several = false;
	for (unsigned i = 0; i < system->device_count; i++) {
		if (!is_same(saved, &system->devices[i]))
			continue;
		*several = *several || found != NONE;
		found = (int)i;
	}
	return *several ? NONE : found;
}

static struct found found_at(const struct session_device *saved,
			     const struct system *system, int device)
{
	bool here = !bdf_compare(system->devices[device].address,
				 saved->address);

	return (struct found){ here ? FOUND_HERE : FOUND_MOVED, device };
}

struct found session_find(const struct session_device *saved,
			  const struct system *system)
{
	bool several;
	int here = *saved->path && knows_paths(system) ?
			   at_path(system, saved->path) :
			   system_device(system, saved->address);

	if (here != NONE && system->devices[here].identity != KNOWN)
		return (struct found){ FOUND_UNKNOWN, NONE };
	if (here != NONE && is_same(saved, &system->devices[here]))
		return found_at(saved, system, here);
	int like = find_like(saved, system, &several);
	/* Away from its place, only the number tells it from its twin. */
	if (like != NONE && saved->has_serial &&
	    !has_serial(&system->devices[like]))
		return (struct found){ FOUND_UNPROVEN, like };
	if (like != NONE)
		return found_at(saved, system, like);
	if (several)
		return (struct found){ FOUND_TWICE, NONE };
	if (here != NONE)
		return (struct found){ FOUND_EXCHANGED, here };
	return (struct found){ FOUND_MISSING, NONE };
}

const char *session_say(const struct session_device *saved,
			struct found found, const struct system *system,
			struct arena *arena)
{
	const struct device *now = found.device == NONE ? NULL :
				   &system->devices[found.device];
	char was[BDF_TEXT], is[BDF_TEXT];

	bdf_print_short(saved->address, was);
	if (now)
		bdf_print_short(now->address, is);
	switch (found.kind) {
	case FOUND_MOVED:
		return arena_printf(arena, _("%s is %s now."), was, is);
	case FOUND_EXCHANGED:
		return arena_printf(
			arena, _("%s is another device now: %04x:%04x%s "
				 "instead of %04x:%04x."), is, now->vendor,
			now->device, now->vendor == saved->vendor &&
				     now->device == saved->device ?
				_(" with another subsystem or serial number") :
				"", saved->vendor, saved->device);
	case FOUND_MISSING:
		return arena_printf(arena, _("%s (%04x:%04x) is not there."),
				    was, saved->vendor, saved->device);
	case FOUND_TWICE:
		return arena_printf(arena, _("%s (%04x:%04x) has moved, and "
					     "several devices are like it: "
					     "save the session again."),
				    was, saved->vendor, saved->device);
	case FOUND_UNKNOWN:
		return arena_printf(arena, _("What %s is could not be read."),
				    was);
	case FOUND_UNPROVEN:
		return arena_printf(arena, _("%s may be %s now, but the serial "
					     "number it was saved with could "
					     "not be read: look as root, with "
					     "the device awake."), was, is);
	case FOUND_HERE:
		break;
	}
	return "";
}

/* --- how it stands --- */

bool session_is_at_target(const struct session_device *saved,
			 const struct device *device)
{
	if (device->driver.known != KNOWN)
		return !*saved->target;
	return strcmp(device->driver.value, saved->target) == 0;
}

enum session_state session_state(const struct session *session,
				 const struct system *system)
{
	unsigned there = 0;

	for (unsigned i = 0; i < session->device_count; i++) {
		const struct session_device *saved = &session->devices[i];
		struct found found = session_find(saved, system);
		if (found.kind == FOUND_UNKNOWN ||
		    found.kind == FOUND_UNPROVEN)
			return SESSION_UNKNOWN;
		if (found.kind != FOUND_HERE && found.kind != FOUND_MOVED)
			return SESSION_ASTRAY;
		const struct device *device = &system->devices[found.device];
		if (!known_is_settled(device->driver.known))
			return SESSION_UNKNOWN;
		there += session_is_at_target(saved, device);
	}
	if (!session->device_count)
		return SESSION_UNKNOWN;
	return !there ? SESSION_ENDED :
	       there == session->device_count ? SESSION_STARTED :
						SESSION_PARTLY;
}

static const struct {
	const char *word, *title;
} states[] = {
	[SESSION_ENDED] = { "ended", N_("not started") },
	[SESSION_PARTLY] = { "partly", N_("started in part") },
	[SESSION_STARTED] = { "started", N_("started") },
	[SESSION_ASTRAY] = { "astray", N_("not these devices") },
	[SESSION_UNKNOWN] = { "unknown", N_("not known") },
};

const char *session_word(enum session_state state)
{
	return states[state].word;
}

const char *session_title(enum session_state state)
{
	return states[state].title;
}

/* --- made of devices --- */

static bool is_meant(const struct system *system, int index,
		     const struct bdf *devices, unsigned count)
{
	const struct device *self = &system->devices[index];

	if (topo_is_bridge(self) || topo_is_platform(self) ||
	    self->identity != KNOWN)
		return false;
	for (unsigned i = 0; i < count; i++) {
		int named = system_device(system, devices[i]);
		if (named == index ||
		    (named != NONE && self->group_index != NONE &&
		     system->devices[named].group_index == self->group_index))
			return true;
	}
	return false;
}

static const char *target_of(const struct device *device, const char *target,
			     struct arena *arena)
{
	if (target && strcmp(target, CHOICE_BEST) == 0)
		return choice_best(device, arena);
	if (target)
		return strcmp(target, CHOICE_NONE) == 0 ? "" : target;
	return device->driver.known == KNOWN &&
	       topo_is_vfio_driver(device->driver.value) ?
		       device->driver.value : "vfio-pci";
}

static struct session_device saved_of(const struct system *system, int index,
				      const char *target, struct arena *arena)
{
	const struct device *device = &system->devices[index];

	return (struct session_device){
		.address = device->address,
		.path = topo_path(system, index, arena),
		.class = device->class, .vendor = device->vendor,
		.device = device->device, .subvendor = device->subvendor,
		.subdevice = device->subdevice,
		.has_serial = has_serial(device),
		.serial = has_serial(device) ? device->config->serial : 0,
		.target = arena_text(arena,
				     target_of(device, target, arena)),
	};
}

bool session_make(const char *name, const struct system *system,
		  const struct bdf *devices, unsigned count,
		  const char *target, struct arena *arena,
		  struct session *session, struct err *err)
{
	struct session_device *saved = arena_array(
		arena, system->device_count + 1u, sizeof *saved);

	*session = (struct session){ .name = arena_text(arena, name),
				     .file = "", .problem = "",
				     .devices = saved,
				     .wait_s = WAIT_USUAL_S };
	if (!session_is_name(name)) {
		err_set(err, _("\"%.80s\" will not do as a name: letters, "
			       "digits, -, _ and . only, at most %d."), name,
			SESSION_NAME - 1);
		return false;
	}
	for (unsigned i = 0; i < system->device_count; i++)
		if (is_meant(system, (int)i, devices, count))
			saved[session->device_count++] =
				saved_of(system, (int)i, target, arena);
	if (!session->device_count)
		err_set(err, _("There is no device among these that could be "
			       "given away."));
	return session->device_count > 0;
}
