// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Steps as lines of text, for a shell and for the writer; and its replies.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "lib/machine.h"
#include "lib/planned.h"
#include "plan/plan.h"
#include "plan/wire.h"
#include "unit/plan_machine.h"

/* Shell lines and the wire. */

static void a_shell_takes_every_word_as_one(void **state)
{
	struct arena arena = {0};
	const struct step step = { .kind = STEP_WRITE, .path = "/sys/a b",
				   .value = "it's; $(reboot)" };

	(void)state;
	assert_string_equal(shell_line(&step, &arena),
			    "echo 'it'\\''s; $(reboot)' > '/sys/a b'");
	arena_free(&arena);
}

static const char *on_wire(const struct step *step, struct arena *arena)
{
	struct buf buf = {0};

	wire_step(&buf, step);
	const char *line = arena_text(arena, buf_str(&buf));
	buf_free(&buf);
	return line;
}

static void assert_crosses(const struct step *step, struct arena *arena)
{
	const char *line = on_wire(step, arena);
	struct step back;
	struct err err = {0};

	if (!wire_parse_step(line, arena, &back, &err))
		fail_msg("%s: %s", err.text, line);
	assert_string_equal(on_wire(&back, arena), line);
	assert_int_equal(back.kind, step->kind);
	assert_string_equal(back.path, step->path);
	assert_string_equal(back.value, step->value);
	assert_int_equal(back.expect.kind, step->expect.kind);
	assert_string_equal(back.expect.value, step->expect.value);
	assert_string_equal(back.self, step->self ? step->self : "");
	assert_int_equal(back.ensure, step->ensure);
	assert_int_equal(back.deadline_s, step->deadline_s);

	const char *boot;
	struct buf order = {0};
	wire_order(&order, step, "1f0c6a52-8d0e");
	assert_true(wire_parse_order(buf_str(&order), arena, &back, &boot,
				     NULL));
	assert_string_equal(on_wire(&back, arena), line);
	assert_string_equal(boot, "1f0c6a52-8d0e");
	assert_false(wire_parse_order(line, arena, &back, &boot, NULL));
	assert_false(wire_parse_step(buf_str(&order), arena, &back, NULL));
	buf_free(&order);
}

static void every_step_crosses_the_wire(void **state)
{
	struct arena arena = {0};
	const struct plan *plans[] = {
		planned_for(changed(&arena, made_desktop, without_vfio), &arena,
			    INTENT_BIND, "01:00.0"),
		planned_for(changed(&arena, made_desktop, with_modules_to_load),
			    &arena, INTENT_RESTORE, "01:00.0"),
	};

	(void)state;
	for (size_t p = 0; p < 2; p++)
		for (unsigned i = 0; i < plans[p]->step_count; i++) {
			const struct step *step = &plans[p]->steps[i];
			assert_crosses(step, &arena);
			for (unsigned u = 0; u < step->undo_count; u++)
				assert_crosses(&step->undo[u], &arena);
		}
	struct step odd = { .kind = STEP_WRITE, .path = "/a\tb\n%",
			    .value = "\x01 \xc3\xa4", .deadline_s = 1,
			    .before = { EXPECT_NOTHING, "", "" },
			    .expect = { EXPECT_TEXT, "/x", "" } };
	assert_crosses(&odd, &arena);
	arena_free(&arena);
}

