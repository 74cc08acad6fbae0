// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The yardstick of the inspector: asks the same of a device in the plainest
 * way, with a structure of its own for each answer, and shares no line with
 * vfiotop.  Run in a guest as
 *
 *     grant group GROUP-NODE ADDRESS      grant cdev DEVICE-NODE
 *     grant hold NODE [cdev]              keep it open until killed
 *
 * One fact a line; the rest is judged outside.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct info {
	uint32_t argsz, flags, regions, irqs, caps, pad;
};

struct region {
	uint32_t argsz, flags, index, caps;
	uint64_t size, offset;
	uint8_t more[4096];
};

struct irq {
	uint32_t argsz, flags, index, count;
};

struct reset {
	uint32_t argsz, flags, count;
	struct {
		uint32_t id;
		uint16_t segment;
		uint8_t bus, devfn;
	} devices[256];
};

struct iommu {
	uint32_t argsz, flags;
	uint64_t sizes;
	uint32_t caps, pad;
	uint8_t more[4096];
};

struct feature {
	uint32_t argsz, flags;
};

struct cap {
	uint16_t id, version;
	uint32_t next;
};

static void die(const char *what)
{
	printf("refused %s %d\n", what, errno);
	fflush(stdout);
	exit(1);
}

static int must(int result, const char *what)
{
	if (result < 0)
		die(what);
	return result;
}

#define V(n) _IO(';', 100 + (n))
#define I(n) _IO(';', (n))

static void tell_caps(const char *what, unsigned index, const void *start,
		      uint32_t at)
{
	while (at) {
		const struct cap *cap = (const void *)((const char *)start + at);
		const uint32_t *words = (const void *)(cap + 1);
		const uint64_t *longs = (const void *)(words + 2);
		printf("cap %s %u %u %u\n", what, index, cap->id,
		       cap->version);
		if (strcmp(what, "iommu") == 0 && cap->id == 1)
			for (uint32_t i = 0; i < words[0]; i++)
				printf("range %" PRIx64 " %" PRIx64 "\n",
				       longs[2 * i], longs[2 * i + 1]);
		if (strcmp(what, "iommu") == 0 && cap->id == 3)
			printf("left %x\n", words[0]);
		if (strcmp(what, "region") == 0 && cap->id == 1)
			for (uint32_t i = 0; i < words[0]; i++)
				printf("area %u %" PRIx64 " %" PRIu64 "\n",
				       index, longs[2 * i], longs[2 * i + 1]);
		at = cap->next;
	}
}

static void tell_reset(int device)
{
	static struct reset reset;

	reset.argsz = sizeof reset;
	if (ioctl(device, V(12), &reset) < 0) {
		printf("reset none\n");
		return;
	}
	for (uint32_t i = 0; i < reset.count; i++)
		printf("reset %" PRIu32 " %04x:%02x:%02x.%u\n",
		       reset.devices[i].id, reset.devices[i].segment,
		       reset.devices[i].bus, reset.devices[i].devfn >> 3,
		       reset.devices[i].devfn & 7);
}

static void tell_device(int device)
{
	struct info info = { .argsz = sizeof info };

	must(ioctl(device, V(7), &info), "info");
	printf("info %u %u %u\n", info.flags & ~0x80u, info.regions,
	       info.irqs);
	for (uint32_t i = 0; i < info.regions; i++) {
		static struct region region;
		memset(&region, 0, sizeof region);
		region.argsz = sizeof region;
		region.index = i;
		if (ioctl(device, V(8), &region) < 0)
			continue;
		printf("region %u %u %" PRIu64 " %" PRIx64 "\n", i,
		       region.flags & 7, region.size, region.offset);
		if (region.flags & 8)
			tell_caps("region", i, &region, region.caps);
	}
	for (uint32_t i = 0; i < info.irqs; i++) {
		struct irq irq = { .argsz = sizeof irq, .index = i };
		if (ioctl(device, V(9), &irq) == 0)
			printf("irq %u %u %u\n", i, irq.flags, irq.count);
	}
	tell_reset(device);
	for (uint32_t i = 0; i < 32; i++) {
		struct feature any = { sizeof any, 1u << 18 | i };
		struct feature get = { sizeof get, 1u << 18 | 1u << 16 | i };
		struct feature set = { sizeof set, 1u << 18 | 1u << 17 | i };
		int has = ioctl(device, V(17), &any) == 0;
		int can_get = ioctl(device, V(17), &get) == 0;
		int can_set = ioctl(device, V(17), &set) == 0;
		if (has || can_get || can_set)
			printf("feature %u %d %d\n", i, can_get, can_set);
	}
}

static void tell_iommu(int fd)
{
	static struct iommu iommu;

	iommu.argsz = sizeof iommu;
	if (ioctl(fd, V(12), &iommu) < 0) {
		printf("iommu none\n");
		return;
	}
	printf("iommu %" PRIx64 "\n", iommu.sizes);
	if (iommu.flags & 2)
		tell_caps("iommu", 0, &iommu, iommu.caps);
}

static void by_group(const char *node, const char *address)
{
	uint32_t status[2] = { 8, 0 };
	int group = must(open(node, O_RDWR), "open-group");
	int container = must(open("/dev/vfio/vfio", O_RDWR), "open-container");
	int kind = strstr(node, "noiommu") ? 8 : 3;

	must(ioctl(group, V(3), status), "status");
	printf("viable %u\n", status[1] & 1);
	must(ioctl(group, V(4), &container), "set-container");
	must(ioctl(container, V(2), kind), "set-iommu");
	tell_iommu(container);
	tell_device(must(ioctl(group, V(6), address), "device"));
}

static int bind_cdev(const char *node, int *iommufd)
{
	int device = must(open(node, O_RDWR), "open-device");
	uint32_t bind[4] = { 16, 0, 0, 0 };

	*iommufd = must(open("/dev/iommu", O_RDWR), "open-iommufd");
	bind[2] = (uint32_t)*iommufd;
	must(ioctl(device, V(18), bind), "bind");
	return device;
}

static void by_cdev(const char *node)
{
	int iommufd;
	int device = bind_cdev(node, &iommufd);
	uint32_t space[3] = { 12, 0, 0 };
	struct {
		uint32_t size, id;
		uint16_t op, pad;
	} choose = { .size = 12, .op = 1 };

	must(ioctl(iommufd, I(0x81), space), "space");
	uint32_t attach[3] = { 12, 0, space[2] };
	must(ioctl(device, V(19), attach), "attach");
	choose.id = space[2];
	must(ioctl(iommufd, I(0x88), &choose), "choose");
	tell_iommu(iommufd);
	tell_device(device);
}

int main(int argc, char **argv)
{
	int iommufd;

	if (argc == 4 && strcmp(argv[1], "group") == 0) {
		by_group(argv[2], argv[3]);
	} else if (argc == 3 && strcmp(argv[1], "cdev") == 0) {
		by_cdev(argv[2]);
	} else if (argc >= 3 && strcmp(argv[1], "hold") == 0) {
		if (argc == 4)
			bind_cdev(argv[2], &iommufd);
		else
			must(open(argv[2], O_RDWR), "open");
		printf("held\n");
		fflush(stdout);
		for (;;)
			pause();
	} else {
		return 64;
	}
	return 0;
}
