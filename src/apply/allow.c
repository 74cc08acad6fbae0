// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The lists of what vfiotop-apply does.  They are the only ones: what is not
 * in them is refused, whoever asks.  It touches no file; that the addresses
 * exist and where the paths lead is checked in write.c.
 *
 * In a pattern @ stands for a full PCI address, * for a name, # for a number,
 * ~ for a UUID.
 */
#include "apply/allow.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"

enum value {
	VALUE_NONE_OR_NAME,	/* a driver's name, or "" to clear */
	VALUE_ADDRESS,
	VALUE_SAME_ADDRESS,	/* as in the path */
	VALUE_NUMBER,
	VALUE_ONE,
	VALUE_POWER,		/* on, auto */
	VALUE_UUID,
	VALUE_BIT,		/* 0, 1 */
};

static const struct {
	const char *path;
	enum value value;
} writes[] = {
	{ "/sys/bus/pci/devices/@/driver_override", VALUE_NONE_OR_NAME },
	{ "/sys/bus/pci/devices/@/driver/unbind", VALUE_SAME_ADDRESS },
	{ "/sys/bus/pci/devices/@/power/control", VALUE_POWER },
	{ "/sys/bus/pci/devices/@/reset", VALUE_ONE },
	{ "/sys/bus/pci/devices/@/sriov_drivers_autoprobe", VALUE_BIT },
	{ "/sys/bus/pci/devices/@/sriov_numvfs", VALUE_NUMBER },
	{ "/sys/bus/pci/devices/@/mdev_supported_types/*/create", VALUE_UUID },
	{ "/sys/bus/pci/drivers/*/bind", VALUE_ADDRESS },
	{ "/sys/bus/pci/drivers/*/unbind", VALUE_ADDRESS },
	{ "/sys/bus/pci/drivers_probe", VALUE_ADDRESS },
	{ "/sys/bus/mdev/devices/~/remove", VALUE_ONE },
	{ "/sys/class/mdev_bus/*/mdev_supported_types/*/create", VALUE_UUID },
	{ "/sys/class/vtconsole/vtcon#/bind", VALUE_BIT },
};

static const char *const looks[] = {
	"/sys/bus/pci/devices/@/driver",
	"/sys/bus/pci/devices/@/driver_override",
	"/sys/bus/pci/devices/@/power/control",
	"/sys/bus/pci/devices/@/sriov_drivers_autoprobe",
	"/sys/bus/pci/devices/@/sriov_numvfs",
	"/sys/bus/pci/drivers/*",
	"/sys/bus/mdev/devices/~",
	"/sys/class/vtconsole/vtcon#/bind",
	"/sys/module/*",
	"/dev/vfio/#",
};

/* Modules that may be unloaded: those whose unload is refused while somebody
 * uses them, and an unbind of whose driver waits for ever. */
static const char *const unloads[] = {
	"nvidia_peermem", "nvidia_drm", "nvidia_modeset", "nvidia_uvm",
	"nvidia", "i915",
};

/* Nodes through which a device may be asked what VFIO grants. */
static const char *const asks[] = {
	"/dev/vfio/#", "/dev/vfio/noiommu-#", "/dev/vfio/devices/vfio#",
};

/* Nodes whose holders may be waited for; nothing of them is opened. */
static const char *const nodes[] = {
	"/dev/dri/*", "/dev/kfd", "/dev/nvidia*", "/dev/nvidia-*",
	"/dev/snd/*",
};

enum { NAME_MOST = 63, ALIAS_MOST = 255, UNIT_MOST = 127, WAIT_MOST = 300 };

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

/* Whether @text is 1 to @most of these letters. */
static bool is_made_of(const char *text, const char *letters, size_t most)
{
	size_t len = strspn(text, letters);

	return len && !text[len] && len <= most;
}

/* A name never begins with a dash: it could be an option. */
static bool is_name(const char *text)
{
	return *text != '-' && is_made_of(text, LETTERS DIGITS "_-",
					  NAME_MOST);
}

static bool is_number(const char *text)
{
	return is_made_of(text, DIGITS, 9);
}

bool allow_address(const char *text)
{
	char again[BDF_TEXT];
	struct bdf bdf;

	return bdf_parse(text, &bdf) && strcmp(bdf_print(bdf, again), text) == 0;
}

static bool is_part(char kind, const char *part)
{
	switch (kind) {
	case '@':
		return allow_address(part);
	case '*':
		return is_name(part);
	case '#':
		return is_number(part);
	default:
		return text_is_uuid(part);
	}
}

