// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * THE WRITING DOOR: with edit.c, the only file of the program that changes the
 * machine.
 * Which steps it does is listed in allow.c; that it does not hang is seen to
 * in child.c.
 *
 * Before a file is opened its folder is resolved and must lie in the kernel's
 * tree of devices or of the PCI bus; the file itself must not be a link, and
 * on the real machine must be of sysfs.
 */
#include "apply/write.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "apply/allow.h"
#include "apply/edit.h"
#include "apply/held.h"
#include "base/num.h"
#include "base/text.h"
#include "plan/self.h"

enum {
	PATH_BYTES = PATH_MAX,
	LOOK_EVERY_MS = 10,
	SCAN_EVERY_MS = 200,	/* all processes */
	EXIT_NO_PROGRAM = 127,
	TAINT_DIE = 7,		/* bit: there was an oops */
};

static bool below(const struct writer *writer, const char *path,
		  char out[static PATH_BYTES])
{
	int len = snprintf(out, PATH_BYTES, "%s%s", writer->root, path);

	return len > 0 && len < PATH_BYTES;
}

/* Looking. */

/* Read a small text file without its newline; false when it cannot be. */
static bool read_text(const char *path, char *text, size_t size)
{
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (file < 0)
		return false;
	ssize_t len = read(file, text, size - 1);
	close(file);
	if (len < 0)
		return false;
	text[len] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return true;
}

/* The last part of a link; "" where there is none. */
static void read_link(const char *path, char *text, size_t size)
{
	char target[PATH_BYTES];
	ssize_t len = readlink(path, target, sizeof target - 1);

	target[len > 0 ? len : 0] = '\0';
	const char *slash = strrchr(target, '/');
	snprintf(text, size, "%.*s", (int)size - 1,
		 slash ? slash + 1 : target);
}

/* Whether @word is one of those in @text, behind the first. */
static bool is_behind(const char *text, const char *word)
{
	size_t len = strlen(word);

	while ((text = strchr(text, ' ')) != NULL)
		if (strncmp(++text, word, len) == 0 &&
		    (!text[len] || text[len] == ' '))
			return true;
	return false;
}

/* Whether the driver that @value begins with drives nothing but the devices
 * behind it; @seen gets one that it does.  A driver that is not there drives
 * nothing. */
static bool drives_only(const struct writer *writer, const char *value,
			char *seen, size_t size)
{
	char path[PATH_BYTES], folder[128];
	struct dirent *entry;
	bool only = true;

	snprintf(folder, sizeof folder, "/sys/bus/pci/drivers/%.*s",
		 (int)strcspn(value, " ") % 64, value);
	DIR *list = below(writer, folder, path) ? opendir(path) : NULL;
	while (only && list && (entry = readdir(list)) != NULL) {
		only = !allow_address(entry->d_name) ||
		       is_behind(value, entry->d_name);
		if (!only)
			snprintf(seen, size, "%.20s", entry->d_name);
	}
	if (list)
		closedir(list);
	return only;
}

/* A kernel that unloads nothing has no refcnt, and no module is spare. */
static bool is_spare(const struct writer *writer, const struct expect *expect,
		     char *seen, size_t size)
{
	char path[PATH_BYTES], file[160];

	snprintf(file, sizeof file, "%.100s/refcnt", expect->path);
	return below(writer, file, path) && read_text(path, seen, size) &&
	       strcmp(seen, "0") == 0 &&
	       drives_only(writer, expect->value, seen, size);
}

