// SPDX-License-Identifier: GPL-2.0-or-later
/* Asking a device, by the asker itself, of a kernel that is made here: older,
 * newer, short, long, circular, unwilling.  What it brings back goes through
 * the decoder, since the two must agree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "apply/allow.h"
#include "apply/probe.h"
#include "base/buf.h"
#include "decode/vfio.h"
#include "model/system.h"
#include "model/vfio_abi.h"

enum { GROUP = 100, CONTAINER, IOMMUFD, DEVICE };

/* A kernel: what it refuses, and how it answers. */
struct mock {
	const char *refused;	/* node that cannot be opened… */
	unsigned long denied;	/* …or request that fails… */
	int errnum;		/* …and how */
	bool not_viable;
	bool old;		/* from before there were capabilities */
	bool noiommu;
	enum { CHAIN_NONE, CHAIN_GOOD, CHAIN_LOOP, CHAIN_LONG, CHAIN_GREEDY,
	       CHAIN_GROWING } chain;
	uint32_t victims;
	unsigned asked;		/* requests for regions */
	int open[4];		/* by descriptor: how often it is open */
	char trace[64];		/* what was closed, in order */
};

static uint32_t get(const void *bytes, size_t at)
{
	uint32_t value;

	memcpy(&value, (const char *)bytes + at, sizeof value);
	return value;
}

static void put(void *bytes, size_t at, uint32_t value)
{
	memcpy((char *)bytes + at, &value, sizeof value);
}

static void put_cap(void *bytes, size_t at, uint16_t id, uint32_t next)
{
	const uint16_t head[2] = { id, 1 };

	memcpy((char *)bytes + at, head, sizeof head);
	put(bytes, at + 4, next);
}

static int fails(int errnum)
{
	errno = errnum;
	return -1;
}

static int take(struct mock *mock, int fd)
{
	mock->open[fd - GROUP]++;
	return fd;
}

static int mock_open(void *context, const char *path)
{
	struct mock *mock = context;

	if (mock->refused && strcmp(path, mock->refused) == 0)
		return fails(mock->errnum);
	return take(mock, strcmp(path, "/dev/vfio/vfio") == 0 ? CONTAINER :
			  strcmp(path, "/dev/iommu") == 0     ? IOMMUFD :
			  strstr(path, "/devices/")	      ? DEVICE :
								GROUP);
}

static void mock_close(void *context, int fd)
{
	struct mock *mock = context;

	mock->open[fd - GROUP]--;
	strncat(mock->trace, (const char *[]){ "g", "c", "i", "d" }[fd - GROUP],
		sizeof mock->trace - strlen(mock->trace) - 1);
}

/* How long the chain of a region is, in bytes. */
static uint32_t chain_bytes(const struct mock *mock)
{
	return mock->chain == CHAIN_LONG   ? 8 * 1000 :
	       mock->chain == CHAIN_GREEDY ? 1u << 30 :
	       mock->chain == CHAIN_GROWING ? 8 * (mock->asked + 1) : 16;
}

static int region_info(struct mock *mock, char *info)
{
	uint32_t room = get(info, 0), index = get(info, 8);

	if (room < 32 || index > 8)
		return fails(EINVAL);
	mock->asked++;
	put(info, 4, 7);
	put(info, 16, 4096);
	if (mock->old || mock->chain == CHAIN_NONE)
		return 0;
	put(info, 4, 15);
	uint32_t more = chain_bytes(mock);
	if (room < 32 + more) {
		put(info, 0, 32 + more);
		return 0;
	}
	put(info, 12, 32);
	for (uint32_t at = 0; at < more; at += 8)
		put_cap(info, 32 + at, 3, at + 8 < more ? 32 + at + 8 :
			mock->chain == CHAIN_LOOP	? 32 : 0);
	return 0;
}