/* Whether @path is made as @pattern; *address gets what stood for @. */
static bool matches(const char *pattern, const char *path,
		    char address[static BDF_TEXT])
{
	for (; *pattern; pattern++) {
		char part[128];
		if (!strchr("@*#~", *pattern)) {
			if (*path++ != *pattern)
				return false;
			continue;
		}
		size_t len = strcspn(path, "/");
		if (len >= sizeof part)
			return false;
		memcpy(part, path, len);
		part[len] = '\0';
		path += len;
		if (!is_part(*pattern, part))
			return false;
		if (*pattern == '@')
			memcpy(address, part, len + 1);
	}
	return !*path;
}

static bool fits(enum value kind, const char *value, const char *address)
{
	switch (kind) {
	case VALUE_NONE_OR_NAME:
		return !*value || is_name(value);
	case VALUE_ADDRESS:
		return allow_address(value);
	case VALUE_SAME_ADDRESS:
		return strcmp(value, address) == 0;
	case VALUE_NUMBER:
		return is_made_of(value, DIGITS, 5);
	case VALUE_ONE:
		return strcmp(value, "1") == 0;
	case VALUE_POWER:
		return strcmp(value, "on") == 0 || strcmp(value, "auto") == 0;
	case VALUE_UUID:
		return text_is_uuid(value);
	case VALUE_BIT:
		return strcmp(value, "0") == 0 || strcmp(value, "1") == 0;
	}
	return false;
}

static bool allow_write(const struct step *step, struct err *err)
{
	for (size_t i = 0; i < sizeof writes / sizeof *writes; i++) {
		char address[BDF_TEXT] = "";
		if (!matches(writes[i].path, step->path, address))
			continue;
		if (fits(writes[i].value, step->value, address))
			return true;
		err_set(err, "not a value for this path");
		return false;
	}
	err_set(err, "not a path that is written to");
	return false;
}

bool allow_value_is_address(const struct step *step)
{
	char address[BDF_TEXT] = "";

	for (size_t i = 0; i < sizeof writes / sizeof *writes; i++)
		if (matches(writes[i].path, step->path, address))
			return writes[i].value == VALUE_ADDRESS ||
			       writes[i].value == VALUE_SAME_ADDRESS;
	return false;
}

/* modprobe NAME, or modprobe -b MODALIAS. */
static bool is_load(const char *const *argv)
{
	if (strcmp(argv[0], "modprobe") != 0 || !argv[1])
		return false;
	if (!argv[2])
		return is_name(argv[1]);
	return strcmp(argv[1], "-b") == 0 && text_starts(argv[2], "pci:") &&
	       is_made_of(argv[2] + 4, LETTERS DIGITS, ALIAS_MOST);
}

/* modprobe -r NAME, of a module that is spare and then gone. */
static bool is_unload(const struct step *step)
{
	const char *const *argv = step->argv;
	char path[32];

	if (strcmp(argv[0], "modprobe") != 0 || !argv[1] || !argv[2] ||
	    strcmp(argv[1], "-r") != 0)
		return false;
	for (size_t i = 0; i < sizeof unloads / sizeof *unloads; i++) {
		snprintf(path, sizeof path, "/sys/module/%s", unloads[i]);
		if (strcmp(argv[2], unloads[i]) == 0)
			return step->before.kind == EXPECT_SPARE &&
			       step->expect.kind == EXPECT_UNLOADED &&
			       strcmp(step->before.path, path) == 0 &&
			       strcmp(step->expect.path, path) == 0;
	}
	return false;
}

/* The full name of a service, such as display-manager.service; never an
 * option, a path or a pattern. */
static bool is_service(const char *unit)
{
	return *unit != '-' && *unit != '.' && text_ends(unit, ".service") &&
	       is_made_of(unit, LETTERS DIGITS ":_.@-", UNIT_MOST);
}

/* systemctl stop UNIT, or systemctl start UNIT. */
static bool is_service_change(const char *const *argv)
{
	return strcmp(argv[0], "systemctl") == 0 && argv[1] && argv[2] &&
	       (strcmp(argv[1], "stop") == 0 ||
		strcmp(argv[1], "start") == 0) && is_service(argv[2]);
}

/* What makes a boot loader or an initramfs see a changed file. */
static bool is_refresh(const char *const *argv)
{
	static const char *const commands[][STEP_WORDS] = {
		{ "update-grub" },
		{ "grub-mkconfig", "-o", "/boot/grub/grub.cfg" },
		{ "grub2-mkconfig", "-o", "/boot/grub2/grub.cfg" },
		{ "proxmox-boot-tool", "refresh" },
		{ "mkinitcpio", "-P" },
		{ "update-initramfs", "-u" },
		{ "dracut", "-f" },
	};

	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		unsigned same = 0;
		for (; same < STEP_WORDS; same++) {
			const char *want = commands[i][same];
			if (!want || !argv[same] ?
				    want != argv[same] :
				    strcmp(want, argv[same]) != 0)
				break;
		}
		if (same == STEP_WORDS)
			return true;
	}
	return false;
}

