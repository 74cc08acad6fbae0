// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The second leaf of the writing door: files of configuration below /etc.
 * Which of them, and what may stand in them, is listed in allow.c.
 */
#include "apply/edit.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"

enum { PATH_BYTES = PATH_MAX, FILE_MOST = 256 * 1024 };

/* A file in its folder, and what stands in it. */
struct place {
	int folder;		/* descriptor; -1: not there */
	char name[NAME_MAX + 1];
	bool there;
	mode_t mode;
	struct buf text;
};

/* Open the folder of @path; it must be no link, nor any above it. */
static int open_folder(const char *root, const char *path, bool make)
{
	char full[PATH_BYTES], resolved[PATH_BYTES];
	const char *slash = strrchr(path, '/');
	int len = snprintf(full, sizeof full, "%s%.*s", root,
			   (int)(slash - path), path);

	if (len < 0 || (size_t)len >= sizeof full) {
		errno = ENAMETOOLONG;
		return -1;
	}
	/* driverctl makes its folder when it first needs it; so is it here. */
	if (make && mkdir(full, 0755) != 0 && errno != EEXIST)
		return -1;
	if (!realpath(full, resolved))
		return -1;
	if (strcmp(full, resolved) != 0) {
		errno = EXDEV;
		return -1;
	}
	return open(full, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static bool read_all(int file, struct buf *text)
{
	ssize_t count;

	while ((count = read(file, buf_room(text, 4096), 4096)) > 0) {
		text->len += (size_t)count;
		if (text->len > FILE_MOST) {
			errno = EFBIG;
			return false;
		}
	}
	return count == 0;
}

static bool read_file(struct place *place)
{
	int file = openat(place->folder, place->name,
			  O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat info;
	bool good;

	if (file < 0)
		return errno == ENOENT;
	good = fstat(file, &info) == 0 && S_ISREG(info.st_mode) &&
	       read_all(file, &place->text);
	place->there = true;
	place->mode = info.st_mode & 0777;
	close(file);
	return good;
}

static bool enter(struct place *place, const char *root, const char *path,
		  bool make)
{
	const char *slash = strrchr(path, '/');

	*place = (struct place){ .folder = -1, .mode = 0644 };
	if (strlen(slash + 1) + sizeof ".vfiotop-old" > sizeof place->name) {
		errno = ENAMETOOLONG;
		return false;
	}
	snprintf(place->name, sizeof place->name, "%s", slash + 1);
	place->folder = open_folder(root, path, make);
	if (place->folder < 0)
		return errno == ENOENT && !make;
	return read_file(place);
}

static void leave(struct place *place)
{
	if (place->folder >= 0)
		close(place->folder);
	buf_free(&place->text);
}

/* Return where the line stands, when it does so once; else NULL. */
static const char *find_line(const struct place *place, const char *wanted)
{
	const char *at = buf_str(&place->text), *line, *found = NULL;
	size_t len, wanted_len = strlen(wanted);

	while (text_line(&at, buf_end(&place->text), &line, &len)) {
		if (len != wanted_len || memcmp(line, wanted, len) != 0)
			continue;
		if (found)
			return NULL;
		found = line;
	}
	return found;
}

static bool is_text(const struct place *place, const char *wanted)
{
	size_t len = strlen(wanted);

	return place->there && place->text.len == len + 1 &&
	       memcmp(place->text.data, wanted, len) == 0 &&
	       place->text.data[len] == '\n';
}

bool edit_holds(const char *root, const struct expect *expect, char *seen,
		size_t size)
{
	struct place place;
	bool holds = enter(&place, root, expect->path, false);

	snprintf(seen, size, "%.*s",
		 (int)strcspn(buf_str(&place.text), "\n"),
		 buf_str(&place.text));
	if (expect->kind == EXPECT_GONE)
		holds = holds && !place.there;
	else if (expect->kind == EXPECT_FILE)
		holds = holds && is_text(&place, expect->value);
	else
		holds = holds && find_line(&place, expect->value);
	leave(&place);
	return holds;
}

static bool write_all(int file, const struct buf *text)
{
	size_t done = 0;

	while (done < text->len) {
		ssize_t count = write(file, text->data + done,
				      text->len - done);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return false;
		done += (size_t)count;
	}
	return fsync(file) == 0;
}

/* Put @text under the file's name with @suffix: beside it first, then in its
 * place. */
static bool put(const struct place *place, const char *suffix,
		const struct buf *text)
{
	char name[sizeof place->name + 16], made[sizeof place->name + 16];

	snprintf(name, sizeof name, "%s%s", place->name, suffix);
	snprintf(made, sizeof made, ".%s.new", place->name);
	unlinkat(place->folder, made, 0);
	int file = openat(place->folder, made,
			  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			  0600);
	if (file < 0)
		return false;
	bool good = fchmod(file, place->mode) == 0 && write_all(file, text);
	int error = errno;
	close(file);
	if (good && renameat(place->folder, made, place->folder, name) == 0)
		return fsync(place->folder) == 0;
	if (good)
		error = errno;
	unlinkat(place->folder, made, 0);
	errno = error;
	return false;
}

/* The text as it is to be; false when the line is not there once. */
static bool compose(const struct place *place, const struct step *step,
		    struct buf *text)
{
	if (step->expect.kind == EXPECT_FILE) {
		buf_puts(text, step->value);
		buf_putc(text, '\n');
		return true;
	}
	const char *line = find_line(place, step->before.value);
	if (!line) {
		errno = ESTALE;
		return false;
	}
	const char *rest = line + strlen(step->before.value);
	buf_add(text, place->text.data, (size_t)(line - place->text.data));
	buf_puts(text, step->value);
	buf_add(text, rest, (size_t)(buf_end(&place->text) - rest));
	return true;
}

static bool change(const struct place *place, const struct step *step)
{
	struct buf text = {0};
	bool good = true;

	if (place->there && !step->ensure)
		good = put(place, ".vfiotop-old", &place->text);
	if (good && step->expect.kind == EXPECT_GONE)
		good = unlinkat(place->folder, place->name, 0) == 0 &&
		       fsync(place->folder) == 0;
	else if (good)
		good = compose(place, step, &text) && put(place, "", &text);
	buf_free(&text);
	return good;
}

int edit_do(const char *root, const struct step *step)
{
	struct place place;
	int error = 0;

	if (!enter(&place, root, step->path,
		   text_starts(step->path, "/etc/driverctl.d/")) ||
	    !change(&place, step))
		error = errno ? errno : EIO;
	leave(&place);
	return error;
}
