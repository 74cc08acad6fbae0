// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Asks a device through VFIO what it grants: by its group and a container, or
 * by its own node and iommufd.  It sets nothing, maps nothing, and understands
 * no more of the answers than how long they are; they go out as they came.
 */
#include "apply/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"
#include "model/grant.h"
#include "model/vfio_abi.h"

/* Bytes of an answer at most: a hot reset that takes 4096 devices along.
 * ROUNDS: how often an answer may have grown since it was asked for. */
enum { ANSWER_MOST = 40 * 1024, ROUNDS = 4, INDICES_MOST = 64 };

static int open_node(void *context, const char *path)
{
	(void)context;
	return open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);
}

static int request_node(void *context, int fd, unsigned long request,
			void *argument)
{
	(void)context;
	return ioctl(fd, request, argument);
}

static void close_node(void *context, int fd)
{
	(void)context;
	close(fd);
}

const struct probe_kernel probe_kernel = {
	.open = open_node, .request = request_node, .close = close_node,
};

struct asker {
	const struct probe_kernel *kernel;
	const struct step *step;
	void (*say)(void *context, const char *text);
	void *context;
	int group, container, iommufd, device;	/* -1: not open */
	uint8_t answer[ANSWER_MOST];
};

/* --- telling --- */

static void say_hex(struct asker *asker, const uint8_t *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	char text[129];
	size_t used = 0;

	for (size_t i = 0; i < len; i++) {
		text[used++] = digits[bytes[i] >> 4];
		text[used++] = digits[bytes[i] & 15];
		if (used + 1 == sizeof text || i + 1 == len) {
			text[used] = '\0';
			asker->say(asker->context, text);
			used = 0;
		}
	}
}

/* One line of the record: what was asked, and what came of it. */
static void tell(struct asker *asker, const char *word, unsigned index,
		 int errnum, size_t len)
{
	char line[96];

	snprintf(line, sizeof line, "%.40s %u %d%s", word, index, errnum,
		 len && !errnum ? " " : "");
	asker->say(asker->context, line);
	if (!errnum)
		say_hex(asker, asker->answer, len);
	asker->say(asker->context, "\n");
}

static bool stop(struct asker *asker, enum grant_stage stage, int errnum)
{
	char word[40];

	snprintf(word, sizeof word, "stop-%.30s", grant_stage_word((int)stage));
	tell(asker, word, 0, errnum, 0);
	return false;
}

/* --- asking --- */

static void put32(uint8_t *bytes, size_t at, uint32_t value)
{
	memcpy(bytes + at, &value, sizeof value);
}

static uint32_t take32(const uint8_t *bytes, size_t at)
{
	uint32_t value;

	memcpy(&value, bytes + at, sizeof value);
	return value;
}

/* 0, or an errno. */
static int request(struct asker *asker, int fd, unsigned long number,
		   void *argument)
{
	int result;

	do
		result = asker->kernel->request(asker->kernel->context, fd,
						number, argument);
	while (result < 0 && errno == EINTR);
	return result < 0 ? errno : 0;
}

/* What a request that counts returned; negative: an errno. */
static int request_value(struct asker *asker, int fd, unsigned long number,
			 unsigned long argument)
{
	/* The number itself is the argument. */
	int result = asker->kernel->request(asker->kernel->context, fd, number,
					    (void *)(uintptr_t)argument);

	return result < 0 ? -errno : result;
}

/* How many bytes the kernel would have: it says so in argsz, but of a hot
 * reset in the number of devices. */
static size_t wanted(const struct asker *asker, unsigned long number,
		     int errnum)
{
	if (number != ABI_REQUEST(ABI_HOT_RESET_INFO) || errnum != ENOSPC)
		return take32(asker->answer, 0);
	size_t count = take32(asker->answer, 8);
	return ABI_HOT_RESET_BYTES + count * ABI_HOT_RESET_ENTRY;
}

/*
 * Ask for a structure, @least bytes at first and as many as the kernel then
 * says there are.  asker->answer holds it; *len gets its bytes.  An older
 * kernel fills fewer and leaves the rest zero.  0, or an errno.
 */
static int ask(struct asker *asker, int fd, unsigned long number, size_t least,
	       unsigned index, size_t *len)
{
	int errnum = 0;

	*len = least;
	for (unsigned round = 0; round < ROUNDS; round++) {
		memset(asker->answer, 0, sizeof asker->answer);
		put32(asker->answer, 0, (uint32_t)*len);
		if (least > 8)
			put32(asker->answer, 8, index);
		errnum = request(asker, fd, number, asker->answer);
		size_t more = wanted(asker, number, errnum);
		if ((errnum && errnum != ENOSPC) || more <= *len ||
		    more > sizeof asker->answer)
			break;
		*len = more;
	}
	return errnum;
}

