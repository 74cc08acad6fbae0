// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Starts vfiotop-apply and talks with it over two pipes, never waiting.  No
 * shell has a part in it, and nothing is looked for in PATH.
 */
#include "act/run.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "act/agent.h"
#include "base/i18n.h"
#include "base/text.h"

enum { GOODBYE_MS = 1000, EXIT_NO_PROGRAM = 127 };

struct run {
	struct run_ways ways;
	unsigned way;		/* the one that is tried */
	pid_t pid;		/* 0: none */
	pid_t agent;		/* while a password may be asked; 0: none */
	int to, from, errors;	/* -1: closed */
	const char *boot;	/* that the steps were planned in */
	bool greeted;		/* it has said that it is ready */
	char line[WIRE_LINE];
	size_t len;
	char words[200];	/* the last line on its standard error */
};

static const char *find_in(const char *const *folders, const char *name,
			   struct arena *arena)
{
	for (; *folders; folders++) {
		const char *path =
			arena_printf(arena, "%s/%s", *folders, name);
		if (access(path, X_OK) == 0)
			return path;
	}
	return NULL;
}

/* Beside this program, as in a build tree; else where it was installed. */
static const char *find_writer(struct arena *arena)
{
	static const char installed[] = LIBEXECDIR "/vfiotop-apply";
	char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);

	self[len > 0 ? len : 0] = '\0';
	char *slash = strrchr(self, '/');
	if (slash) {
		*slash = '\0';
		const char *beside =
			arena_printf(arena, "%s/vfiotop-apply", self);
		if (access(beside, X_OK) == 0)
			return beside;
	}
	return access(installed, X_OK) == 0 ? installed : NULL;
}

/* @what ends with NULL. */
static void add_way(struct run_ways *ways, const char *program,
		    const char *flag, const char *agent,
		    const char *const *what)
{
	const char **argv = ways->argv[ways->count];
	unsigned words = 0;

	if (!program)
		return;
	argv[words++] = program;
	if (flag)
		argv[words++] = flag;
	while (*what && words < RUN_WORDS)
		argv[words++] = *what++;
	ways->agents[ways->count++] = agent;
}

/* Through whatever gives root's rights here. */
static bool add_lenders(bool interactive, struct run_ways *ways,
			const char *const *what, struct arena *arena)
{
	static const char *const places[] = {
		"/usr/bin", "/run/wrappers/bin", "/usr/local/bin", "/bin",
		"/run/current-system/sw/bin", NULL,
	};
	const char *agent = interactive ?
		find_in(places, "pkttyagent", arena) : NULL;

	add_way(ways, find_in(places, "pkexec", arena),
		interactive && !agent ? NULL : "--disable-internal-agent",
		agent, what);
	add_way(ways, find_in(places, "sudo", arena),
		interactive ? NULL : "-n", NULL, what);
	return ways->count > 0;
}

bool run_find(bool interactive, struct run_ways *ways, struct arena *arena,
	      struct err *err)
{
	const char *writer = find_writer(arena);
	const char *const what[] = { writer, NULL };

	*ways = (struct run_ways){ .quiet = !interactive };
	if (!writer) {
		err_set(err, _("The program that writes, vfiotop-apply, is not "
			       "in %s. Install vfiotop as a whole."),
			LIBEXECDIR);
		return false;
	}
	if (geteuid() == 0) {
		add_way(ways, writer, NULL, NULL, what + 1);
		return true;
	}
	if (add_lenders(interactive, ways, what, arena))
		return true;
	err_set(err, _("Writing needs root, and neither pkexec nor sudo is "
		       "installed. Run vfiotop as root."));
	return false;
}

bool run_find_reader(bool interactive, bool linger, struct run_ways *ways,
		     struct arena *arena, struct err *err)
{
	char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);

	*ways = (struct run_ways){ .quiet = !interactive };
	self[len > 0 ? len : 0] = '\0';
	const char *const what[] = { arena_text(arena, self), "capture", "-",
				     linger ? "--linger" : NULL, NULL };
	if (len > 0 && add_lenders(interactive, ways, what, arena))
		return true;
	err_set(err, _("Seeing more needs root, and neither pkexec nor sudo "
		       "is installed. Run vfiotop as root."));
	return false;
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* In the new process. */
static void become(const struct run *run, int in, int out, int errors)
{
	char *argv[RUN_WORDS + 1];

	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	if (errors >= 0)
		dup2(errors, STDERR_FILENO);
	for (unsigned i = 0; i <= RUN_WORDS; i++)
		argv[i] = (char *)(uintptr_t)run->ways.argv[run->way][i];
	signal(SIGPIPE, SIG_DFL);
	execv(argv[0], argv);
	_exit(EXIT_NO_PROGRAM);
}

static bool make_pipes(int pipes[3][2], bool quiet)
{
	for (unsigned i = 0; i < 3; i++)
		pipes[i][0] = pipes[i][1] = -1;
	return pipe2(pipes[0], O_CLOEXEC) == 0 &&
	       pipe2(pipes[1], O_CLOEXEC) == 0 &&
	       (!quiet || pipe2(pipes[2], O_CLOEXEC) == 0);
}

