// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The writer in talk with the program.  A pipe with a name is a write that
 * blocks, and whoever reads it is the kernel.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apply/child.h"
#include "apply/serve.h"
#include "apply/write.h"
#include "unit/apply_tree.h"

enum { PATIENCE_MS = 20000 };

/* The conversation. */

struct talk {
	pid_t pid;
	int to, from;
};

static struct talk start_talk(struct tree *tree, int deadline_ms,
			      unsigned settle_ms)
{
	struct talk talk;
	int there[2], back[2];

	assert_int_equal(pipe2(there, O_CLOEXEC), 0);
	assert_int_equal(pipe2(back, O_CLOEXEC), 0);
	talk.pid = fork();
	if (talk.pid == 0) {
		struct writer writer = writer_in(tree);
		writer.settle_ms = settle_ms;
		close(there[1]);
		close(back[0]);
		_exit(serve(&writer, there[0], back[1], deadline_ms));
	}
	close(there[0]);
	close(back[1]);
	talk.to = there[1];
	talk.from = back[0];
	return talk;
}

static struct reply hear(const struct talk *talk)
{
	struct pollfd ready = { talk->from, POLLIN, 0 };
	struct reply reply;
	char line[512];
	size_t len = 0;

	for (;;) {
		if (poll(&ready, 1, PATIENCE_MS) != 1)
			fail_msg("no answer");
		assert_int_equal(read(talk->from, line + len, 1), 1);
		if (line[len] == '\n')
			break;
		assert_true(++len < sizeof line);
	}
	line[len] = '\0';
	if (!wire_parse_reply(line, &reply))
		fail_msg("no reply: %s", line);
	return reply;
}

static void tell_line(const struct talk *talk, const char *line)
{
	assert_int_equal(write(talk->to, line, strlen(line)), strlen(line));
}

#define BOOT "1f0c6a52-8d0e-4a4b-9a0e-2f4b8f2f6d11"

static void tell_of(const struct talk *talk, const struct step *step,
		    const char *boot)
{
	struct buf line = {0};

	wire_order(&line, step, boot);
	buf_putc(&line, '\n');
	tell_line(talk, buf_str(&line));
	buf_free(&line);
}

static void tell(const struct talk *talk, const struct step *step)
{
	tell_of(talk, step, WIRE_NO_BOOT);
}

static void end_talk(const struct talk *talk)
{
	int status;

	close(talk->to);
	assert_int_equal(waitpid(talk->pid, &status, 0), talk->pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	close(talk->from);
}

static void steps_are_answered_one_by_one(void **state)
{
	struct talk talk = start_talk(*state, PATIENCE_MS, 0);
	struct step step = step_of(DEVICES GPU "/driver_override", "vfio-pci");

	assert_int_equal(hear(&talk).kind, REPLY_READY);
	tell(&talk, &step);
	assert_int_equal(hear(&talk).kind, REPLY_DONE);
	step.path = "/etc/victim";
	tell(&talk, &step);
	assert_failed(hear(&talk), PHASE_REFUSED, 0);
	tell_line(&talk, "rm\t-rf\n");
	assert_failed(hear(&talk), PHASE_REFUSED, 0);
	tell_line(&talk, "\n");
	assert_failed(hear(&talk), PHASE_REFUSED, 0);
	end_talk(&talk);
	assert_string_equal(read_file(*state, "/etc/victim"), "untouched");
}

/* As of a capture: of another machine, or of this one before a restart. */
static void a_plan_of_another_boot_is_refused(void **state)
{
	static const char *const others[] = {
		"0f0c6a52-8d0e-4a4b-9a0e-2f4b8f2f6d11", BOOT "0", "", "0",
		WIRE_NO_BOOT,
	};
	struct step step = step_of(DEVICES GPU "/driver_override", "vfio-pci");
	struct buf line = {0};

	make_folder(*state, "/proc/sys/kernel/random");
	make_file(*state, "/proc/sys/kernel/random/boot_id", BOOT "\n");
	struct talk talk = start_talk(*state, PATIENCE_MS, 0);
	assert_int_equal(hear(&talk).kind, REPLY_READY);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		tell_of(&talk, &step, others[i]);
		assert_failed(hear(&talk), PHASE_REFUSED, 0);
	}
	/* Nor is a step that does not say. */
	wire_step(&line, &step);
	buf_putc(&line, '\n');
	tell_line(&talk, buf_str(&line));
	assert_failed(hear(&talk), PHASE_REFUSED, 0);
	assert_string_not_equal(read_file(*state, DEVICES GPU
					  "/driver_override"), "vfio-pci");
	tell_of(&talk, &step, BOOT);
	assert_int_equal(hear(&talk).kind, REPLY_DONE);
	end_talk(&talk);
	buf_free(&line);
}

