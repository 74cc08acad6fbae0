// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text of `lspci -x…` as a machine: libpci parses it, and the registers
 * become the files that sysfs would show.  It invents nothing else, so
 * drivers and groups stay unknown.
 */
#include "source/dump.h"

#include <pci/pci.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/num.h"
#include "base/text.h"

enum { CONFIG_BYTES = 4096 };

/* libpci reports errors by a function that must not return. */
static jmp_buf failed;
static struct err *failure;

__attribute__((noreturn, format(printf, 1, 2)))
static void give_up(char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(failure->text, sizeof failure->text, format, args);
	va_end(args);
	longjmp(failed, 1);
}

__attribute__((format(printf, 1, 2)))
static void say_nothing(char *format, ...)
{
	(void)format;
}

/* A line "00: 86 80 …" right behind a line that begins with an address. */
bool dump_is_dump(const char *text)
{
	const char *at = text, *end = text + strlen(text), *line;
	bool address = false;
	size_t len;

	for (unsigned i = 0; i < 4096 && text_line(&at, end, &line, &len);
	     i++) {
		if (address && len >= 9 && memcmp(line, "00: ", 4) == 0)
			return true;
		if (len > 8 && (line[2] == ':' || line[4] == ':'))
			address = true;
	}
	return false;
}

bool dump_is_log(const char *text)
{
	const char *at = text, *end = text + strlen(text), *line;
	size_t len;

	for (unsigned i = 0; i < 200 && text_line(&at, end, &line, &len); i++) {
		bool stamped = len > 15 && line[0] == '[' &&
			       memchr(line, ']', 20);
		const char *kernel = len > 20 ? strstr(line, "Linux version ") :
						NULL;
		if (stamped || (kernel && kernel < line + len))
			return true;
	}
	return false;
}

static void put_file(struct tree *tree, const char *address, const char *name,
		     const char *bytes, size_t len)
{
	char path[96];

	snprintf(path, sizeof path, "sys/bus/pci/devices/%s/%s", address,
		 name);
	struct node *node = tree_path(tree, path, NODE_FILE);
	if (node)
		tree_fill(tree, node, bytes, len);
}

/* How much of config space the dump holds: what is beyond reads as absent. */
static size_t config_size(struct pci_dev *dev)
{
	static const size_t sizes[] = { 4096, 256, 128, 64 };
	uint8_t byte;

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		if (pci_read_block(dev, (int)sizes[i] - 1, &byte, 1))
			return sizes[i];
	return 0;
}

static void put_device(struct tree *tree, struct pci_dev *dev)
{
	uint8_t config[CONFIG_BYTES];
	char address[32], text[256];
	size_t size = config_size(dev);

	if (!size || !pci_read_block(dev, 0, config, (int)size))
		return;
	snprintf(address, sizeof address, "%04x:%02x:%02x.%x",
		 (unsigned)dev->domain, dev->bus, dev->dev, dev->func);
	bool bridge = (num_le8(config, size, 0x0e) & 0x7f) != 0;
	int len = snprintf(text, sizeof text,
		"PCI_CLASS=%X\nPCI_ID=%04X:%04X\nPCI_SUBSYS_ID=%04X:%04X\n"
		"PCI_SLOT_NAME=%s\n",
		num_le32(config, size, 8) >> 8, num_le16(config, size, 0),
		num_le16(config, size, 2),
		bridge ? 0u : num_le16(config, size, 0x2c),
		bridge ? 0u : num_le16(config, size, 0x2e), address);
	put_file(tree, address, "uevent", text, (size_t)len);
	put_file(tree, address, "config", (const char *)config, size);
}

bool dump_load(struct tree *tree, const char *text, size_t len,
	       const char *name, struct err *err)
{
	int fd = memfd_create("dump", MFD_CLOEXEC);
	char path[32];
	volatile unsigned count = 0;

	if (fd < 0 || write(fd, text, len) != (ssize_t)len) {
		err_set(err, "%s: there is no memory to read it.", name);
		if (fd >= 0)
			close(fd);
		return false;
	}
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	struct pci_access *access = pci_alloc();
	access->method = PCI_ACCESS_DUMP;
	access->error = give_up;
	access->warning = say_nothing;
	access->debug = say_nothing;
	char parameter[] = "dump.name";
	pci_set_param(access, parameter, path);
	failure = err;
	if (setjmp(failed) == 0) {
		pci_init(access);
		pci_scan_bus(access);
		for (struct pci_dev *dev = access->devices; dev;
		     dev = dev->next, count++)
			put_device(tree, dev);
		if (!count)
			err_set(err, "it names no device");
	} else {
		count = 0;
	}
	pci_cleanup(access);
	close(fd);
	if (!count)
		err_prefix(err, "%s is no whole lspci dump", name);
	struct node *devices =
		count ? tree_path(tree, "sys/bus/pci/devices", NODE_DIR) : NULL;
	if (devices)
		devices->listed = true;
	return count != 0;
}
