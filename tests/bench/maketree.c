// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes a sysfs of many functions in a folder, for the benchmark: root ports
 * with 8 functions behind each, all with the files that lspci and vfiotop
 * read.  It makes files, not a machine: nothing behind them works.
 *
 * usage: maketree COUNT FOLDER
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void die(const char *what)
{
	fprintf(stderr, "maketree: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void put(int folder, const char *name, const void *bytes, size_t len)
{
	int fd = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (fd < 0 || write(fd, bytes, len) != (ssize_t)len)
		die(name);
	close(fd);
}

static void put_text(int folder, const char *name, const char *text)
{
	put(folder, name, text, strlen(text));
}

static void make_folder(const char *path)
{
	if (mkdir(path, 0755) && errno != EEXIST)
		die(path);
}

struct function {
	char address[24];
	char above[64];		/* of the folder it is in */
	unsigned class, vendor, device, group;
	unsigned secondary;	/* bus below; 0: no bridge */
	const char *driver;
};

static void put_config(int folder, const struct function *function)
{
	uint8_t config[256] = {
		[0] = (uint8_t)function->vendor,
		[1] = (uint8_t)(function->vendor >> 8),
		[2] = (uint8_t)function->device,
		[3] = (uint8_t)(function->device >> 8),
		[6] = 0x10, [9] = (uint8_t)function->class,
		[10] = (uint8_t)(function->class >> 8),
		[11] = (uint8_t)(function->class >> 16),
		[0x0e] = function->secondary ? 1 : 0,
		[0x19] = (uint8_t)function->secondary,
		[0x1a] = (uint8_t)function->secondary,
		[0x34] = 0x40, [0x40] = 0x10,
		[0x42] = function->secondary ? 0x42 : 0x02,
	};

	put(folder, "config", config, sizeof config);
}

static void put_files(int folder, const struct function *function)
{
	char text[400];

	snprintf(text, sizeof text, "DRIVER=%s\nPCI_CLASS=%X\n"
		 "PCI_ID=%04X:%04X\nPCI_SUBSYS_ID=1AF4:1100\n"
		 "PCI_SLOT_NAME=%s\nMODALIAS=pci:v%08Xd%08Xsv00001AF4"
		 "sd00001100bc%02Xsc%02Xi%02X\n", function->driver,
		 function->class, function->vendor, function->device,
		 function->address, function->vendor, function->device,
		 function->class >> 16, function->class >> 8 & 0xff,
		 function->class & 0xff);
	put_text(folder, "uevent", text);
	put_text(folder, "modalias", strchr(strstr(text, "MODALIAS"), '=') + 1);
	snprintf(text, sizeof text, "0x%06x\n", function->class);
	put_text(folder, "class", text);
	snprintf(text, sizeof text, "0x%04x\n", function->vendor);
	put_text(folder, "vendor", text);
	snprintf(text, sizeof text, "0x%04x\n", function->device);
	put_text(folder, "device", text);
	put_text(folder, "subsystem_vendor", "0x1af4\n");
	put_text(folder, "subsystem_device", "0x1100\n");
	put_text(folder, "revision", "0x01\n");
	put_text(folder, "irq", "0\n");
	put_text(folder, "numa_node", "-1\n");
	put_text(folder, "driver_override", "(null)\n");
	put_text(folder, "power_state", "D0\n");
	text[0] = '\0';
	for (unsigned line = 0; line < 7; line++)
		strcat(text, "0x0000000000000000 0x0000000000000000 "
			     "0x0000000000000000\n");
	put_text(folder, "resource", text);
	put_config(folder, function);
}

static void put_function(const char *root, const struct function *function)
{
	char path[512], target[256];

	snprintf(path, sizeof path, "%s/sys/devices/%s/%s", root,
		 function->above, function->address);
	make_folder(path);
	int folder = open(path, O_RDONLY | O_DIRECTORY);
	if (folder < 0)
		die(path);
	put_files(folder, function);
	snprintf(target, sizeof target, "../../../../bus/pci/drivers/%s",
		 function->driver);
	if (symlinkat(target, folder, "driver") && errno != EEXIST)
		die("driver");
	snprintf(target, sizeof target, "../../../kernel/iommu_groups/%u",
		 function->group);
	if (symlinkat(target, folder, "iommu_group") && errno != EEXIST)
		die("iommu_group");
	close(folder);
	snprintf(path, sizeof path, "%s/sys/bus/pci/devices/%s", root,
		 function->address);
	snprintf(target, sizeof target, "../../../devices/%s/%s",
		 function->above, function->address);
	if (symlink(target, path) && errno != EEXIST)
		die(path);
	snprintf(path, sizeof path, "%s/sys/kernel/iommu_groups/%u", root,
		 function->group);
	make_folder(path);
	snprintf(path, sizeof path, "%s/sys/kernel/iommu_groups/%u/devices",
		 root, function->group);
	make_folder(path);
	snprintf(path, sizeof path, "%s/sys/kernel/iommu_groups/%u/devices/%s",
		 root, function->group, function->address);
	snprintf(target, sizeof target, "../../../../devices/%s/%s",
		 function->above, function->address);
	if (symlink(target, path) && errno != EEXIST)
		die(path);
}

static void make_base(const char *root)
{
	static const char *const folders[] = {
		"", "/sys", "/sys/bus", "/sys/bus/pci",
		"/sys/bus/pci/devices", "/sys/bus/pci/drivers",
		"/sys/bus/pci/drivers/pcieport", "/sys/bus/pci/drivers/nvme",
		"/sys/bus/pci/slots", "/sys/devices", "/sys/kernel",
		"/sys/kernel/iommu_groups", "/sys/class", "/sys/class/iommu",
	};
	char path[512];

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		snprintf(path, sizeof path, "%s%s", root, folders[i]);
		make_folder(path);
	}
}

int main(int argc, char **argv)
{
	char path[512];

	if (argc != 3) {
		fprintf(stderr, "usage: maketree COUNT FOLDER\n");
		return 64;
	}
	unsigned count = (unsigned)strtoul(argv[1], NULL, 10), made = 0;
	make_base(argv[2]);
	for (unsigned domain = 0; made < count; domain++) {
		snprintf(path, sizeof path, "%s/sys/devices/pci%04x:00",
			 argv[2], domain);
		make_folder(path);
		for (unsigned bus = 1; bus < 255 && made < count; bus++) {
			struct function port = {
				.class = 0x060400, .vendor = 0x8086,
				.device = 0xa70d, .group = made,
				.secondary = bus, .driver = "pcieport",
			};
			unsigned slot = (bus - 1) / 8, fn = (bus - 1) % 8;
			snprintf(port.address, sizeof port.address,
				 "%04x:00:%02x.%x", domain, slot, fn);
			snprintf(port.above, sizeof port.above, "pci%04x:00",
				 domain);
			put_function(argv[2], &port);
			made++;
			for (unsigned f = 0; f < 8 && made < count; f++) {
				struct function leaf = {
					.class = 0x010802, .vendor = 0x144d,
					.device = 0xa80c, .group = made,
					.driver = "nvme",
				};
				snprintf(leaf.address, sizeof leaf.address,
					 "%04x:%02x:00.%x", domain, bus, f);
				snprintf(leaf.above, sizeof leaf.above,
					 "pci%04x:00/%s", domain,
					 port.address);
				put_function(argv[2], &leaf);
				made++;
			}
		}
	}
	return 0;
}