/* Whether @expect holds; @seen gets what is there. */
static bool holds(const struct writer *writer, const struct expect *expect,
		  char *seen, size_t size)
{
	char path[PATH_BYTES];

	*seen = '\0';
	if (expect->kind == EXPECT_NOTHING)
		return true;
	if (!below(writer, expect->path, path))
		return false;
	switch (expect->kind) {
	case EXPECT_EXISTS:
		return faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
	case EXPECT_DRIVER:
		read_link(path, seen, size);
		break;
	case EXPECT_OTHER:
		read_link(path, seen, size);
		return *seen && strcmp(seen, expect->value) != 0;
	case EXPECT_TEXT:
		if (!read_text(path, seen, size))
			return false;
		break;
	case EXPECT_LINE:
	case EXPECT_FILE:
	case EXPECT_GONE:
		return edit_holds(writer->root, expect, seen, size);
	case EXPECT_FREE:
		return !held_by(writer->root, path, seen, size);
	case EXPECT_SPARE:
		return is_spare(writer, expect, seen, size);
	case EXPECT_UNLOADED:
		return faccessat(AT_FDCWD, path, F_OK,
				 AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT;
	case EXPECT_NOTHING:
		break;
	}
	return strcmp(seen, expect->value) == 0;
}

static long ms_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - start->tv_sec) * 1000L +
	       (now.tv_nsec - start->tv_nsec) / 1000000L;
}

/* How long what is expected may take to show, in milliseconds. */
static long patience(const struct writer *writer, const struct expect *expect)
{
	uint64_t seconds = 0;

	if (expect->kind == EXPECT_FREE && !*writer->root &&
	    num_parse(expect->value, 10, &seconds))
		return (long)seconds * 1000L;
	return (long)writer->settle_ms;
}

/* Some things come a moment after the write: udev makes a node, a driver
 * probes in the background, a process that was asked to end does. */
static bool comes_to_hold(const struct writer *writer,
			  const struct expect *expect, char *seen, size_t size)
{
	int pause = expect->kind == EXPECT_FREE ? SCAN_EVERY_MS :
						  LOOK_EVERY_MS;
	struct timespec start;

	clock_gettime(CLOCK_MONOTONIC, &start);
	while (!holds(writer, expect, seen, size)) {
		if (ms_since(&start) >= patience(writer, expect))
			return false;
		poll(NULL, 0, pause);
	}
	return true;
}

/* Changing. */

/* Whether a resolved folder is the kernel's device tree or PCI bus. */
static bool is_in_sysfs(const struct writer *writer, const char *resolved)
{
	size_t root = strlen(writer->root);
	const char *path = resolved + root;

	return strncmp(resolved, writer->root, root) == 0 &&
	       (text_starts(path, "/sys/devices/") ||
		text_starts(path, "/sys/bus/pci/") ||
		strcmp(path, "/sys/bus/pci") == 0);
}

/* Classes and buses of virtual devices name them by links; where one leads
 * must bear the name that was asked for, folders below it and all. */
static bool keeps_name(const char *folder, const char *resolved)
{
	static const char *const links[] = { "/sys/class/", "/sys/bus/mdev/" };

	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		if (!text_starts(folder, links[i]))
			continue;
		const char *name = strchr(folder + strlen(links[i]), '/');
		return name && text_ends(resolved, name);
	}
	return true;
}

static bool is_sysfs_file(const struct writer *writer, int file)
{
	struct statfs fs;

	return *writer->root || (fstatfs(file, &fs) == 0 &&
				 fs.f_type == SYSFS_MAGIC);
}

