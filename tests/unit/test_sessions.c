// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sessions as files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "act/sessions.h"
#include "lib/place.h"
#include "plan/session.h"
#include "unit/session_made.h"

/* --- sessions as files --- */

static void a_session_is_read_back_as_it_was_saved(void **state)
{
	struct place *place = *state;
	const struct session_folders folders = { place->folder, NULL };
	struct arena arena = {0};
	const struct system *system = made(&arena, busy);
	struct session session = saved(system, &arena);
	struct session_device device = session.devices[0];
	struct err err = {0};

	device.has_serial = true;
	device.serial = 0xfedcba9876543210u;
	device.path = "0000:00/01.0/00.0";
	session.devices = &device;
	session.device_count = 1;
	if (!sessions_save(folders, &session, &arena, &err))
		fail_msg("%s", err.text);
	struct sessions all = sessions_read(folders, &arena);
	assert_int_equal(all.count, 1);
	const struct session *read = session_named(&all, "win11");
	assert_non_null(read);
	assert_string_equal(read->problem, "");
	assert_int_equal(read->device_count, 1);
	assert_int_equal(read->devices[0].serial, device.serial);
	assert_string_equal(read->devices[0].path, device.path);
	assert_int_equal(session_find(read->devices, system).kind, FOUND_HERE);
	assert_string_equal(read->services[0], "display-manager.service");
	assert_true(read->consoles);
	assert_int_equal(read->wait_s, 20);
	arena_free(&arena);
}

static void saving_again_keeps_what_a_person_wrote(void **state)
{
	struct place *place = *state;
	const struct session_folders folders = { place->folder, NULL };
	struct arena arena = {0};
	const struct system *system = made(&arena, busy);
	struct session session = saved(system, &arena);
	struct session again = saved(system, &arena);

	assert_true(sessions_save(folders, &session, &arena, NULL));
	again.service_count = 0;
	again.consoles = false;
	again.wait_s = 5;
	assert_true(sessions_save(folders, &again, &arena, NULL));
	struct sessions all = sessions_read(folders, &arena);
	assert_int_equal(all.count, 1);
	assert_int_equal(all.items[0].service_count, 1);
	assert_true(all.items[0].consoles);
	assert_int_equal(all.items[0].wait_s, 20);
	arena_free(&arena);
}

static void what_is_no_session_says_why(void **state)
{
	static const struct { const char *text, *says; } cases[] = {
		{ "", "line" },
		{ "{", "line 1" },
		{ "[]", "\"vfiotop-session\": 1" },
		{ "{\"vfiotop-session\": 2}", "\"vfiotop-session\": 1" },
		{ "{\"vfiotop-session\": 1}", "\"devices\"" },
		{ "{\"vfiotop-session\": 1, \"devices\": [1]}",
		  "\"address\"" },
		{ "{\"vfiotop-session\": 1, \"devices\": [{\"address\": "
		  "\"01:00.0\", \"target\": \"../x\"}]}", "\"target\"" },
		{ "{\"vfiotop-session\": 1, \"devices\": [{\"address\": "
		  "\"01:00.0\", \"target\": \"vfio-pci\", \"class\": "
		  "\"0x1000000\"}]}", "\"class\"" },
		{ "{\"a\": 1, \"a\": 2}", "line" },
		{ "{\"vfiotop-session\": 1, \"stop-services\": "
		  "[\"; reboot\"], \"devices\": [{\"address\": \"01:00.0\", "
		  "\"target\": \"\", \"class\": \"0x030000\", \"vendor\": "
		  "\"0x10de\", \"device\": \"0x2684\", \"subvendor\": \"0x0\", "
		  "\"subdevice\": \"0x0\"}]}", "full names" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		struct session session = sessions_parse(
			"x", "x.json", cases[i].text, strlen(cases[i].text),
			&arena);
		if (!strstr(session.problem, cases[i].says))
			fail_msg("case %zu says: %s", i, session.problem);
		arena_free(&arena);
	}
}

static void one_s_own_session_hides_the_machine_s(void **state)
{
	struct place *place = *state;
	struct arena arena = {0};
	const struct system *system = made(&arena, busy);
	const char *common = arena_printf(&arena, "%s/a/b", place->folder);
	struct session mine = saved(system, &arena);
	struct session theirs = saved(system, &arena);
	struct session only = saved(system, &arena);

	theirs.wait_s = 7;
	only.name = "only";
	assert_true(sessions_save((struct session_folders){ common, NULL },
				  &theirs, &arena, NULL));
	assert_true(sessions_save((struct session_folders){ common, NULL },
				  &only, &arena, NULL));
	assert_true(sessions_save(
		(struct session_folders){ place->folder, common }, &mine,
		&arena, NULL));
	struct sessions all = sessions_read(
		(struct session_folders){ place->folder, common }, &arena);
	assert_int_equal(all.count, 2);
	assert_string_equal(all.items[0].name, "only");
	assert_int_equal(all.items[1].wait_s, 20);
	arena_free(&arena);
}

#define WITH_FOLDER(name) \
	cmocka_unit_test_setup_teardown(name, place_start, place_stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FOLDER(a_session_is_read_back_as_it_was_saved),
		WITH_FOLDER(saving_again_keeps_what_a_person_wrote),
		WITH_FOLDER(one_s_own_session_hides_the_machine_s),
		cmocka_unit_test(what_is_no_session_says_why),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
