// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One writer at a time on a machine.  The journals are each user's own: a
 * user's explorer and root's hook would not see one another by these.
 */
#include "apply/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/num.h"
#include "base/text.h"

/* Only root can open it: who may read a file may lock it, too.  -1: errno. */
static int open_lock(const char *root)
{
	char path[PATH_MAX];

	/* Their last folder alone is ours; it is of vfiotop's journal, too. */
	if (snprintf(path, sizeof path, "%s/run/vfiotop", root) >=
	    (int)sizeof path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (mkdir(path, 0755) != 0 && errno != EEXIST)
		return -1;
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
			  O_CLOEXEC);
	if (folder < 0)
		return -1;
	int file = openat(folder, "lock", O_RDWR | O_CREAT | O_NOFOLLOW |
			  O_CLOEXEC, 0600);
	int error = errno;
	close(folder);
	errno = error;
	return file;
}

/* Who had root's rights given; root where nobody is told. */
static unsigned asker(void)
{
	static const char *const names[] = { "PKEXEC_UID", "SUDO_UID" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *text = getenv(names[i]);
		uint64_t user;
		if (text && num_parse(text, 10, &user) && user < UINT32_MAX)
			return (unsigned)user;
	}
	return (unsigned)getuid();
}

static void read_who(int file, struct reply *busy)
{
	char text[64];
	ssize_t len = pread(file, text, sizeof text - 1, 0);
	const char *at = text;
	uint64_t pid, user;

	text[len > 0 ? len : 0] = '\0';
	if (!num_take(&at, 10, &pid) || pid > INT32_MAX ||
	    !num_take(&at, 10, &user) || user >= UINT32_MAX)
		return;
	busy->pid = (unsigned)pid;
	snprintf(busy->detail, sizeof busy->detail, "%u", (unsigned)user);
}

/* For whoever is refused; nothing is decided by it. */
void lock_tell(int file, pid_t pid)
{
	char text[64];
	int len = snprintf(text, sizeof text, "%ld %u\n", (long)pid,
			   asker());

	if (ftruncate(file, 0) != 0 ||
	    pwrite(file, text, (size_t)len, 0) != len)
		return;
}

int lock_take(const char *root, struct reply *busy)
{
	int file = open_lock(root);

	*busy = (struct reply){ .kind = REPLY_BUSY };
	if (file < 0) {
		busy->errnum = errno;
		return -1;
	}
	while (flock(file, LOCK_EX | LOCK_NB) != 0) {
		if (errno == EINTR)
			continue;
		if (errno == EWOULDBLOCK)
			read_who(file, busy);
		else
			busy->errnum = errno;
		close(file);
		return -1;
	}
	lock_tell(file, getpid());
	return file;
}
