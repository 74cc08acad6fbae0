// SPDX-License-Identifier: GPL-2.0-or-later
/* Having a device asked: what the writer says, and what a person is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "act/inspect.h"

/* A writer that says these, and then nothing, or ends. */
struct writer {
	const struct reply *replies;
	unsigned count, at;
	bool ends;
	const char *words;
	unsigned sent;
};

static bool send(void *self, const struct step *step)
{
	struct writer *writer = self;

	assert_int_equal(step->kind, STEP_ASK);
	writer->sent++;
	return true;
}

static enum taken take(void *self, struct reply *reply)
{
	struct writer *writer = self;

	if (writer->at == writer->count)
		return writer->ends ? TAKEN_END : TAKEN_NOTHING;
	*reply = writer->replies[writer->at++];
	return TAKEN_REPLY;
}

static int no_fd(const void *self)
{
	(void)self;
	return -1;
}

static const char *last_words(const void *self)
{
	const struct writer *writer = self;

	return writer->words ? writer->words : "";
}

static void close_it(void *self)
{
	(void)self;
}

static const struct step step = {
	.kind = STEP_ASK, .path = "/dev/vfio/7", .value = "0000:01:00.0",
};

static struct inspect *begin(struct writer *writer, struct arena *arena)
{
	return inspect_with((struct backend){ writer, send, take, no_fd,
					      last_words, close_it }, &step,
			    arena);
}

static void what_comes_in_pieces_is_put_together(void **state)
{
	static const struct reply replies[] = {
		{ .kind = REPLY_READY },
		{ .kind = REPLY_FOUND, .detail = "api group\nfeat" },
		{ .kind = REPLY_FOUND, .detail = "ure 3 0\nend 0 0\n" },
		{ .kind = REPLY_DONE },
	};
	struct writer writer = { replies, 4, 0, false, NULL, 0 };
	struct arena arena = {0};
	struct inspect *inspect = begin(&writer, &arena);

	(void)state;
	assert_int_equal(inspect_step(inspect), OUTCOME_DONE);
	assert_int_equal(writer.sent, 1);
	assert_string_equal(buf_str(inspect_record(inspect)),
			    "api group\nfeature 3 0\nend 0 0\n");
	assert_string_equal(inspect_failure(inspect), "");
	inspect_end(inspect);
	arena_free(&arena);
}

static void it_waits_where_nothing_is_said(void **state)
{
	static const struct reply ready = { .kind = REPLY_READY };
	struct writer writer = { &ready, 1, 0, false, NULL, 0 };
	struct arena arena = {0};
	struct inspect *inspect = begin(&writer, &arena);

	(void)state;
	assert_false(inspect_has_begun(inspect));
	assert_int_equal(inspect_step(inspect), OUTCOME_RUNNING);
	assert_true(inspect_has_begun(inspect));
	inspect_end(inspect);
	arena_free(&arena);
}

static void expect(const struct reply *replies, unsigned count, bool ends,
		   const char *words, enum outcome outcome, const char *text)
{
	struct writer writer = { replies, count, 0, ends, words, 0 };
	struct arena arena = {0};
	struct inspect *inspect = begin(&writer, &arena);

	assert_int_equal(inspect_step(inspect), outcome);
	if (!strstr(inspect_failure(inspect), text))
		fail_msg("%s", inspect_failure(inspect));
	assert_int_equal(inspect_record(inspect)->len, 0);
	inspect_end(inspect);
	arena_free(&arena);
}

static void each_failure_is_a_sentence(void **state)
{
	static const struct reply gone[] = {
		{ .kind = REPLY_READY },
		{ .kind = REPLY_FOUND, .detail = "api group\n" },
	};
	static const struct reply changed[] = {
		{ .kind = REPLY_READY },
		{ .kind = REPLY_FAILED, .phase = PHASE_BEFORE,
		  .detail = "nouveau" },
	};
	static const struct reply refused[] = {
		{ .kind = REPLY_READY },
		{ .kind = REPLY_FAILED, .phase = PHASE_REFUSED,
		  .detail = "not a device that is asked" },
	};
	static const struct reply stuck[] = {
		{ .kind = REPLY_READY },
		{ .kind = REPLY_STUCK, .detail = "vfio_df_open, state D" },
	};

	(void)state;
	expect(NULL, 0, true, "", OUTCOME_REFUSED, "needs root");
	expect(NULL, 0, true, "a password is required", OUTCOME_REFUSED,
	       "a password is required");
	expect(gone, 2, true, "", OUTCOME_ROLLED_BACK, "before it had told");
	expect(changed, 2, false, "", OUTCOME_REFUSED, "nouveau");
	expect(refused, 2, false, "", OUTCOME_REFUSED, "refused it");
	expect(stuck, 2, false, "", OUTCOME_STUCK, "vfio_df_open");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_comes_in_pieces_is_put_together),
		cmocka_unit_test(it_waits_where_nothing_is_said),
		cmocka_unit_test(each_failure_is_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
