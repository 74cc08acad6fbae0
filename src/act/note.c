// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A text that a person wants to keep, into a new file of theirs.  It writes
 * nothing of the machine's.
 */
#include "act/note.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"

bool note_put(const char *path, const char *text)
{
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	size_t done = 0, len = strlen(text);

	if (file < 0)
		return false;
	while (done < len) {
		ssize_t count = write(file, text + done, len - done);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			break;
		done += (size_t)count;
	}
	bool good = done == len && fsync(file) == 0;
	return close(file) == 0 && good;
}

bool note_write(const char *path, const char *text, struct err *err)
{
	if (note_put(path, text))
		return true;
	if (errno == EEXIST)
		err_set(err, _("There is a file %s already, and it is left as "
			       "it is; choose another name."), path);
	else
		err_set(err, _("%s could not be written: %s."), path,
			strerror(errno));
	return false;
}