/* Start the way that is tried now.  False with errno. */
static bool launch(struct run *run)
{
	int pipes[3][2];
	bool good = make_pipes(pipes, run->ways.quiet);

	if (good && run->ways.agents[run->way])
		run->agent = agent_start(run->ways.agents[run->way]);
	run->pid = good ? fork() : -1;
	if (run->pid == 0)
		become(run, pipes[0][0], pipes[1][1], pipes[2][1]);
	int error = errno;
	close_one(&pipes[0][0]);
	close_one(&pipes[1][1]);
	close_one(&pipes[2][1]);
	run->to = pipes[0][1];
	run->from = pipes[1][0];
	run->errors = pipes[2][0];
	if (run->pid < 0) {
		close_one(&run->to);
		close_one(&run->from);
		close_one(&run->errors);
		run->pid = 0;
		agent_end(&run->agent);
		errno = error;
		return false;
	}
	fcntl(run->from, F_SETFL, O_NONBLOCK);
	if (run->errors >= 0)
		fcntl(run->errors, F_SETFL, O_NONBLOCK);
	run->len = 0;
	return true;
}

struct run *run_open(const struct run_ways *ways, const struct system *system,
		     struct arena *arena, struct err *err)
{
	const struct fact_text *boot = &system->host.boot;
	struct run *run = arena_alloc(arena, sizeof *run);

	*run = (struct run){ .ways = *ways, .boot = boot->known == KNOWN ?
			     arena_text(arena, boot->value) : WIRE_NO_BOOT,
			     .to = -1, .from = -1,
			     .errors = -1 };
	/* A writer that is gone is told by the answer that does not come. */
	signal(SIGPIPE, SIG_IGN);
	if (!ways->count || !launch(run)) {
		err_set(err, _("The program that writes could not be started: "
			       "%s."), strerror(errno));
		return NULL;
	}
	return run;
}

static bool run_send(void *self, const struct step *step)
{
	struct run *run = self;
	struct buf line = {0};
	size_t done = 0;

	wire_order(&line, step, run->boot);
	buf_putc(&line, '\n');
	while (run->to >= 0 && done < line.len) {
		ssize_t count = write(run->to, line.data + done,
				      line.len - done);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			break;
		done += (size_t)count;
	}
	bool good = done == line.len;
	buf_free(&line);
	return good;
}

/* Keep the last line of what it says to people. */
static void listen_to_errors(struct run *run)
{
	char bytes[1024];
	ssize_t len;

	while (run->errors >= 0 &&
	       (len = read(run->errors, bytes, sizeof bytes - 1)) > 0) {
		while (len && strchr("\n. ", bytes[len - 1]))
			len--;
		bytes[len] = '\0';
		const char *newline = strrchr(bytes, '\n');
		struct arena scratch = {0};
		const char *last = newline ? newline + 1 : bytes;
		snprintf(run->words, sizeof run->words, "%.199s",
			 text_safe(&scratch, last, strlen(last)));
		arena_free(&scratch);
	}
}

static void hang_up(struct run *run)
{
	listen_to_errors(run);
	agent_end(&run->agent);
	close_one(&run->to);
	close_one(&run->from);
	close_one(&run->errors);
}

/* It has ended: try the next way, if it never was ready. */
static enum taken take_end(struct run *run)
{
	hang_up(run);
	if (run->pid > 0)
		waitpid(run->pid, NULL, WNOHANG);
	run->pid = 0;
	if (run->greeted || ++run->way >= run->ways.count || !launch(run))
		return TAKEN_END;
	return TAKEN_NOTHING;
}

/* Take one whole line out of what has come. */
static bool take_line(struct run *run, struct reply *reply)
{
	char *newline = memchr(run->line, '\n', run->len);

	if (!newline)
		return false;
	*newline = '\0';
	bool good = wire_parse_reply(run->line, reply);
	size_t used = (size_t)(newline - run->line) + 1;
	memmove(run->line, run->line + used, run->len - used);
	run->len -= used;
	return good;
}

static enum taken run_take(void *self, struct reply *reply)
{
	struct run *run = self;

	for (;;) {
		if (take_line(run, reply)) {
			run->greeted |= reply->kind == REPLY_READY ||
					reply->kind == REPLY_BUSY;
			if (run->greeted)
				agent_end(&run->agent);
			return TAKEN_REPLY;
		}
		if (run->from < 0)
			return TAKEN_END;
		/* A line that does not end is no answer. */
		if (run->len == sizeof run->line)
			run->len = 0;
		ssize_t len = read(run->from, run->line + run->len,
				   sizeof run->line - run->len);
		if (len > 0)
			run->len += (size_t)len;
		else if (len < 0 && errno == EAGAIN)
			return TAKEN_NOTHING;
		else if (len == 0 || errno != EINTR)
			return take_end(run);
	}
}

static int run_fd(const void *self)
{
	return ((const struct run *)self)->from;
}

static const char *run_last_words(const void *self)
{
	return ((const struct run *)self)->words;
}

/* The end of its input ends it; one that is stuck is left to the kernel. */
static void run_close(void *self)
{
	struct run *run = self;
	struct pollfd end = { run->from, 0, 0 };

	close_one(&run->to);
	if (run->pid > 0 && run->from >= 0)
		poll(&end, 1, GOODBYE_MS);
	hang_up(run);
	if (run->pid > 0)
		waitpid(run->pid, NULL, WNOHANG);
}

struct backend run_backend(struct run *run)
{
	return (struct backend){
		.self = run, .send = run_send, .take = run_take,
		.fd = run_fd, .last_words = run_last_words,
		.close = run_close,
	};
}