/* Open for writing.  -1 with errno. */
static int open_attribute(const struct writer *writer, const char *path)
{
	char full[PATH_BYTES], resolved[PATH_BYTES];

	if (!below(writer, path, full)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	char *slash = strrchr(full, '/');
	*slash = '\0';
	if (!realpath(full, resolved))
		return -1;
	if (!is_in_sysfs(writer, resolved) ||
	    !keeps_name(full + strlen(writer->root), resolved)) {
		errno = EXDEV;
		return -1;
	}
	int folder = open(resolved,
			  O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder < 0)
		return -1;
	int file = openat(folder, slash + 1,
			  O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY);
	int error = errno;
	close(folder);
	if (file >= 0 && !is_sysfs_file(writer, file)) {
		close(file);
		file = -1;
		error = EXDEV;
	}
	errno = error;
	return file;
}

/* A value goes to sysfs in one write.  Returns 0 or an errno. */
static int write_value(const struct writer *writer, const struct step *step)
{
	char line[256];
	int len = snprintf(line, sizeof line, "%s\n", step->value);

	if (len < 0 || (size_t)len >= sizeof line)
		return E2BIG;
	int file = open_attribute(writer, step->path);
	if (file < 0)
		return errno;
	ssize_t done = write(file, line, (size_t)len);
	int error = done < 0 ? errno : done != len ? EIO : 0;
	close(file);
	return error;
}

/* That a device with this address is there. */
static bool is_device(const struct writer *writer, const char *address)
{
	char path[PATH_BYTES], full[64];

	snprintf(full, sizeof full, "/sys/bus/pci/devices/%.20s", address);
	return below(writer, full, path) && access(path, F_OK) == 0;
}

/* Where distributions keep programs; never looked for in PATH. */
static bool find_program(const struct writer *writer, const char *name,
			 char path[static PATH_BYTES])
{
	static const char *const places[] = {
		"/usr/sbin/", "/sbin/", "/usr/bin/", "/bin/",
		"/run/current-system/sw/bin/",
	};

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		char place[128];
		snprintf(place, sizeof place, "%s%.64s", places[i], name);
		if (below(writer, place, path) && access(path, X_OK) == 0)
			return true;
	}
	return false;
}

/* In the new process: become the program. */
static void become(const char *path, const struct step *step)
{
	static char *const environment[] = {
		(char *)(uintptr_t)"PATH=/usr/sbin:/usr/bin:/sbin:/bin",
		(char *)(uintptr_t)"LC_ALL=C", NULL,
	};
	char *argv[STEP_WORDS + 1] = { NULL };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int i = 0; i < 3 && null >= 0; i++)
		dup2(null, i);
	for (unsigned i = 0; i < STEP_WORDS && step->argv[i]; i++)
		argv[i] = (char *)(uintptr_t)step->argv[i];
	execve(path, argv, environment);
	_exit(EXIT_NO_PROGRAM);
}

static void fail(struct reply *reply, enum phase phase, int errnum)
{
	reply->kind = REPLY_FAILED;
	reply->phase = phase;
	reply->errnum = errnum;
}

static void run_program(const struct writer *writer, const struct step *step,
			struct reply *reply)
{
	char path[PATH_BYTES];
	int status;

	if (!find_program(writer, step->argv[0], path)) {
		fail(reply, PHASE_RUN, ENOENT);
		return;
	}
	pid_t pid = fork();
	if (pid < 0) {
		fail(reply, PHASE_RUN, errno);
		return;
	}
	if (pid == 0)
		become(path, step);
	if (writer->started)
		writer->started(writer->context, pid);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR) {
			fail(reply, PHASE_RUN, errno);
			return;
		}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return;
	fail(reply, PHASE_RUN, 0);
	snprintf(reply->detail, sizeof reply->detail, "%d",
		 WIFEXITED(status) ? WEXITSTATUS(status) :
				     128 + WTERMSIG(status));
}

/* The device itself. */

static uint32_t read_hex(const struct writer *writer, const char *device,
			 const char *name)
{
	char path[PATH_BYTES], file[96], text[32];
	uint64_t value = 0;

	snprintf(file, sizeof file, "/sys/bus/pci/devices/%.20s/%s", device,
		 name);
	if (below(writer, file, path) && read_text(path, text, sizeof text))
		num_parse(text, 16, &value);
	return (uint32_t)value;
}

static void read_members(const struct writer *writer, const char *device,
			 struct self *self)
{
	char path[PATH_BYTES], folder[96];
	struct dirent *entry;

	snprintf(folder, sizeof folder,
		 "/sys/bus/pci/devices/%.20s/iommu_group/devices", device);
	DIR *list = below(writer, folder, path) ? opendir(path) : NULL;
	if (!list)
		return;
	self->grouped = true;
	while ((entry = readdir(list)) != NULL)
		if (entry->d_name[0] != '.')
			self_member(self, entry->d_name);
	closedir(list);
}

