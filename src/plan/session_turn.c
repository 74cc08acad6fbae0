// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What starts a session and what ends it, as intents.  The steps of what goes
 * along are in plan_session.c.
 */
#include "plan/session.h"

#include "base/i18n.h"
#include "model/topo.h"

static const char *note_of(const struct session_device *saved,
			   struct found found, struct arena *arena)
{
	char was[BDF_TEXT];

	return found.kind == FOUND_MOVED ?
		       arena_printf(arena, _("was %s when it was saved"),
				    bdf_print_short(saved->address, was)) : "";
}

static bool can_be_done(const struct session *session, struct err *err)
{
	if (*session->problem)
		err_set(err, "%s", session->problem);
	return !*session->problem;
}

bool session_start(const struct session *session, const struct system *system,
		   struct arena *arena, struct intent *intent,
		   struct err *err)
{
	struct company *company = arena_alloc(arena, sizeof *company);
	struct target *targets = arena_array(
		arena, session->device_count + 1u, sizeof *targets);
	struct bdf *devices = arena_array(arena, session->device_count + 1u,
					  sizeof *devices);

	if (!can_be_done(session, err))
		return false;
	for (unsigned i = 0; i < session->device_count; i++) {
		const struct session_device *saved = &session->devices[i];
		struct found found = session_find(saved, system);
		if (found.kind != FOUND_HERE && found.kind != FOUND_MOVED) {
			err_set(err, _("The session %s is refused: %s"),
				session->name,
				session_say(saved, found, system, arena));
			return false;
		}
		devices[i] = system->devices[found.device].address;
		targets[i] = (struct target){
			devices[i], saved->target,
			note_of(saved, found, arena) };
	}
	*company = (struct company){
		.session = session->name, .services = session->services,
		.service_count = session->service_count,
		.consoles = session->consoles, .wait_s = session->wait_s,
		.unload = session->unload,
	};
	*intent = (struct intent){
		.kind = INTENT_BIND,
		.title = arena_printf(arena, _("Start the session %s"),
				      session->name),
		.devices = devices, .device_count = session->device_count,
		.targets = targets, .target_count = session->device_count,
		.company = company,
	};
	return true;
}

/* What the start gave to a driver of the host's is not given to the host: all
 * that it changed goes back to what it was, and nothing else. */
static unsigned only_changed(const struct past *past, struct bdf *devices,
			     unsigned count)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < count; i++)
		if (past_changed(past, devices[i]))
			devices[kept++] = devices[i];
	return kept;
}

/* The homes of @past; and what no start changed is at home where it is: a
 * device that was the guest's before stays it. */
static const struct home *homes_of(const struct past *past,
				   const struct system *system,
				   unsigned *count, struct arena *arena)
{
	struct home *homes = arena_array(
		arena, past->home_count + system->device_count + 1u,
		sizeof *homes);

	for (*count = 0; *count < past->home_count; (*count)++)
		homes[*count] = past->homes[*count];
	for (unsigned i = 0; i < system->device_count; i++) {
		const struct device *device = &system->devices[i];
		if (device->driver.known == KNOWN &&
		    !past_changed(past, device->address))
			homes[(*count)++] = (struct home){
				device->address, device->driver.value, NULL };
	}
	return homes;
}

/* Whether a start gave this one to a driver of the host's, and it has it. */
static bool is_lent(const struct session_device *saved,
		    const struct device *device, const struct past *past)
{
	return *saved->target && !topo_is_harmless_driver(saved->target) &&
	       !topo_is_uio_driver(saved->target) &&
	       session_is_at_target(saved, device) &&
	       past_changed(past, device->address);
}

/* The devices of the session that are there; *lent: one is lent. */
static bool take_devices(const struct session *session,
			 const struct system *system, const struct past *past,
			 struct bdf *devices, unsigned *count, bool *lent,
			 struct err *err)
{
	*count = 0;
	*lent = false;
	for (unsigned i = 0; i < session->device_count; i++) {
		const struct session_device *saved = &session->devices[i];
		struct found found = session_find(saved, system);
		if (found.kind != FOUND_HERE && found.kind != FOUND_MOVED)
			continue;
		const struct device *device = &system->devices[found.device];
		devices[(*count)++] = device->address;
		*lent |= is_lent(saved, device, past);
	}
	if (!*count)
		err_set(err, _("No device of the session %s is there."),
			session->name);
	return *count > 0;
}

bool session_end(const struct session *session, const struct system *system,
		 const struct past *past, const struct home *homes,
		 unsigned home_count, struct arena *arena,
		 struct intent *intent, struct err *err)
{
	struct company *company = arena_alloc(arena, sizeof *company);
	struct bdf *devices = arena_array(arena, session->device_count + 1u,
					  sizeof *devices);
	unsigned count;
	bool lent;

	if (!can_be_done(session, err) ||
	    !take_devices(session, system, past, devices, &count, &lent, err))
		return false;
	if (lent)
		count = only_changed(past, devices, count);
	*company = (struct company){ .session = session->name, .ends = true };
	if (past) {
		company->after = past->after;
		company->after_count = past->after_count;
		homes = homes_of(past, system, &home_count, arena);
	}
	*intent = (struct intent){
		.kind = lent ? INTENT_UNDO : INTENT_RESTORE,
		.title = arena_printf(arena, _("End the session %s"),
				      session->name),
		.devices = devices, .device_count = count,
		.homes = homes, .home_count = home_count, .company = company,
	};
	return true;
}
