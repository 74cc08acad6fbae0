// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A busy desktop, and a session of its GPU.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/session_made.h"

#include "lib/alter.h"
#include "lib/machine.h"

const struct system *made(struct arena *arena, const char *edits)
{
	return altered(arena, made_desktop, edits);
}

const char busy[] =
	"service display-manager.service; console 1; fb 01:00.0 nvidiadrmfb;"
	"holder 01:00.0 /dev/nvidia0";

struct session saved(const struct system *system, struct arena *arena)
{
	static const char *const services[] = { "display-manager.service" };
	const struct bdf gpu = { .bus = 1 };
	struct session session;

	assert_true(session_make("win11", system, &gpu, 1, NULL, arena,
				 &session, NULL));
	session.services = services;
	session.service_count = 1;
	session.consoles = true;
	return session;
}
