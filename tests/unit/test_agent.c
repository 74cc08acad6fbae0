// SPDX-License-Identifier: GPL-2.0-or-later
/* The agent that asks for a password: made known, and ended. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "act/agent.h"

enum { PATHS = 256 };

static char folder[] = "/tmp/vfiotop-agent-XXXXXX";

/* Write a program that does this; *path has room for PATHS bytes. */
static void write_program(const char *name, const char *script, char *path)
{
	snprintf(path, PATHS, "%s/%s", folder, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "#!/bin/sh\n%s\n", script);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0700), 0);
}

static void assert_no_child_is_left(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void an_agent_is_told_for_whom_and_waited_for(void **state)
{
	char path[PATHS], words[PATHS + 6], line[200] = "", wanted[200];

	(void)state;
	write_program("agent", "echo \"$@\" >\"$0.words\"\n"
			       "exec 3>&-\n"
			       "kill -STOP $$", path);
	pid_t agent = agent_start(path);
	assert_true(agent > 0);
	/* It said so before it was known. */
	snprintf(words, sizeof words, "%s.words", path);
	FILE *file = fopen(words, "r");
	assert_non_null(file);
	assert_non_null(fgets(line, sizeof line, file));
	fclose(file);
	snprintf(wanted, sizeof wanted,
		 "--process %ld --notify-fd 3 --fallback\n", (long)getpid());
	assert_string_equal(line, wanted);
	/* Stopped, as one is that asks in the background. */
	pid_t was = agent;
	agent_end(&agent);
	assert_int_equal(agent, 0);
	assert_int_equal(kill(was, 0), -1);
	assert_no_child_is_left();
	unlink(words);
	unlink(path);
}

static void an_agent_that_polkit_refuses_is_none(void **state)
{
	char path[PATHS];

	(void)state;
	write_program("refused", "exit 127", path);
	pid_t agent = agent_start(path);
	agent_end(&agent);
	assert_int_equal(agent, 0);
	assert_no_child_is_left();
	unlink(path);
}

static void a_program_that_is_not_there_is_none(void **state)
{
	(void)state;
	pid_t agent = agent_start("/nonexistent/pkttyagent");
	agent_end(&agent);
	assert_no_child_is_left();
	/* Ending none does nothing. */
	agent_end(&agent);
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_agent_is_told_for_whom_and_waited_for),
		cmocka_unit_test(an_agent_that_polkit_refuses_is_none),
		cmocka_unit_test(a_program_that_is_not_there_is_none),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
