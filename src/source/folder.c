// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The reading door of directories, this machine's root among them: the one
 * file that opens what is there.  It never writes, never waits, and never
 * looks outside its root: openat2(2), RESOLVE_IN_ROOT.
 */
#include "source/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	MOST_LOG_BYTES = 64 * 1024 * 1024,
	MOST_TRIES = 1000,
};

/* Join a place and a path below it, as the tee and messages name them. */
void place_path(const struct place *at, const char *path,
		      struct buf *out)
{
	buf_reset(out);
	if (at && *at->path) {
		buf_puts(out, at->path);
		buf_putc(out, '/');
	}
	buf_puts(out, path);
}

int folder_open(int root, const struct place *at,
		   const char *path, int flags)
{
	const struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.resolve = at ? RESOLVE_BENEATH : RESOLVE_IN_ROOT,
	};

	/* A path with ".." in it, as the links of sysfs have, is given back
	 * with EAGAIN where something was renamed or mounted meanwhile,
	 * anywhere on the machine: that says nothing of the path. */
	for (unsigned tries = 1;; tries++) {
		int fd = (int)syscall(SYS_openat2, at ? at->fd : root, path,
				      &how, sizeof how);
		if (fd >= 0 || errno != EAGAIN || tries == MOST_TRIES)
			return fd;
	}
}

int folder_drain(int fd, size_t max, struct buf *out)
{
	while (out->len < max) {
		size_t want = max - out->len < 4096 ? max - out->len : 4096;
		ssize_t got = read(fd, buf_room(out, want), want);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return out->len ? 0 : errno;
		if (got == 0)
			break;
		out->len += (size_t)got;
		out->data[out->len] = '\0';
		/* An attribute of sysfs comes in one piece. */
		if ((size_t)got < want && max <= 4096)
			break;
	}
	return 0;
}

int folder_read(int root, const struct place *at,
		       const char *path, size_t max, struct buf *out)
{
	int fd = folder_open(root, at, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return errno;
	int errnum = folder_drain(fd, max, out);
	close(fd);
	return errnum;
}

int folder_open_file(int root, const char *path)
{
	struct stat st;
	int fd = folder_open(root, NULL, path,
			     O_RDONLY | O_NONBLOCK | O_NOCTTY);

	if (fd < 0 || (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)))
		return fd;
	close(fd);
	errno = EISDIR;
	return -1;
}

long folder_piece(int fd, uint64_t at, char *room, size_t len)
{
	ssize_t got;

	do {
		got = pread(fd, room, len, (off_t)at);
	} while (got < 0 && errno == EINTR);
	return got;
}

/* A link's own text; links on the way to it are followed inside the root. */
int folder_link(int root, const struct place *at,
		       const char *path, struct buf *out)
{
	const char *slash = strrchr(path, '/');
	const char *last = slash ? slash + 1 : path;
	int folder = at ? at->fd : root;
	bool opened = false;

	if (slash) {
		struct buf above = {0};
		buf_add(&above, path, (size_t)(slash - path));
		folder = folder_open(root, at, buf_str(&above), O_PATH);
		buf_free(&above);
		if (folder < 0)
			return errno;
		opened = true;
	}
	ssize_t got = readlinkat(folder, last, buf_room(out, 4096), 4096);
	int errnum = got < 0 ? errno : 0;
	if (opened)
		close(folder);
	if (errnum)
		return errnum;
	out->len = (size_t)got;
	out->data[out->len] = '\0';
	return 0;
}

int folder_list(int root, const struct place *at,
		       const char *path, struct arena *arena,
		       struct listing *out)
{
	int fd = folder_open(root, at, path, O_RDONLY | O_DIRECTORY);
	size_t room = 0;

	if (fd < 0)
		return errno;
	DIR *folder = fdopendir(fd);
	if (!folder) {
		int errnum = errno;
		close(fd);
		return errnum;
	}
	for (struct dirent *entry; (entry = readdir(folder));) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		out->names = arena_grow(arena, out->names, out->count, &room,
					sizeof *out->names);
		out->names[out->count++] = arena_text(arena, entry->d_name);
	}
	closedir(folder);
	return 0;
}

int folder_size(int root, const struct place *at,
		       const char *path, uint64_t *size)
{
	struct stat st;

	if (at && !strchr(path, '/')) {
		if (fstatat(at->fd, path, &st, AT_SYMLINK_NOFOLLOW))
			return errno;
	} else {
		int fd = folder_open(root, at, path, O_PATH | O_NOFOLLOW);
		if (fd < 0)
			return errno;
		int failed = fstat(fd, &st) ? errno : 0;
		close(fd);
		if (failed)
			return failed;
	}
	*size = (uint64_t)st.st_size;
	return 0;
}

/* Where a path really is, below the root. */
int folder_real(int root, const struct place *at,
		     const char *path, struct buf *out)
{
	char link[32], base[4096], real[4096];
	int fd = folder_open(root, at, path, O_PATH);

	if (fd < 0)
		return errno;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t len = readlink(link, real, sizeof real - 1);
	close(fd);
	snprintf(link, sizeof link, "/proc/self/fd/%d", root);
	ssize_t skip = readlink(link, base, sizeof base - 1);
	if (len < 0 || skip < 0)
		return EIO;
	real[len] = '\0';
	if (skip == 1)
		skip = 0;	/* "/" itself */
	if (len > skip)
		buf_puts(out, real + skip + 1);
	return 0;
}

/* Records of /dev/kmsg come one per read; EPIPE: overtaken, go on. */
int folder_kmsg(int root, struct buf *out)
{
	int fd = folder_open(root, NULL, "dev/kmsg", O_RDONLY | O_NONBLOCK);

	if (fd < 0)
		return errno;
	while (out->len < MOST_LOG_BYTES) {
		ssize_t got = read(fd, buf_room(out, 8192), 8192);
		if (got < 0 && (errno == EINTR || errno == EPIPE))
			continue;
		if (got <= 0)
			break;
		out->len += (size_t)got;
		out->data[out->len] = '\0';
	}
	int errnum = out->len ? 0 : errno;
	close(fd);
	return errnum;
}

int folder_owner(int root, const char *path, struct owner *owner)
{
	struct stat st;
	int fd = folder_open(root, NULL, path, O_PATH | O_NOFOLLOW);

	if (fd < 0)
		return errno;
	int failed = fstat(fd, &st) ? errno : 0;
	close(fd);
	if (!failed)
		*owner = (struct owner){ st.st_mode & 07777, st.st_uid,
					 st.st_gid };
	return failed;
}