static int hot_reset(const struct mock *mock, char *info)
{
	uint32_t room = get(info, 0);

	if (!mock->victims)
		return fails(ENODEV);
	put(info, 8, mock->victims);
	if (room < 12 + 8 * mock->victims)
		return fails(ENOSPC);
	for (uint32_t i = 0; i < mock->victims; i++)
		put(info, 12 + 8 * i, 7);
	return 0;
}

static int iommu_info(const struct mock *mock, int fd, char *info)
{
	if (mock->noiommu)
		return fails(ENOTTY);
	assert_int_not_equal(fd, DEVICE);
	put(info, 4, mock->old ? 1 : 3);
	put(info, 8, 4096);
	if (mock->old)
		return 0;
	if (get(info, 0) < 36) {
		put(info, 0, 36);
		return 0;
	}
	put(info, 16, 24);
	put_cap(info, 24, 3, 0);
	put(info, 32, 65535);
	return 0;
}

static int device_request(struct mock *mock, unsigned long request, char *info)
{
	if (request == ABI_REQUEST(ABI_DEVICE_INFO)) {
		put(info, 4, 3);
		put(info, 8, 9);
		put(info, 12, 5);
		return 0;
	}
	if (request == ABI_REQUEST(ABI_REGION_INFO))
		return region_info(mock, info);
	if (request == ABI_REQUEST(ABI_IRQ_INFO)) {
		put(info, 4, 9);
		put(info, 12, get(info, 8) + 1);
		return 0;
	}
	if (request == ABI_REQUEST(ABI_HOT_RESET_INFO))
		return hot_reset(mock, info);
	if (request == ABI_REQUEST(ABI_FEATURE)) {
		uint32_t flags = get(info, 4);
		/* Nothing is ever got or set. */
		assert_true(flags & ABI_FEATURE_PROBE);
		return !mock->old && (flags & 0xffff) == 10 &&
		       !(flags & ABI_FEATURE_GET) ? 0 : fails(ENOTTY);
	}
	return 0;
}

static int mock_request(void *context, int fd, unsigned long request,
			void *argument)
{
	struct mock *mock = context;

	assert_int_equal(mock->open[fd - GROUP], 1);
	if (mock->denied == request)
		return fails(mock->errnum);
	if (fd == DEVICE)
		return device_request(mock, request, argument);
	if (request == ABI_REQUEST(ABI_GROUP_STATUS)) {
		put(argument, 4, mock->not_viable ? 0 : 1);
	} else if (request == ABI_REQUEST(ABI_EXTENSION)) {
		uintptr_t kind = (uintptr_t)argument;
		return kind == (mock->noiommu ? ABI_NOIOMMU : ABI_TYPE1_V2);
	} else if (request == ABI_REQUEST(ABI_DEVICE_FD)) {
		assert_string_equal(argument, "0000:01:00.0");
		return take(mock, DEVICE);
	} else if (request == ABI_REQUEST(ABI_IOMMU_INFO)) {
		return iommu_info(mock, fd, argument);
	} else if (request == ABI_IOMMUFD(ABI_IOAS_ALLOC)) {
		put(argument, 8, 3);
	}
	return 0;
}

/* --- */

struct asked {
	struct buf record;
	struct arena arena;
	struct grant grant;
};

static void hear(void *context, const char *text)
{
	buf_puts(context, text);
}

static const struct grant *ask_by(struct mock *mock, struct asked *asked,
				  const char *node)
{
	const struct probe_kernel kernel = {
		mock, mock_open, mock_request, mock_close,
	};
	const struct step step = {
		.kind = STEP_ASK, .path = node, .value = "0000:01:00.0",
	};

	*asked = (struct asked){0};
	probe_device(&kernel, &step, hear, &asked->record);
	assert_true(vfio_decode(buf_str(&asked->record), asked->record.len,
				&asked->arena, &asked->grant));
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(mock->open[i], 0);
	return &asked->grant;
}

