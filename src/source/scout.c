// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sends a process of this program to read the machine, and watches over it.
 * The process says in shared memory what it is about to look at; where it
 * then stays too long and does not run, that file is called silent and
 * another process is sent, which leaves it out.
 */
#include "source/scout.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "source/parcel.h"
#include "source/root_part.h"

enum { PATIENCE_MS = 1000, LOOKS_PER_PATIENCE = 4 };

/* What the process says of itself. */
struct told {
	atomic_uint turn;	/* counts what it has looked at */
	atomic_bool looking;	/* it is in the middle of that */
	char path[SILENCE_PATH];
};

/* A process that did not come back, and what it had asked. */
struct lost {
	pid_t pid;		/* 0: it has ended since */
	bool before;		/* …the reading that is under way began */
	char path[SILENCE_PATH];
};

struct scout {
	struct scout_ways ways;
	struct root *here;	/* to look at the process itself */
	struct told *told;
	struct silence silence;
	struct lost lost[SILENCE_MOST];
	unsigned lost_count;
	unsigned areas;
	const struct bdf *wake;
	struct bdf wake_address;
	const struct root *before;	/* what need not be asked; NULL */
	const struct uevents *news;
	pid_t pid;		/* 0: none is under way */
	int fd;
	struct buf parcel;
	unsigned turn;		/* as last seen */
	struct timespec since;	/* when it was first seen so */
	bool failed;
	struct err err;
};

struct scout *scout_make(const struct scout_ways *ways, struct arena *arena)
{
	struct scout *scout = arena_alloc(arena, sizeof *scout);

	scout->ways = *ways;
	scout->fd = -1;
	if (!scout->ways.patience_ms)
		scout->ways.patience_ms = PATIENCE_MS;
	return scout;
}

/* --- in the process --- */

static void note(void *context, const char *path, bool begins)
{
	struct scout *scout = context;
	struct told *told = scout->told;

	if (begins) {
		snprintf(told->path, sizeof told->path, "%s", path);
		atomic_fetch_add(&told->turn, 1);
	}
	atomic_store(&told->looking, begins);
	if (begins && scout->ways.before)
		scout->ways.before(path);
}

/* Keep nothing that another one waits for the end of: pipes, the terminal,
 * the lock of the journal. */
static void let_go(int keep)
{
	int out = fcntl(keep, F_DUPFD, 10), null = -1;
	struct root *root = root_open(NULL, NULL);

	if (root)
		null = folder_open(root->fd, NULL, "dev/null", O_RDONLY);
	for (int fd = 0; fd < 3; fd++)
		if (null < 0)
			close(fd);
		else if (null != fd)
			dup2(null, fd);
	dup2(out, 3);
	if (syscall(SYS_close_range, 4u, ~0u, 0u))
		for (int fd = 4; fd < 1024; fd++)
			close(fd);
}

static void become_quiet(void)
{
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	signal(SIGINT, SIG_IGN);
	signal(SIGTSTP, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static void put(int fd, const struct buf *parcel)
{
	size_t done = 0;

	while (done < parcel->len) {
		ssize_t count = write(fd, parcel->data + done,
				      parcel->len - done);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			_exit(1);
		done += (size_t)count;
	}
}

static void look(struct scout *scout, int fd)
{
	struct arena arena = {0};
	struct buf parcel = {0};

	err_on_die(NULL);
	become_quiet();
	let_go(fd);
	struct root *root = root_open(scout->ways.path, NULL);
	if (!root)
		_exit(1);
	root_tee(root);
	root_heed(root, note, scout, &scout->silence);
	if (scout->before)
		root_recall(root, scout->before, scout->news);
	source_read(root, &arena, scout->areas, scout->wake);
	parcel_pack(root_tree(root), &parcel);
	put(3, &parcel);
	_exit(0);
}

/* --- beside it --- */

static long ms_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - start->tv_sec) * 1000L +
	       (now.tv_nsec - start->tv_nsec) / 1000000L;
}

static void remember(struct scout *scout)
{
	scout->turn = atomic_load(&scout->told->turn);
	clock_gettime(CLOCK_MONOTONIC, &scout->since);
}

static bool launch(struct scout *scout)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	buf_reset(&scout->parcel);
	atomic_store(&scout->told->looking, false);
	remember(scout);
	pid_t pid = fork();
	if (pid == 0)
		look(scout, ends[1]);
	int error = errno;
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		errno = error;
		return false;
	}
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	scout->pid = pid;
	scout->fd = ends[0];
	return true;
}

static void fail(struct scout *scout, const char *why)
{
	scout->failed = true;
	err_set(&scout->err, _("The machine could not be read: %s."), why);
}

static bool has_ended(const struct scout *scout, pid_t pid)
{
	if (scout->ways.has_ended)
		return scout->ways.has_ended(pid);
	return waitpid(pid, NULL, WNOHANG) != 0;
}

/*
 * Those that came back after all: what they had asked answers again.  During a
 * reading only those that were gone before it: one that it gave up itself would
 * be asked again and again.  Return whether there were any.
 */
static bool welcome(struct scout *scout, bool during)
{
	bool any = false;

	for (unsigned i = 0; i < scout->lost_count;) {
		struct lost *lost = &scout->lost[i];
		if ((during && !lost->before) ||
		    (lost->pid && !has_ended(scout, lost->pid))) {
			lost->before |= !during;
			i++;
			continue;
		}
		silence_remove(&scout->silence, lost->path);
		*lost = scout->lost[--scout->lost_count];
		any = true;
	}
	return any;
}