static void a_line_without_end_is_refused_as_one(void **state)
{
	struct talk talk = start_talk(*state, PATIENCE_MS, 0);
	struct step step = step_of(DEVICES GPU "/driver_override", "x");

	assert_int_equal(hear(&talk).kind, REPLY_READY);
	for (unsigned i = 0; i < 3 * WIRE_LINE / 16; i++)
		tell_line(&talk, "0123456789abcdef");
	tell_line(&talk, "\n");
	assert_failed(hear(&talk), PHASE_REFUSED, 0);
	tell(&talk, &step);
	assert_int_equal(hear(&talk).kind, REPLY_DONE);
	end_talk(&talk);
}

static void a_write_that_blocks_is_stuck_and_stops_everything(void **state)
{
	struct talk talk = start_talk(*state, 50, 0);
	struct step step = step_of(DRIVERS "nvidia/unbind", GPU);
	struct step other = step_of(DEVICES GPU "/driver_override", "x");
	char value[64] = "";

	unlink(in(*state, DRIVERS "nvidia/unbind"));
	assert_int_equal(mkfifo(in(*state, DRIVERS "nvidia/unbind"), 0600), 0);
	assert_int_equal(hear(&talk).kind, REPLY_READY);
	tell(&talk, &step);
	struct reply reply = hear(&talk);
	assert_int_equal(reply.kind, REPLY_STUCK);
	assert_true(reply.pid > 1);
	assert_true(reply.ms >= 50);
	tell(&talk, &other);
	assert_failed(hear(&talk), PHASE_REFUSED, 0);

	/* The kernel lets go after all. */
	int fifo = open(in(*state, DRIVERS "nvidia/unbind"), O_RDONLY);
	assert_true(read(fifo, value, sizeof value) > 0);
	assert_string_equal(value, GPU "\n");
	assert_int_equal(hear(&talk).kind, REPLY_RETURNED);
	tell(&talk, &other);
	assert_failed(hear(&talk), PHASE_REFUSED, 0);
	close(fifo);
	end_talk(&talk);
	assert_string_equal(read_file(*state, REAL "/driver_override"),
			    "(null)\n");
}

static void a_stuck_step_does_not_keep_the_writer(void **state)
{
	struct talk talk = start_talk(*state, 50, 0);
	struct step step = step_of(DRIVERS "nvidia/unbind", GPU);

	unlink(in(*state, DRIVERS "nvidia/unbind"));
	assert_int_equal(mkfifo(in(*state, DRIVERS "nvidia/unbind"), 0600), 0);
	assert_int_equal(hear(&talk).kind, REPLY_READY);
	tell(&talk, &step);
	assert_int_equal(hear(&talk).kind, REPLY_STUCK);
	end_talk(&talk);
	/* Let the one that waits go. */
	int fifo = open(in(*state, DRIVERS "nvidia/unbind"),
			O_RDONLY | O_NONBLOCK);
	struct pollfd ready = { fifo, POLLIN, 0 };
	poll(&ready, 1, PATIENCE_MS);
	close(fifo);
}