static const struct grant *ask(struct mock *mock, struct asked *asked)
{
	return ask_by(mock, asked, "/dev/vfio/7");
}

static void drop(struct asked *asked)
{
	buf_free(&asked->record);
	arena_free(&asked->arena);
}

static void a_group_gives_its_device(void **state)
{
	struct mock mock = { .chain = CHAIN_GOOD, .victims = 2 };
	struct asked asked;
	const struct grant *grant = ask(&mock, &asked);

	(void)state;
	assert_true(grant->whole);
	assert_int_equal(grant->api, GRANT_GROUP);
	assert_int_equal(grant->iommu_kind, ABI_TYPE1_V2);
	assert_int_equal(grant->region_count, 9);
	assert_int_equal(grant->regions[8].caps.count, 2);
	assert_int_equal(grant->irqs[4].count, 5);
	assert_int_equal(grant->victim_count, 2);
	assert_int_equal(grant->iommu_caps.items[0].value[0], 65535);
	assert_int_equal(grant->features[10], GRANT_PROBED | GRANT_SET);
	/* The device goes before what it stands on. */
	assert_string_equal(mock.trace, "dcg");
	drop(&asked);
}

static void a_node_of_its_own_gives_the_same(void **state)
{
	struct mock mock = { .chain = CHAIN_GOOD };
	struct asked asked;
	const struct grant *grant =
		ask_by(&mock, &asked, "/dev/vfio/devices/vfio3");

	(void)state;
	assert_true(grant->whole);
	assert_int_equal(grant->api, GRANT_CDEV);
	assert_int_equal(grant->iommu_kind, NONE);
	assert_int_equal(grant->region_count, 9);
	assert_int_equal(grant->iommu_caps.items[0].value[0], 65535);
	assert_int_equal(grant->reset_known, ABSENT);
	assert_string_equal(mock.trace, "di");
	drop(&asked);
}

static void an_old_kernel_is_understood(void **state)
{
	struct mock mock = { .old = true, .chain = CHAIN_GOOD };
	struct asked asked;
	const struct grant *grant = ask(&mock, &asked);

	(void)state;
	assert_true(grant->whole);
	assert_int_equal(grant->regions[0].size, 4096);
	assert_int_equal(grant->regions[0].caps.known, ABSENT);
	assert_int_equal(grant->iommu_known, KNOWN);
	assert_int_equal(grant->iommu_caps.known, ABSENT);
	assert_int_equal(grant->features[10], 0);
	drop(&asked);
}

static void a_chain_in_a_circle_ends(void **state)
{
	struct mock mock = { .chain = CHAIN_LOOP };
	struct asked asked;
	const struct grant *grant = ask(&mock, &asked);

	(void)state;
	assert_true(grant->whole);
	assert_int_equal(grant->regions[0].caps.known, MALFORMED);
	assert_int_equal(grant->regions[0].caps.count, 2);
	drop(&asked);
}

static void a_long_chain_is_fetched_whole_and_cut(void **state)
{
	struct mock mock = { .chain = CHAIN_LONG };
	struct asked asked;
	const struct grant *grant = ask(&mock, &asked);

	(void)state;
	assert_true(grant->whole);
	assert_int_equal(grant->regions[0].caps.count, 64);
	assert_int_equal(grant->regions[0].caps.known, SHORT);
	drop(&asked);
}

static void a_length_without_measure_is_not_followed(void **state)
{
	struct mock mock = { .chain = CHAIN_GREEDY };
	struct asked asked;
	const struct grant *grant = ask(&mock, &asked);

	(void)state;
	assert_true(grant->whole);
	assert_int_equal(grant->regions[0].size, 4096);
	assert_int_equal(grant->regions[0].caps.known, SHORT);
	assert_int_equal(grant->regions[0].caps.count, 0);
	assert_int_equal(mock.asked, 9);
	drop(&asked);
}

