// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One step in a process that can be spared, with a clock beside it.  What
 * the step does is in write.c.
 */
#include "apply/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the child says; each fits in one atomic write. */
struct word {
	pid_t running;		/* a program was started; 0: the answer */
	struct reply reply;
};

static void say(int fd, const struct word *word)
{
	while (write(fd, word, sizeof *word) < 0 && errno == EINTR)
		;
}

/* How the child speaks. */
struct mouth {
	int fd;
	struct word found;	/* what was found, until there is enough */
	size_t len;
};

static void say_started(void *context, pid_t pid)
{
	const struct mouth *mouth = context;
	const struct word word = { .running = pid };

	say(mouth->fd, &word);
}

static void say_rest(struct mouth *mouth)
{
	if (mouth->len)
		say(mouth->fd, &mouth->found);
	mouth->found = (struct word){ .reply = { .kind = REPLY_FOUND } };
	mouth->len = 0;
}

static void say_found(void *context, const char *text)
{
	struct mouth *mouth = context;

	for (; *text; text++) {
		if (mouth->len + 1 == sizeof mouth->found.reply.detail)
			say_rest(mouth);
		mouth->found.reply.detail[mouth->len++] = *text;
	}
}

/* In the child: do it, say so, end. */
static void do_it(int fd, const struct writer *writer, const struct step *step)
{
	struct writer mine = *writer;
	struct mouth mouth = { .fd = fd };
	struct word word = {0};

	say_rest(&mouth);
	mine.started = say_started;
	mine.found = say_found;
	mine.context = &mouth;
	write_step(&mine, step, &word.reply);
	say_rest(&mouth);
	say(fd, &word);
	_exit(0);
}

bool child_start(struct child *child, const struct writer *writer,
		 const struct step *step, const int spare[static 2])
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	clock_gettime(CLOCK_MONOTONIC, &child->started);
	pid_t pid = fork();
	if (pid == 0) {
		close(ends[0]);
		close(spare[0]);
		close(spare[1]);
		do_it(ends[1], writer, step);
	}
	int error = errno;
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		errno = error;
		return false;
	}
	child->pid = child->waits = pid;
	child->fd = ends[0];
	return true;
}

static long ms_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - start->tv_sec) * 1000L +
	       (now.tv_nsec - start->tv_nsec) / 1000000L;
}

static void finish(struct child *child, struct reply *reply)
{
	reply->ms = (unsigned)ms_since(&child->started);
	while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
		;
	close(child->fd);
	*child = (struct child){ .fd = -1, .found = child->found,
				 .context = child->context };
}

/* Take one word; true when it is the last. */
static bool listen_to(struct child *child, struct reply *reply)
{
	struct word word;
	ssize_t len = read(child->fd, &word, sizeof word);

	if (len < 0 && errno == EINTR)
		return false;
	if (len == (ssize_t)sizeof word && word.running) {
		child->waits = word.running;
		return false;
	}
	if (len == (ssize_t)sizeof word && word.reply.kind == REPLY_FOUND) {
		if (child->found)
			child->found(child->context, &word.reply);
		return false;
	}
	*reply = (struct reply){ .kind = REPLY_FAILED, .phase = PHASE_WRITE,
				 .errnum = EIO };
	if (len == (ssize_t)sizeof word)
		*reply = word.reply;
	return true;
}

bool child_wait(struct child *child, int timeout_ms, struct reply *reply)
{
	struct timespec start;

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (;;) {
		struct pollfd poll_fd = { child->fd, POLLIN, 0 };
		long left = timeout_ms - ms_since(&start);
		if (left < 0)
			left = 0;
		int ready = poll(&poll_fd, 1, timeout_ms < 0 ? -1 : (int)left);
		if (ready > 0 && listen_to(child, reply)) {
			finish(child, reply);
			return true;
		}
		if (ready == 0 && timeout_ms >= 0 && left == 0)
			return false;
	}
}

/* The first line of a file of /proc about the process; "" when denied. */
static void read_proc(pid_t pid, const char *name, char *text, size_t size)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%ld/%s", (long)pid, name);
	int file = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = file >= 0 ? read(file, text, size - 1) : 0;
	if (file >= 0)
		close(file);
	text[len > 0 ? len : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
}

/*
 * The functions the process is in, innermost first, as far as they fit: lines
 * of "[<0>] vfio_unregister_group_dev+0x117/0x180 [vfio]".
 */
static void read_stack(pid_t pid, char *text, size_t size)
{
	char path[64], lines[2048];
	size_t len = 0;

	snprintf(path, sizeof path, "/proc/%ld/stack", (long)pid);
	int file = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = file >= 0 ? read(file, lines, sizeof lines - 1) : 0;
	if (file >= 0)
		close(file);
	lines[got > 0 ? got : 0] = '\0';
	*text = '\0';
	for (char *at = lines; (at = strstr(at, "] ")) != NULL;) {
		at += 2;
		size_t name = strcspn(at, "+\n ");
		if (len + name + 4 >= size)
			break;
		len += (size_t)snprintf(text + len, size - len, "%s%.*s",
					len ? " < " : "", (int)name, at);
		at += strcspn(at, "\n");
	}
}

void child_describe(const struct child *child, struct reply *reply)
{
	char where[64], stat[256], stack[224];

	read_proc(child->waits, "wchan", where, sizeof where);
	read_proc(child->waits, "stat", stat, sizeof stat);
	read_stack(child->waits, stack, sizeof stack);
	/* The state follows the name, which may hold anything. */
	const char *name_end = strrchr(stat, ')');
	char state = name_end && name_end[1] ? name_end[2] : '?';
	*reply = (struct reply){
		.kind = REPLY_STUCK, .pid = (unsigned)child->waits,
		.ms = (unsigned)ms_since(&child->started),
	};
	bool known = *where && strcmp(where, "0") != 0;
	snprintf(reply->detail, sizeof reply->detail, "%s%sstate %c%s%s",
		 known ? where : "", known ? ", " : "", state,
		 *stack ? "; " : "", stack);
}