static void assert_busy(struct tree *tree, unsigned pid)
{
	struct talk talk = start_talk(tree, PATIENCE_MS, 0);
	struct reply reply = hear(&talk);
	char user[16];
	int status;

	assert_int_equal(reply.kind, REPLY_BUSY);
	assert_int_equal(reply.pid, pid);
	assert_int_equal(reply.errnum, 0);
	snprintf(user, sizeof user, "%u", (unsigned)getuid());
	assert_string_equal(reply.detail, user);
	/* Nothing follows. */
	assert_int_equal(read(talk.from, user, 1), 0);
	close(talk.to);
	close(talk.from);
	assert_int_equal(waitpid(talk.pid, &status, 0), talk.pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 0);
}

static void only_one_writer_is_at_work_on_a_machine(void **state)
{
	struct talk first = start_talk(*state, PATIENCE_MS, 0);
	struct stat lock;

	assert_int_equal(hear(&first).kind, REPLY_READY);
	assert_busy(*state, (unsigned)first.pid);
	/* Who may not open it cannot keep root from it. */
	assert_int_equal(stat(in(*state, "/run/vfiotop/lock"), &lock), 0);
	assert_int_equal(lock.st_mode & 07777, 0600);
	end_talk(&first);
	struct talk second = start_talk(*state, PATIENCE_MS, 0);
	assert_int_equal(hear(&second).kind, REPLY_READY);
	assert_busy(*state, (unsigned)second.pid);
	end_talk(&second);
}

/* Also where the writer is gone: the kernel is still at it. */
static void what_is_stuck_keeps_other_writers_away(void **state)
{
	struct talk talk = start_talk(*state, 50, 0);
	struct step step = step_of(DRIVERS "nvidia/unbind", GPU);
	char value[64];

	unlink(in(*state, DRIVERS "nvidia/unbind"));
	assert_int_equal(mkfifo(in(*state, DRIVERS "nvidia/unbind"), 0600), 0);
	assert_int_equal(hear(&talk).kind, REPLY_READY);
	tell(&talk, &step);
	struct reply reply = hear(&talk);
	assert_int_equal(reply.kind, REPLY_STUCK);
	end_talk(&talk);
	assert_busy(*state, reply.pid);
	/* It goes with the process that waits: a file without a lock tells. */
	int fifo = open(in(*state, DRIVERS "nvidia/unbind"), O_RDONLY);
	while (read(fifo, value, sizeof value) > 0)
		;
	close(fifo);
	int lock = open(in(*state, "/run/vfiotop/lock"), O_RDWR);
	assert_int_equal(flock(lock, LOCK_EX), 0);
	close(lock);
	struct talk next = start_talk(*state, PATIENCE_MS, 0);
	assert_int_equal(hear(&next).kind, REPLY_READY);
	end_talk(&next);
}

static void no_writer_is_at_work_without_the_lock(void **state)
{
	struct talk talk;
	struct reply reply;
	int status;

	make_link(*state, "/run/vfiotop", "/etc");
	talk = start_talk(*state, PATIENCE_MS, 0);
	reply = hear(&talk);
	assert_int_equal(reply.kind, REPLY_BUSY);
	assert_int_not_equal(reply.errnum, 0);
	assert_int_equal(reply.pid, 0);
	close(talk.to);
	close(talk.from);
	assert_int_equal(waitpid(talk.pid, &status, 0), talk.pid);
	assert_int_not_equal(access(in(*state, "/etc/lock"), F_OK), 0);
}

/* A driver that takes the device a moment after it was told to. */
static pid_t start_kernel(struct tree *tree)
{
	pid_t pid = fork();

	if (pid == 0) {
		char value[64];
		int fifo = open(in(tree, DRIVERS "vfio-pci/bind"), O_RDONLY);
		while (read(fifo, value, sizeof value) > 0)
			;
		make_link(tree, REAL "/driver",
			  "../../../bus/pci/drivers/vfio-pci");
		_exit(0);
	}
	return pid;
}