static void a_length_that_always_grows_is_given_up(void **state)
{
	struct mock mock = { .chain = CHAIN_GROWING };
	struct asked asked;
	const struct grant *grant = ask(&mock, &asked);

	(void)state;
	assert_true(grant->whole);
	assert_int_equal(grant->region_count, 9);
	assert_int_equal(grant->regions[0].caps.known, SHORT);
	assert_in_range(mock.asked, 18, 9 * 4);
	drop(&asked);
}

static void very_many_victims_are_no_trouble(void **state)
{
	struct mock many = { .victims = 4000 }, more = { .victims = 1u << 20 };
	struct asked asked;
	const struct grant *grant = ask(&many, &asked);

	(void)state;
	assert_int_equal(grant->victim_count, 4000);
	assert_int_equal(grant->victims[3999].id, 7);
	drop(&asked);
	grant = ask(&more, &asked);
	assert_true(grant->whole);
	assert_int_equal(grant->victim_count, 0);
	assert_int_equal(grant->reset_errnum, ENOSPC);
	drop(&asked);
}

/* What is refused, how, and where that ends. */
static void each_refusal_ends_where_it_is_met(void **state)
{
	static const struct {
		struct mock mock;
		const char *node;
		enum grant_stage stage;
	} rows[] = {
		{ { .refused = "/dev/vfio/7", .errnum = EBUSY },
		  "/dev/vfio/7", GRANT_OPEN_GROUP },
		{ { .refused = "/dev/vfio/vfio", .errnum = ENOENT },
		  "/dev/vfio/7", GRANT_OPEN_CONTAINER },
		{ { .denied = ABI_REQUEST(ABI_SET_CONTAINER),
		    .errnum = EPERM }, "/dev/vfio/7", GRANT_SET_CONTAINER },
		{ { .denied = ABI_REQUEST(ABI_EXTENSION), .errnum = EINVAL },
		  "/dev/vfio/7", GRANT_NO_IOMMU_KIND },
		{ { .denied = ABI_REQUEST(ABI_SET_IOMMU), .errnum = EPERM },
		  "/dev/vfio/7", GRANT_SET_IOMMU },
		{ { .denied = ABI_REQUEST(ABI_DEVICE_FD), .errnum = EACCES },
		  "/dev/vfio/7", GRANT_DEVICE_FD },
		{ { .denied = ABI_REQUEST(ABI_DEVICE_INFO), .errnum = EIO },
		  "/dev/vfio/7", GRANT_INFO },
		{ { .refused = "/dev/vfio/devices/vfio0", .errnum = ENOENT },
		  "/dev/vfio/devices/vfio0", GRANT_OPEN_DEVICE },
		{ { .refused = "/dev/iommu", .errnum = ENOENT },
		  "/dev/vfio/devices/vfio0", GRANT_OPEN_IOMMUFD },
		{ { .denied = ABI_REQUEST(ABI_BIND_IOMMUFD),
		    .errnum = EBUSY }, "/dev/vfio/devices/vfio0", GRANT_BIND },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct mock mock = rows[i].mock;
		struct asked asked;
		const struct grant *grant =
			ask_by(&mock, &asked, rows[i].node);
		assert_false(grant->whole);
		assert_int_equal(grant->stage, rows[i].stage);
		if (grant->stage != GRANT_NO_IOMMU_KIND)
			assert_int_equal(grant->errnum, mock.errnum);
		drop(&asked);
	}
}

static void a_group_that_is_not_viable_is_left_alone(void **state)
{
	struct mock mock = { .not_viable = true };
	struct asked asked;
	const struct grant *grant = ask(&mock, &asked);

	(void)state;
	assert_false(grant->whole);
	assert_int_equal(grant->stage, GRANT_VIABLE);
	assert_string_equal(mock.trace, "g");
	drop(&asked);
}