static void what_is_no_step_is_refused(void **state)
{
	static const char *const lines[] = {
		"", "do", "\t\t\t\t\t\t\t\t\t\t\t\t\t",
		"do\twrite\t/p\tv\t\t\t\t-\t\t\t-\t\t",
		"do\twrite\t/p\tv\t\t\t\t-\t\t\t-\t\t\t15\t\t",
		"do\twrite\t/p\tv\t\t\t\t-\t\t\t-\t\t\t0\t",
		"do\twrite\t/p\tv\t\t\t\t-\t\t\t-\t\t\t601\t",
		"do\twrite\t/p\tv\t\t\t\t-\t\t\t-\t\t\t-1\t",
		"undo\twrite\t/p\tv\t\t\t\t-\t\t\t-\t\t\t15\t",
		"do\terase\t/p\tv\t\t\t\t-\t\t\t-\t\t\t15\t",
		"do\twrite\tp\tv\t\t\t\t-\t\t\t-\t\t\t15\t",
		"do\twrite\t/p\tv\tmodprobe\t\t\t-\t\t\t-\t\t\t15\t",
		"do\trun\t/p\tv\tmodprobe\tx\t\t-\t\t\t-\t\t\t15\t",
		"do\trun\t\t\t\tmodprobe\t\t-\t\t\t-\t\t\t15\t",
		"do\trun\t\t\t\t\t\t-\t\t\t-\t\t\t15\t",
		"do\tcheck\t\t\t\t\t\t-\t\t\t-\t\t\t15\t",
		"do\twrite\t/p\tv\t\t\t\t-\t/x\t\t-\t\t\t15\t",
		"do\twrite\t/p\tv\t\t\t\tsometimes\t/x\t\t-\t\t\t15\t",
		"do\twrite\t/p\tv\t\t\t\ttext\tx\t\t-\t\t\t15\t",
		"do\twrite\t/p\tv\t\t\t\t-\t\t\texists\t/x\ty\t15\t",
		"do\twrite\t/p\ta b\t\t\t\t-\t\t\t-\t\t\t15\t",
		"do\twrite\t/p\t%0\t\t\t\t-\t\t\t-\t\t\t15\t",
		"do\twrite\t/p\t%00\t\t\t\t-\t\t\t-\t\t\t15\t",
		"do\twrite\t/p\t%2f\t\t\t\t-\t\t\t-\t\t\t15\t",
		"do\twrite\t/p\tv\t\t\t\t-\t\t\t-\t\t\t15\tx",
		"do\trun\t\t\tmodprobe\tx\t\t-\t\t\t-\t\t\t15\tx",
		"do\twrite\t/p\t\x7f\t\t\t\t-\t\t\t-\t\t\t15\t",
	};
	static const char good[] =
		"do\twrite\t/p\tv\t\t\t\t-\t\t\t-\t\t\t15\t";
	struct arena arena = {0};
	struct step step;

	(void)state;
	assert_true(wire_parse_step(good, &arena, &step, NULL));
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (wire_parse_step(lines[i], &arena, &step, NULL))
			fail_msg("taken: %s", lines[i]);
	arena_free(&arena);
}

static void replies_cross_the_wire(void **state)
{
	const struct reply reply = { REPLY_FAILED, PHASE_EXPECT, 22, 15000,
				     4711, "nv_pci remove\thelper" };
	struct buf buf = {0};
	struct reply back;

	(void)state;
	wire_reply(&buf, &reply);
	assert_true(wire_parse_reply(buf_str(&buf), &back));
	assert_int_equal(back.kind, reply.kind);
	assert_int_equal(back.phase, reply.phase);
	assert_int_equal(back.errnum, reply.errnum);
	assert_int_equal(back.ms, reply.ms);
	assert_int_equal(back.pid, reply.pid);
	assert_string_equal(back.detail, reply.detail);
	assert_false(wire_parse_reply("done", &back));
	assert_false(wire_parse_reply("done\twrite\t0\t0\t0", &back));
	assert_false(wire_parse_reply("fine\twrite\t0\t0\t0\t", &back));
	assert_false(wire_parse_reply("done\twrite\t-1\t0\t0\t", &back));
	assert_false(wire_parse_reply("done\twrite\t0\tx\t0\t", &back));
	buf_free(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_shell_takes_every_word_as_one),
		cmocka_unit_test(every_step_crosses_the_wire),
		cmocka_unit_test(what_is_no_step_is_refused),
		cmocka_unit_test(replies_cross_the_wire),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
