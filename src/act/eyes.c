// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Starts "vfiotop capture -" through pkexec or sudo and keeps what it says.
 * What a capture holds is not known here.
 */
#include "act/eyes.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "act/agent.h"
#include "base/buf.h"
#include "base/i18n.h"

enum { MOST_BYTES = 512 * 1024 * 1024, EXIT_NO_PROGRAM = 127 };

struct eyes {
	struct run_ways ways;
	unsigned way;		/* the one that is tried */
	pid_t pid;		/* 0: none */
	pid_t agent;		/* while a password may be asked; 0: none */
	int fd;			/* -1: it is over */
	bool failed;		/* no way gave a whole capture */
	struct buf bytes;
};

/* In the new process. */
static void become(const struct eyes *eyes, int out)
{
	char *argv[RUN_WORDS + 1];

	dup2(out, STDOUT_FILENO);
	for (unsigned i = 0; i <= RUN_WORDS; i++)
		argv[i] = (char *)(uintptr_t)eyes->ways.argv[eyes->way][i];
	execv(argv[0], argv);
	_exit(EXIT_NO_PROGRAM);
}

/* Start the way that is tried now.  False with errno. */
static bool launch(struct eyes *eyes)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	if (eyes->ways.agents[eyes->way])
		eyes->agent = agent_start(eyes->ways.agents[eyes->way]);
	eyes->pid = fork();
	if (eyes->pid == 0)
		become(eyes, ends[1]);
	int error = errno;
	close(ends[1]);
	if (eyes->pid < 0) {
		close(ends[0]);
		eyes->pid = 0;
		agent_end(&eyes->agent);
		errno = error;
		return false;
	}
	eyes->fd = ends[0];
	fcntl(eyes->fd, F_SETFL, O_NONBLOCK);
	return true;
}

struct eyes *eyes_open(const struct run_ways *ways, struct arena *arena,
		       struct err *err)
{
	struct eyes *eyes = arena_alloc(arena, sizeof *eyes);

	*eyes = (struct eyes){ .ways = *ways, .fd = -1 };
	if (ways->count && launch(eyes))
		return eyes;
	err_set(err, _("The program that reads could not be started: %s."),
		strerror(errno));
	return NULL;
}

int eyes_fd(const struct eyes *eyes)
{
	return eyes->fd;
}

/* It has ended: well, or the next way is tried. */
static void end_way(struct eyes *eyes)
{
	int status = 0;

	close(eyes->fd);
	eyes->fd = -1;
	agent_end(&eyes->agent);
	while (waitpid(eyes->pid, &status, 0) < 0 && errno == EINTR)
		;
	eyes->pid = 0;
	if (status == 0 && eyes->bytes.len)
		return;
	/* Half a capture is none, and another way would only ask again. */
	eyes->failed = eyes->bytes.len || ++eyes->way >= eyes->ways.count ||
		       !launch(eyes);
}

bool eyes_step(struct eyes *eyes)
{
	while (eyes->fd >= 0) {
		ssize_t got = read(eyes->fd, buf_room(&eyes->bytes, 65536),
				   65536);
		if (got > 0)
			agent_end(&eyes->agent);
		if (got > 0 && eyes->bytes.len < MOST_BYTES)
			eyes->bytes.len += (size_t)got;
		else if (got < 0 && errno == EAGAIN)
			return false;
		else if (got >= 0 || errno != EINTR)
			end_way(eyes);
	}
	return true;
}

bool eyes_have_begun(const struct eyes *eyes)
{
	return eyes->fd < 0 || eyes->bytes.len;
}

bool eyes_take(const struct eyes *eyes, const char **bytes, size_t *len,
	       struct err *err)
{
	if (eyes->failed || !eyes->bytes.len) {
		err_set(err, _("Root's rights were not given, or the reading "
			       "ended early: what is shown is what you "
			       "see."));
		return false;
	}
	*bytes = buf_str(&eyes->bytes);
	*len = eyes->bytes.len;
	return true;
}

void eyes_close(struct eyes *eyes)
{
	if (eyes->fd >= 0)
		close(eyes->fd);
	eyes->fd = -1;
	agent_end(&eyes->agent);
	/* The end of its pipe ends it. */
	if (eyes->pid > 0)
		waitpid(eyes->pid, NULL, WNOHANG);
	buf_free(&eyes->bytes);
}