/* Give up the process that is under way. */
static void leave(struct scout *scout)
{
	struct lost *lost = &scout->lost[scout->lost_count];

	if (scout->fd >= 0)
		close(scout->fd);
	scout->fd = -1;
	if (!scout->pid)
		return;
	/* It only reads: where the kernel lets it go, it may end at once. */
	kill(scout->pid, SIGKILL);
	bool gone = has_ended(scout, scout->pid);
	if (scout->lost_count < SILENCE_MOST) {
		lost->pid = gone ? 0 : scout->pid;
		lost->before = false;
		memcpy(lost->path, scout->told->path, sizeof lost->path);
		scout->lost_count++;
	}
	scout->pid = 0;
}

void scout_free(struct scout *scout)
{
	leave(scout);
	if (scout->told)
		munmap(scout->told, sizeof *scout->told);
	scout->told = NULL;
	buf_free(&scout->parcel);
	root_close(scout->here);
	scout->here = NULL;
}

static bool prepare(struct scout *scout, struct err *err)
{
	if (!scout->here)
		scout->here = root_open(NULL, err);
	if (!scout->here)
		return false;
	if (scout->told)
		return true;
	void *told = mmap(NULL, sizeof *scout->told, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (told == MAP_FAILED) {
		err_set(err, _("The machine could not be read: %s."),
			strerror(errno));
		return false;
	}
	scout->told = told;
	return true;
}

bool scout_start(struct scout *scout, unsigned areas, const struct bdf *wake,
		 struct err *err)
{
	if (!prepare(scout, err))
		return false;
	leave(scout);
	welcome(scout, false);
	scout->failed = false;
	scout->areas = areas;
	scout->wake = wake ? &scout->wake_address : NULL;
	if (wake)
		scout->wake_address = *wake;
	if (launch(scout))
		return true;
	err_set(err, _("The machine could not be read: %s."), strerror(errno));
	return false;
}

bool scout_start_briefly(struct scout *scout, unsigned areas,
			 const struct root *before, const struct uevents *news,
			 struct err *err)
{
	scout->before = before;
	scout->news = news;
	bool ok = scout_start(scout, areas, NULL, err);
	/* Another process, sent because this one got stuck, asks for all. */
	scout->before = NULL;
	scout->news = NULL;
	return ok;
}

bool scout_is_reading(const struct scout *scout)
{
	return scout->pid != 0;
}

int scout_fd(const struct scout *scout)
{
	return scout->fd;
}

int scout_timeout(const struct scout *scout)
{
	return scout->pid ? (int)scout->ways.patience_ms / LOOKS_PER_PATIENCE :
			    -1;
}

/* Whether it waits for something, by /proc/PID/stat; a process that is slow
 * for want of a processor runs. */
static bool waits(struct scout *scout)
{
	struct buf text = {0};
	char path[48];
	char state = 'R';

	snprintf(path, sizeof path, "proc/%ld/stat", (long)scout->pid);
	if (root_read(scout->here, NULL, path, 512, &text) == KNOWN) {
		/* The state follows the name, which may hold anything. */
		const char *end = strrchr(buf_str(&text), ')');
		if (end && end[1])
			state = end[2];
	}
	buf_free(&text);
	return state == 'D' || state == 'S';
}

static void find_silence(struct scout *scout)
{
	const struct told *told = scout->told;

	if (atomic_load(&told->turn) != scout->turn ||
	    !atomic_load(&told->looking)) {
		remember(scout);
		return;
	}
	if (ms_since(&scout->since) < (long)scout->ways.patience_ms ||
	    !waits(scout))
		return;
	if (!silence_add(&scout->silence, told->path)) {
		leave(scout);
		fail(scout, _("the kernel does not answer in too many places"));
		return;
	}
	leave(scout);
	if (!launch(scout))
		fail(scout, strerror(errno));
}

static void finish(struct scout *scout)
{
	int status = 0;

	close(scout->fd);
	scout->fd = -1;
	while (waitpid(scout->pid, &status, 0) < 0 && errno == EINTR)
		;
	scout->pid = 0;
	if (status)
		fail(scout, _("the reading ended early"));
	/* It left out what answers by now. */
	else if (welcome(scout, true) && !launch(scout))
		fail(scout, strerror(errno));
}

bool scout_step(struct scout *scout)
{
	while (scout->pid) {
		char *room = buf_room(&scout->parcel, 65536);
		ssize_t got = read(scout->fd, room, 65536);
		if (got > 0) {
			scout->parcel.len += (size_t)got;
		} else if (got < 0 && errno == EAGAIN) {
			find_silence(scout);
			break;
		} else if (got == 0 || errno != EINTR) {
			finish(scout);
		}
	}
	return !scout->pid;
}

struct root *scout_take(struct scout *scout, struct err *err)
{
	struct root *root = NULL;

	if (!scout->failed) {
		root = root_open_parcel(scout->ways.path,
					buf_str(&scout->parcel),
					scout->parcel.len);
		if (!root)
			fail(scout, _("the reading ended early"));
	}
	if (!root && err)
		*err = scout->err;
	buf_free(&scout->parcel);
	return root;
}

struct root *scout_read(struct scout *scout, unsigned areas,
			const struct bdf *wake, struct err *err)
{
	if (!scout_start(scout, areas, wake, err))
		return NULL;
	while (!scout_step(scout)) {
		struct pollfd wait = { scout_fd(scout), POLLIN, 0 };
		poll(&wait, 1, scout_timeout(scout));
	}
	return scout_take(scout, err);
}