static void ask_and_tell(struct asker *asker, const char *word, int fd,
			 unsigned long number, size_t least, unsigned index)
{
	size_t len;
	int errnum = ask(asker, fd, number, least, index, &len);

	tell(asker, word, index, errnum, len);
}

static void ask_feature(struct asker *asker, const char *word, unsigned number,
			uint32_t flags)
{
	memset(asker->answer, 0, ABI_FEATURE_BYTES);
	put32(asker->answer, 0, ABI_FEATURE_BYTES);
	put32(asker->answer, 4, ABI_FEATURE_PROBE | flags | number);
	tell(asker, word, number,
	     request(asker, asker->device, ABI_REQUEST(ABI_FEATURE),
		     asker->answer), 0);
}

/* Only whether there is such a feature: none is got or set. */
static void ask_features(struct asker *asker)
{
	for (unsigned i = 0; i < ABI_FEATURES_ASKED; i++) {
		ask_feature(asker, "feature", i, 0);
		ask_feature(asker, "feature-get", i, ABI_FEATURE_GET);
		ask_feature(asker, "feature-set", i, ABI_FEATURE_SET);
	}
}

/* All that the open device says. */
static bool ask_all(struct asker *asker)
{
	int fd = asker->device;
	size_t len;
	int errnum = ask(asker, fd, ABI_REQUEST(ABI_DEVICE_INFO),
			 ABI_DEVICE_INFO_BYTES, 0, &len);

	if (errnum)
		return stop(asker, GRANT_INFO, errnum);
	uint32_t flags = take32(asker->answer, 4);
	uint32_t regions = take32(asker->answer, 8);
	uint32_t irqs = take32(asker->answer, 12);
	tell(asker, "info", 0, 0, len);
	for (unsigned i = 0; i < regions && i < INDICES_MOST; i++)
		ask_and_tell(asker, "region", fd, ABI_REQUEST(ABI_REGION_INFO),
			     ABI_REGION_INFO_BYTES, i);
	for (unsigned i = 0; i < irqs && i < INDICES_MOST; i++)
		ask_and_tell(asker, "irq", fd, ABI_REQUEST(ABI_IRQ_INFO),
			     ABI_IRQ_INFO_BYTES, i);
	if (flags & ABI_DEVICE_IS_PCI)
		ask_and_tell(asker, "hot-reset", fd,
			     ABI_REQUEST(ABI_HOT_RESET_INFO),
			     ABI_HOT_RESET_BYTES, 0);
	ask_features(asker);
	tell(asker, "end", 0, 0, 0);
	return true;
}

/* --- by the group --- */

static int open_path(struct asker *asker, const char *path)
{
	return asker->kernel->open(asker->kernel->context, path);
}

static bool open_group(struct asker *asker)
{
	size_t len;

	asker->group = open_path(asker, asker->step->path);
	if (asker->group < 0)
		return stop(asker, GRANT_OPEN_GROUP, errno);
	int errnum = ask(asker, asker->group, ABI_REQUEST(ABI_GROUP_STATUS),
			 ABI_GROUP_STATUS_BYTES, 0, &len);
	if (errnum)
		return stop(asker, GRANT_STATUS, errnum);
	if (!(take32(asker->answer, 4) & ABI_GROUP_VIABLE))
		return stop(asker, GRANT_VIABLE, 0);
	return true;
}

static bool open_container(struct asker *asker)
{
	asker->container = open_path(asker, "/dev/vfio/vfio");
	if (asker->container < 0)
		return stop(asker, GRANT_OPEN_CONTAINER, errno);
	int version = request_value(asker, asker->container,
				    ABI_REQUEST(ABI_VERSION), 0);
	if (version)
		return stop(asker, GRANT_VERSION, version < 0 ? -version : 0);
	int errnum = request(asker, asker->group,
			     ABI_REQUEST(ABI_SET_CONTAINER),
			     &asker->container);
	return !errnum || stop(asker, GRANT_SET_CONTAINER, errnum);
}

