// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Journals of other users, as far as it takes to say that there is one.  What
 * they hold is not read: it is theirs to recover.
 */
#include "act/elsewhere.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "act/history.h"
#include "base/i18n.h"
#include "base/num.h"
#include "base/text.h"

/* Whether a file is there that @user made, and nobody is at work on it.  A
 * user may mount a file system in a folder of its own, which need not answer,
 * and point it anywhere: neither is followed. */
static bool is_unfinished(int folder, const char *path, uid_t user)
{
	const struct open_how how = {
		.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK,
		.resolve = RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS,
	};
	struct stat found;
	int file = (int)syscall(SYS_openat2, folder, path, &how, sizeof how);

	if (file < 0)
		return false;
	bool is = fstat(file, &found) == 0 && S_ISREG(found.st_mode) &&
		  found.st_uid == user && !history_is_busy(file);
	close(file);
	return is;
}

static const char *name_of(uid_t user, struct arena *arena)
{
	const struct passwd *entry = getpwuid(user);

	return entry ? text_safe(arena, entry->pw_name,
				 strlen(entry->pw_name)) :
		       arena_printf(arena, "%u", (unsigned)user);
}

static const char *of_user(const char *run, struct arena *arena)
{
	DIR *users = opendir(arena_printf(arena, "%s/user", run));
	const char *said = "";
	struct dirent *entry;
	uint64_t user;

	while (!*said && users && (entry = readdir(users)) != NULL) {
		if (!num_parse(entry->d_name, 10, &user) || user >= UINT32_MAX)
			continue;
		int folder = openat(dirfd(users), entry->d_name, O_RDONLY |
				    O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (folder < 0)
			continue;
		if (is_unfinished(folder, "vfiotop/journal", (uid_t)user))
			said = arena_printf(
				arena, _("An action of %s's was left "
					 "unfinished: \"vfiotop recover\", run "
					 "by that user, says what can be "
					 "done."),
				name_of((uid_t)user, arena));
		close(folder);
	}
	if (users)
		closedir(users);
	return said;
}

const char *elsewhere_unfinished(const char *run, bool root,
				 struct arena *arena)
{
	if (root)
		return of_user(run, arena);
	/* No lock of root's is tried: it could be in root's way. */
	if (access(arena_printf(arena, "%s/vfiotop/journal", run), F_OK) == 0)
		return _("An action of root's is unfinished: where none is "
			 "under way, \"sudo vfiotop recover\" says what can be "
			 "done.");
	return "";
}

const char *elsewhere_here(struct arena *arena)
{
	return elsewhere_unfinished("/run", geteuid() == 0, arena);
}