/* Whether the step's device is what it was when the step was planned, among
 * those it was with; @seen gets what it is, "" when it is not there. */
static bool is_itself(const struct writer *writer, const struct step *step,
		      char *seen, size_t size)
{
	char address[BDF_TEXT], text[SELF_TEXT];
	struct self self = {0};

	*seen = '\0';
	if (!step->self || !*step->self)
		return true;
	if (!self_address(step, address) || !is_device(writer, address))
		return false;
	self.alone = self_is_alone(step->self);
	self.vendor = (uint16_t)read_hex(writer, address, "vendor");
	self.device = (uint16_t)read_hex(writer, address, "device");
	self.subvendor =
		(uint16_t)read_hex(writer, address, "subsystem_vendor");
	self.subdevice =
		(uint16_t)read_hex(writer, address, "subsystem_device");
	self.class = read_hex(writer, address, "class");
	if (!self.alone)
		read_members(writer, address, &self);
	snprintf(seen, size, "%s", self_print(&self, text));
	return strcmp(seen, step->self) == 0;
}

bool write_is_in(const struct writer *writer, const char *boot)
{
	char path[PATH_BYTES], now[64];

	if (!below(writer, "/proc/sys/kernel/random/boot_id", path) ||
	    !read_text(path, now, sizeof now))
		return strcmp(boot, WIRE_NO_BOOT) == 0;
	return strcmp(boot, now) == 0;
}

unsigned long write_oopses(const struct writer *writer)
{
	char path[PATH_BYTES], text[32];
	uint64_t count;

	/* Counted since 6.2, and in 6.1 since 6.1.7. */
	if (below(writer, "/sys/kernel/oops_count", path) &&
	    read_text(path, text, sizeof text) && num_parse(text, 10, &count))
		return (unsigned long)count;
	if (below(writer, "/proc/sys/kernel/tainted", path) &&
	    read_text(path, text, sizeof text) && num_parse(text, 10, &count))
		return count >> TAINT_DIE & 1;
	return 0;
}

static void change(const struct writer *writer, const struct step *step,
		   struct reply *reply)
{
	if (step->kind == STEP_RUN) {
		run_program(writer, step, reply);
	} else if (step->kind == STEP_FILE) {
		int error = edit_do(writer->root, step);
		if (error)
			fail(reply, PHASE_WRITE, error);
	} else if (step->kind == STEP_ASK && writer->found) {
		probe_device(writer->kernel ? writer->kernel : &probe_kernel, step,
			   writer->found, writer->context);
	} else if (step->kind == STEP_WRITE) {
		int error = allow_value_is_address(step) &&
			    !is_device(writer, step->value) ?
				    ENODEV : write_value(writer, step);
		if (error)
			fail(reply, PHASE_WRITE, error);
	}
}

void write_step(const struct writer *writer, const struct step *step,
		struct reply *reply)
{
	*reply = (struct reply){ .kind = REPLY_DONE };
	if (step->ensure && step->expect.kind != EXPECT_NOTHING &&
	    holds(writer, &step->expect, reply->detail,
		  sizeof reply->detail)) {
		*reply = (struct reply){ .kind = REPLY_KEPT };
		return;
	}
	if (!is_itself(writer, step, reply->detail, sizeof reply->detail)) {
		fail(reply, PHASE_SELF, 0);
		return;
	}
	reply->detail[0] = '\0';
	if (!holds(writer, &step->before, reply->detail,
		   sizeof reply->detail)) {
		fail(reply, PHASE_BEFORE, 0);
		return;
	}
	reply->detail[0] = '\0';
	change(writer, step, reply);
	if (reply->kind != REPLY_DONE)
		return;
	if (comes_to_hold(writer, &step->expect, reply->detail,
			  sizeof reply->detail))
		reply->detail[0] = '\0';
	else
		fail(reply, PHASE_EXPECT, 0);
}