/* The best kind that this kernel and this group have; 0: none. */
static unsigned choose_kind(struct asker *asker)
{
	static const unsigned kinds[] = {
		ABI_TYPE1_V2, ABI_TYPE1, ABI_SPAPR_V2, ABI_SPAPR, ABI_NOIOMMU,
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (request_value(asker, asker->container,
				  ABI_REQUEST(ABI_EXTENSION), kinds[i]) > 0)
			return kinds[i];
	return 0;
}

static bool set_iommu(struct asker *asker)
{
	unsigned kind = choose_kind(asker);

	if (!kind)
		return stop(asker, GRANT_NO_IOMMU_KIND, 0);
	int value = request_value(asker, asker->container,
				  ABI_REQUEST(ABI_SET_IOMMU), kind);
	if (value < 0)
		return stop(asker, GRANT_SET_IOMMU, -value);
	tell(asker, "iommu-kind", kind, 0, 0);
	if (kind == ABI_TYPE1 || kind == ABI_TYPE1_V2)
		ask_and_tell(asker, "iommu", asker->container,
			     ABI_REQUEST(ABI_IOMMU_INFO),
			     ABI_IOMMU_INFO_BYTES, 0);
	return true;
}

static void by_group(struct asker *asker)
{
	asker->say(asker->context, "api group\n");
	if (!open_group(asker) || !open_container(asker) || !set_iommu(asker))
		return;
	int fd = asker->kernel->request(asker->kernel->context, asker->group,
					ABI_REQUEST(ABI_DEVICE_FD),
					(void *)(uintptr_t)asker->step->value);
	if (fd < 0) {
		stop(asker, GRANT_DEVICE_FD, errno);
		return;
	}
	asker->device = fd;
	ask_all(asker);
}

/* --- by the device's own node --- */

static bool bind_device(struct asker *asker)
{
	uint8_t bind[16] = {0};

	asker->device = open_path(asker, asker->step->path);
	if (asker->device < 0)
		return stop(asker, GRANT_OPEN_DEVICE, errno);
	asker->iommufd = open_path(asker, "/dev/iommu");
	if (asker->iommufd < 0)
		return stop(asker, GRANT_OPEN_IOMMUFD, errno);
	/* argsz, flags, iommufd, and the id that comes back */
	put32(bind, 0, sizeof bind);
	put32(bind, 8, (uint32_t)asker->iommufd);
	int errnum = request(asker, asker->device,
			     ABI_REQUEST(ABI_BIND_IOMMUFD), bind);
	return !errnum || stop(asker, GRANT_BIND, errnum);
}

/* Give it an address space of its own, as a guest would have.  0, or an
 * errno. */
static int attach(struct asker *asker)
{
	uint8_t space[12] = {0}, attach[12] = {0}, choose[12] = {0};
	const uint16_t set = 1;

	/* size, flags, and the id that comes back */
	put32(space, 0, sizeof space);
	int errnum = request(asker, asker->iommufd,
			     ABI_IOMMUFD(ABI_IOAS_ALLOC), space);
	if (errnum)
		return errnum;
	put32(attach, 0, sizeof attach);
	put32(attach, 8, take32(space, 8));
	errnum = request(asker, asker->device, ABI_REQUEST(ABI_ATTACH),
			 attach);
	if (errnum)
		return errnum;
	/* size, id, and to set it: what the older request speaks of */
	put32(choose, 0, sizeof choose);
	put32(choose, 4, take32(space, 8));
	memcpy(choose + 8, &set, sizeof set);
	return request(asker, asker->iommufd, ABI_IOMMUFD(ABI_VFIO_IOAS),
		       choose);
}

static void by_cdev(struct asker *asker)
{
	asker->say(asker->context, "api cdev\n");
	if (!bind_device(asker))
		return;
	int errnum = attach(asker);
	tell(asker, "attach", 0, errnum, 0);
	if (!errnum)
		ask_and_tell(asker, "iommu", asker->iommufd,
			     ABI_REQUEST(ABI_IOMMU_INFO),
			     ABI_IOMMU_INFO_BYTES, 0);
	ask_all(asker);
}

void probe_device(const struct probe_kernel *kernel, const struct step *step,
		void (*say)(void *context, const char *text), void *context)
{
	struct asker asker = {
		.kernel = kernel, .step = step, .say = say,
		.context = context, .group = -1, .container = -1,
		.iommufd = -1, .device = -1,
	};

	if (text_starts(step->path, "/dev/vfio/devices/"))
		by_cdev(&asker);
	else
		by_group(&asker);
	/* The device first: while it is open the rest is in use. */
	const int fds[] = { asker.device, asker.container, asker.iommufd,
			    asker.group };
	for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
		if (fds[i] >= 0)
			kernel->close(kernel->context, fds[i]);
}