static void without_an_iommu_there_is_nothing_to_tell_of_it(void **state)
{
	struct mock mock = { .noiommu = true };
	struct asked asked;
	const struct grant *grant =
		ask_by(&mock, &asked, "/dev/vfio/noiommu-0");

	(void)state;
	assert_true(grant->whole);
	assert_int_equal(grant->iommu_kind, ABI_NOIOMMU);
	assert_int_equal(grant->iommu_known, UNREAD);
	drop(&asked);
}

static void an_attachment_that_fails_costs_the_iommu_only(void **state)
{
	struct mock mock = { .denied = ABI_REQUEST(ABI_ATTACH),
			     .errnum = EINVAL };
	struct asked asked;
	const struct grant *grant =
		ask_by(&mock, &asked, "/dev/vfio/devices/vfio0");

	(void)state;
	assert_true(grant->whole);
	assert_int_equal(grant->attach_errnum, EINVAL);
	assert_int_equal(grant->iommu_known, UNREAD);
	drop(&asked);
}

/* --- which of them the writer asks at all --- */

static bool allows(const char *node, const char *name, enum expect_kind kind,
		   const char *path)
{
	const struct step step = {
		.kind = STEP_ASK, .path = node, .value = name,
		.before = { kind, path, kind == EXPECT_DRIVER ? "vfio-pci" :
								"" },
		.expect = { EXPECT_NOTHING, "", "" },
	};
	struct err err;

	return allow_step(&step, &err);
}

#define UUID "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"

static void only_what_is_vfios_is_asked(void **state)
{
	static const char driver[] = "/sys/bus/pci/devices/0000:01:00.0/driver";
	static const char made[] = "/sys/bus/mdev/devices/" UUID;

	(void)state;
	assert_true(allows("/dev/vfio/7", "0000:01:00.0", EXPECT_DRIVER,
			   driver));
	assert_true(allows("/dev/vfio/noiommu-0", "0000:01:00.0",
			   EXPECT_DRIVER, driver));
	assert_true(allows("/dev/vfio/devices/vfio0", "0000:01:00.0",
			   EXPECT_DRIVER, driver));
	assert_true(allows("/dev/vfio/7", UUID, EXPECT_EXISTS, made));
	assert_false(allows("/dev/vfio/vfio", "0000:01:00.0", EXPECT_DRIVER,
			    driver));
	assert_false(allows("/dev/vfio/../mem", "0000:01:00.0", EXPECT_DRIVER,
			    driver));
	assert_false(allows("/dev/mem", "0000:01:00.0", EXPECT_DRIVER,
			    driver));
	assert_false(allows("/dev/vfio/7", "01:00.0", EXPECT_DRIVER, driver));
	assert_false(allows("/dev/vfio/7", "0000:01:00.1", EXPECT_DRIVER,
			    driver));
	assert_false(allows("/dev/vfio/7", "0000:01:00.0 vf_token=x",
			    EXPECT_DRIVER, driver));
	assert_false(allows("/dev/vfio/7", "0000:01:00.0", EXPECT_EXISTS,
			    driver));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_group_gives_its_device),
		cmocka_unit_test(a_node_of_its_own_gives_the_same),
		cmocka_unit_test(an_old_kernel_is_understood),
		cmocka_unit_test(a_chain_in_a_circle_ends),
		cmocka_unit_test(a_long_chain_is_fetched_whole_and_cut),
		cmocka_unit_test(a_length_without_measure_is_not_followed),
		cmocka_unit_test(a_length_that_always_grows_is_given_up),
		cmocka_unit_test(very_many_victims_are_no_trouble),
		cmocka_unit_test(each_refusal_ends_where_it_is_met),
		cmocka_unit_test(a_group_that_is_not_viable_is_left_alone),
		cmocka_unit_test(
			without_an_iommu_there_is_nothing_to_tell_of_it),
		cmocka_unit_test(
			an_attachment_that_fails_costs_the_iommu_only),
		cmocka_unit_test(only_what_is_vfios_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