#define WORD LETTERS DIGITS "_-.,=:/+@%"

/* What changes the kernel's command line by itself: one parameter, that is no
 * option of the program. */
static bool is_parameter_change(const char *const *argv)
{
	static const char *const rows[][3] = {
		{ "grubby", "--update-kernel=ALL", "--args=" },
		{ "grubby", "--update-kernel=ALL", "--remove-args=" },
		{ "rpm-ostree", "kargs", "--append-if-missing=" },
		{ "rpm-ostree", "kargs", "--delete=" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (argv[1] && argv[2] && strcmp(argv[0], rows[i][0]) == 0 &&
		    strcmp(argv[1], rows[i][1]) == 0 &&
		    text_starts(argv[2], rows[i][2]))
			return is_made_of(argv[2] + strlen(rows[i][2]), WORD,
					  ALIAS_MOST);
	return false;
}

/* These and nothing else. */
static bool allow_run(const struct step *step, struct err *err)
{
	const char *const *argv = step->argv;
	bool good = argv[0] && (is_load(argv) || is_unload(step) ||
				is_service_change(argv) ||
				is_refresh(argv) || is_parameter_change(argv));

	if (!good)
		err_set(err, "not a program that is run");
	return good;
}

/* Files of configuration. */

/* Letters that neither the shell, which reads /etc/default/grub, nor a boot
 * loader gives a meaning of its own inside of quotes. */
#define WORDS LETTERS DIGITS " _-.,=:/+@%"

static bool is_words(const char *text, size_t len)
{
	return strspn(text, WORDS) >= len;
}

/* GRUB_CMDLINE_LINUX_DEFAULT="…", in quotes or without. */
static bool is_grub_line(const char *line)
{
	static const char name[] = "GRUB_CMDLINE_LINUX_DEFAULT=";
	size_t len;

	if (!text_starts(line, name))
		return false;
	line += sizeof name - 1;
	len = strlen(line);
	if (*line != '"' && *line != '\'')
		return is_words(line, len) && !strchr(line, ' ');
	return len >= 2 && line[len - 1] == *line &&
	       is_words(line + 1, len - 2);
}

static bool is_kernel_line(const char *line)
{
	return *line && is_words(line, strlen(line));
}

static bool is_id_list(const char *text, size_t len)
{
	return len && strspn(text, "0123456789abcdef:,") == len;
}

/* "options vfio-pci ids=…", or "softdep NAME pre: vfio-pci". */
static bool is_modprobe_line(const char *line, size_t len)
{
	static const char options[] = "options vfio-pci ids=";
	static const char softdep[] = "softdep ", pre[] = " pre: vfio-pci";
	size_t head = sizeof softdep - 1, tail = sizeof pre - 1;

	if (len > sizeof options - 1 &&
	    memcmp(line, options, sizeof options - 1) == 0)
		return is_id_list(line + sizeof options - 1,
				  len - (sizeof options - 1));
	return len > head + tail && memcmp(line, softdep, head) == 0 &&
	       memcmp(line + len - tail, pre, tail) == 0 &&
	       line[head] != '-' &&
	       strspn(line + head, LETTERS DIGITS "_-") == len - head - tail;
}

static bool is_modprobe_text(const char *text)
{
	const char *end = text + strlen(text), *line;
	size_t len;

	if (!*text)
		return false;
	while (text_line(&text, end, &line, &len))
		if (!is_modprobe_line(line, len))
			return false;
	return true;
}

/* /etc/modprobe.d/vfiotop-NAME.conf: a file of our own. */
static bool is_own_modprobe(const char *path)
{
	static const char prefix[] = "/etc/modprobe.d/vfiotop-";
	static const char suffix[] = ".conf";
	char name[NAME_MOST + 1];
	size_t len = strlen(path);

	if (!text_starts(path, prefix) || !text_ends(path, suffix) ||
	    len < sizeof prefix + sizeof suffix - 1)
		return false;
	len -= sizeof prefix - 1 + sizeof suffix - 1;
	if (len >= sizeof name)
		return false;
	memcpy(name, path + sizeof prefix - 1, len);
	name[len] = '\0';
	return is_name(name);
}

static bool is_override(const char *path)
{
	char address[BDF_TEXT];

	return matches("/etc/driverctl.d/@", path, address);
}

static bool is_file_text(const char *path, const char *text)
{
	return is_own_modprobe(path) ? is_modprobe_text(text) :
				       is_override(path) && is_name(text);
}

static bool is_file_line(const char *path, const char *line)
{
	return strcmp(path, "/etc/default/grub") == 0 ? is_grub_line(line) :
	       strcmp(path, "/etc/kernel/cmdline") == 0 &&
		       is_kernel_line(line);
}

/* What may be looked at in a file: the same that may be written to it. */
static bool is_file_look(const struct expect *expect)
{
	const char *path = expect->path;

	if (expect->kind == EXPECT_LINE)
		return is_file_line(path, expect->value);
	if (expect->kind == EXPECT_FILE)
		return is_file_text(path, expect->value);
	return is_own_modprobe(path) || is_override(path);
}

/* A file is made, changed or removed; before and after are of the same. */
static bool allow_file(const struct step *step, struct err *err)
{
	const struct expect *before = &step->before, *after = &step->expect;
	bool whole = after->kind == EXPECT_FILE &&
		     (before->kind == EXPECT_FILE ||
		      before->kind == EXPECT_GONE);
	bool line = after->kind == EXPECT_LINE && before->kind == EXPECT_LINE;
	bool gone = after->kind == EXPECT_GONE && before->kind == EXPECT_FILE;

	if (strcmp(step->path, before->path) == 0 &&
	    strcmp(step->path, after->path) == 0 &&
	    (whole || line || (gone && !*step->value)) &&
	    (gone || strcmp(step->value, after->value) == 0))
		return true;
	err_set(err, "not a change of a file that is made");
	return false;
}

static bool is_among(const char *const *patterns, size_t count,
		     const char *path)
{
	char address[BDF_TEXT];

	for (size_t i = 0; i < count; i++)
		if (matches(patterns[i], path, address))
			return true;
	return false;
}

#define AMONG(table, path) is_among(table, sizeof (table) / sizeof *(table), path)

/* What is asked must be there at that moment, and be VFIO's. */
static bool allow_ask(const struct step *step, struct err *err)
{
	const struct expect *before = &step->before;
	char path[128];
	bool pci = allow_address(step->value);

	snprintf(path, sizeof path, pci ? "/sys/bus/pci/devices/%.40s/driver" :
					  "/sys/bus/mdev/devices/%.40s",
		 step->value);
	if (AMONG(asks, step->path) && (pci || text_is_uuid(step->value)) &&
	    before->kind == (pci ? EXPECT_DRIVER : EXPECT_EXISTS) &&
	    strcmp(before->path, path) == 0)
		return true;
	err_set(err, "not a device that is asked");
	return false;
}

static bool is_wait(const struct expect *expect)
{
	uint64_t seconds;

	return AMONG(nodes, expect->path) &&
	       num_parse(expect->value, 10, &seconds) && seconds <= WAIT_MOST;
}

/* A driver's name, and addresses behind it. */
static bool is_spare(const struct expect *expect)
{
	const char *at = expect->value;
	char word[NAME_MOST + 1];
	size_t len = strcspn(at, " ");

	for (unsigned i = 0; len && len < sizeof word; i++) {
		memcpy(word, at, len);
		word[len] = '\0';
		if (i ? !allow_address(word) : !is_name(word))
			return false;
		at += len;
		if (!*at)
			return i > 0;
		len = strcspn(++at, " ");
	}
	return false;
}

static bool may_look(const struct expect *expect)
{
	switch (expect->kind) {
	case EXPECT_NOTHING:
		return true;
	case EXPECT_FREE:
		return is_wait(expect);
	case EXPECT_LINE:
	case EXPECT_FILE:
	case EXPECT_GONE:
		return is_file_look(expect);
	case EXPECT_SPARE:
		return AMONG(looks, expect->path) && is_spare(expect);
	case EXPECT_TEXT:
	case EXPECT_DRIVER:
	case EXPECT_OTHER:
	case EXPECT_EXISTS:
	case EXPECT_UNLOADED:
		return AMONG(looks, expect->path);
	}
	return false;
}

static bool allow_look(const struct expect *expect, struct err *err)
{
	if (may_look(expect))
		return true;
	err_set(err, "not a path that is looked at");
	return false;
}

bool allow_step(const struct step *step, struct err *err)
{
	if (!allow_look(&step->before, err) || !allow_look(&step->expect, err))
		return false;
	switch (step->kind) {
	case STEP_WRITE:
		return allow_write(step, err);
	case STEP_RUN:
		return allow_run(step, err);
	case STEP_CHECK:
		return true;
	case STEP_FILE:
		return allow_file(step, err);
	case STEP_ASK:
		return allow_ask(step, err);
	}
	err_set(err, "not a kind of step");
	return false;
}