static void what_comes_a_moment_later_is_waited_for(void **state)
{
	struct talk talk = start_talk(*state, PATIENCE_MS, PATIENCE_MS);
	struct step step = step_of(DRIVERS "vfio-pci/bind", GPU);

	unlink(in(*state, DRIVERS "vfio-pci/bind"));
	assert_int_equal(mkfifo(in(*state, DRIVERS "vfio-pci/bind"), 0600), 0);
	pid_t kernel = start_kernel(*state);
	step.before = (struct expect){ EXPECT_DRIVER, DEVICES GPU "/driver",
				       "nvidia" };
	step.expect = (struct expect){ EXPECT_DRIVER, DEVICES GPU "/driver",
				       "vfio-pci" };
	assert_int_equal(hear(&talk).kind, REPLY_READY);
	tell(&talk, &step);
	assert_int_equal(hear(&talk).kind, REPLY_DONE);
	waitpid(kernel, NULL, 0);
	end_talk(&talk);
}

static void a_child_that_dies_is_a_failure(void **state)
{
	struct tree *tree = *state;
	struct step step = step_of(DRIVERS "nvidia/unbind", GPU);
	struct writer writer = writer_in(tree);
	struct child child = {0};
	const int spare[2] = { -1, -1 };
	struct reply reply;

	unlink(in(tree, DRIVERS "nvidia/unbind"));
	assert_int_equal(mkfifo(in(tree, DRIVERS "nvidia/unbind"), 0600), 0);
	assert_true(child_start(&child, &writer, &step, spare));
	assert_int_equal(kill(child.pid, SIGKILL), 0);
	assert_true(child_wait(&child, PATIENCE_MS, &reply));
	assert_failed(reply, PHASE_WRITE, EIO);
}

/* Files of configuration. */

/* The program that is run makes the kernel stumble. */
static void an_oops_ends_everything(void **state)
{
	struct tree *tree = *state;
	static const char *const counts[] = { "/sys/kernel/oops_count",
					      "/proc/sys/kernel/tainted" };
	static const char *const after[] = { "3", "128" };

	make_folder(tree, "/sys/kernel");
	make_folder(tree, "/proc/sys/kernel");
	for (size_t i = 0; i < 2; i++) {
		const struct step load = {
			.kind = STEP_RUN, .path = "", .value = "",
			.argv = { "modprobe", "nouveau" }, .deadline_s = 10,
			.before = { EXPECT_NOTHING, "", "" },
			.expect = { EXPECT_NOTHING, "", "" },
		};
		make_file(tree, counts[i], "0\n");
		make_file(tree, "/sbin/modprobe",
			  arena_printf(&tree->arena,
				       "#!/bin/sh\necho %s >%s%s\n",
				       after[i], tree->root, counts[i]));
		struct talk talk = start_talk(tree, PATIENCE_MS, 0);
		assert_int_equal(hear(&talk).kind, REPLY_READY);
		tell(&talk, &load);
		struct reply reply = hear(&talk);
		assert_int_equal(reply.kind, REPLY_STUCK);
		assert_int_equal(reply.pid, 0);
		tell(&talk, &load);
		assert_failed(hear(&talk), PHASE_REFUSED, 0);
		end_talk(&talk);
		unlink(in(tree, counts[i]));
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(steps_are_answered_one_by_one),
		TEST(a_plan_of_another_boot_is_refused),
		TEST(a_line_without_end_is_refused_as_one),
		TEST(a_write_that_blocks_is_stuck_and_stops_everything),
		TEST(a_stuck_step_does_not_keep_the_writer),
		TEST(only_one_writer_is_at_work_on_a_machine),
		TEST(what_is_stuck_keeps_other_writers_away),
		TEST(no_writer_is_at_work_without_the_lock),
		TEST(what_comes_a_moment_later_is_waited_for),
		TEST(a_child_that_dies_is_a_failure),
		TEST(an_oops_ends_everything),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
