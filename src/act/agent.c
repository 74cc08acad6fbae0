// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Starts and ends polkit's agent for terminals.  What the agent asks is
 * between it and the person.
 *
 * Source: pkttyagent(1); polkit, src/programs/pkexec.c, whose agent is at the
 * bus under the effective user until version 125.
 */
#include "act/agent.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	NOTIFY_FD = 3,		/* the agent closes it once it is known */
	READY_MS = 30000,	/* the bus may have to start polkit first */
	EXIT_NO_PROGRAM = 127,
};

/* In the new process. */
static void become(const char *program, pid_t parent, int notify)
{
	char process[24], fd[12];
	char *const argv[] = {
		(char *)(uintptr_t)program, (char[]){ "--process" }, process,
		(char[]){ "--notify-fd" }, fd, (char[]){ "--fallback" }, NULL,
	};

	snprintf(process, sizeof process, "%ld", (long)parent);
	snprintf(fd, sizeof fd, "%d", NOTIFY_FD);
	/* dup2 onto itself would leave it to be closed by execv. */
	if (notify == NOTIFY_FD)
		fcntl(notify, F_SETFD, 0);
	else
		dup2(notify, NOTIFY_FD);
	execv(program, argv);
	_exit(EXIT_NO_PROGRAM);
}

static bool is_ready(int fd)
{
	struct pollfd wait = { fd, POLLIN, 0 };
	int got;

	while ((got = poll(&wait, 1, READY_MS)) < 0 && errno == EINTR)
		;
	return got > 0;
}

pid_t agent_start(const char *program)
{
	int ends[2];
	pid_t parent = getpid(), agent;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return 0;
	agent = fork();
	if (agent == 0)
		become(program, parent, ends[1]);
	close(ends[1]);
	bool ready = agent > 0 && is_ready(ends[0]);
	close(ends[0]);
	if (agent < 0)
		return 0;
	/* One that could not become known has ended, or ends now. */
	if (!ready)
		agent_end(&agent);
	else if (waitpid(agent, NULL, WNOHANG) != 0)
		agent = 0;
	return agent;
}

void agent_end(pid_t *agent)
{
	if (*agent <= 0)
		return;
	kill(*agent, SIGTERM);
	/* It may have been stopped. */
	kill(*agent, SIGCONT);
	while (waitpid(*agent, NULL, 0) < 0 && errno == EINTR)
		;
	*agent = 0;
}
