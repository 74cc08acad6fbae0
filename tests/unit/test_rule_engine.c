// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <time.h>

#include "lib/alter.h"
#include "lib/machine.h"
#include "rule/engine.h"

static const struct subject whole = { SCOPE_SYSTEM, 0 };

static enum verdict verdict_of(const struct findings *findings,
			       const char *rule)
{
	const struct finding *found = findings_of(findings, rule, whole);

	return found ? found->verdict : VERDICT_NOT_HERE;
}

static void a_healthy_desktop_has_no_blocker(void **state)
{
	struct arena arena = {0};
	const struct system *system = made_machine(&arena, made_desktop);
	const struct findings *findings = rules_judge(system, &arena);

	(void)state;
	for (unsigned i = 0; i < findings->count; i++)
		if (findings->items[i].subject.scope == SCOPE_SYSTEM)
			assert_int_equal(findings->items[i].verdict,
					 VERDICT_PASS);
	assert_int_equal(findings_overall(findings, NULL), OVERALL_READY);
	arena_free(&arena);
}

static void ids_are_unique_and_rows_are_whole(void **state)
{
	const struct rule *rules = rule_table();

	(void)state;
	for (unsigned i = 0; rules[i].id; i++) {
		for (unsigned j = 0; j < i; j++)
			assert_string_not_equal(rules[i].id, rules[j].id);
		assert_ptr_equal(rule_find(rules[i].id), &rules[i]);
		assert_true(*rules[i].title && *rules[i].well &&
			    *rules[i].why && *rules[i].sees);
		assert_true(strlen(rules[i].title) <= 60);
		assert_non_null(rules[i].reference);
		assert_non_null(rules[i].judge);
	}
}

/* A cause that stood behind its consequence could not explain it. */
static void causes_stand_before_what_they_explain(void **state)
{
	const struct rule *rules = rule_table();

	(void)state;
	for (unsigned i = 0; rules[i].id; i++)
		for (const char *const *after = rules[i].after;
		     after && *after; after++) {
			const struct rule *cause = rule_find(*after);
			assert_non_null(cause);
			assert_true(cause < &rules[i]);
		}
}

static void a_cause_folds_its_consequence(void **state)
{
	struct arena arena = {0};
	struct builder builder;

	(void)state;
	made_start(&builder, &arena);
	builder.system->units_known = KNOWN;
	builder.system->host.kconfig.value[CFG_INTEL_IOMMU_DEFAULT_ON] = 'n';
	const struct system *system = build_freeze(&builder);
	const struct findings *findings = rules_judge(system, &arena);
	assert_int_equal(verdict_of(findings, "intel-iommu-default-off"),
			 VERDICT_FAIL);
	const struct finding *parent =
		findings_of(findings, "no-iommu-groups", whole);
	assert_int_equal(parent->verdict, VERDICT_FAIL);
	assert_string_equal(parent->under, "intel-iommu-default-off");
	assert_string_equal(findings_cause(findings)->rule,
			    "intel-iommu-default-off");
	assert_int_equal(findings_overall(findings, NULL), OVERALL_BLOCKED);
	arena_free(&arena);
}

static void a_missing_source_is_named(void **state)
{
	struct arena arena = {0};
	struct builder builder;

	(void)state;
	made_start(&builder, &arena);
	builder.system->groups_known = UNREAD;
	builder.system->host.log = (struct log){ .known = DENIED };
	const struct system *system = build_freeze(&builder);
	const struct findings *findings = rules_judge(system, &arena);
	const struct finding *parent =
		findings_of(findings, "no-iommu-groups", whole);
	assert_int_equal(parent->verdict, VERDICT_CANNOT_TELL);
	assert_non_null(strstr(parent->because, "/sys/kernel/iommu_groups"));
	assert_int_equal(findings_overall(findings, NULL), OVERALL_UNKNOWN);
	arena_free(&arena);
}

/* Without root there is no log, no table and little config space; what works
 * is seen to work all the same. */
static void an_ordinary_user_is_not_left_in_doubt(void **state)
{
	struct arena arena = {0};
	struct system *system = (struct system *)(uintptr_t)made_machine(
		&arena, made_desktop);

	(void)state;
	alter(system, "log ?; bootfb ?; holder ?; dev 01:00.0 caps ?; "
		      "dev 00:01.0 caps ?; host lockdown ?");
	const struct findings *findings = rules_judge(system, &arena);
	assert_int_equal(findings_overall(findings, NULL), OVERALL_READY);
	assert_null(findings_of(findings, "no-iommu-groups", whole)->under);
	arena_free(&arena);
}

/* A GPU is judged with its group and its machine; the machine not with it. */
static void a_finding_counts_for_whom_it_concerns(void **state)
{
	struct arena arena = {0};
	struct system *system = (struct system *)(uintptr_t)made_machine(
		&arena, made_desktop);
	struct bdf address;

	(void)state;
	bdf_parse("01:00.1", &address);
	const struct subject sound = { SCOPE_DEVICE,
				       system_device(system, address) };
	const struct subject group = { SCOPE_GROUP, system_group(system, 13) };
	bdf_parse("02:00.0", &address);
	const struct subject drive = { SCOPE_DEVICE,
				       system_device(system, address) };
	const struct findings *well = rules_judge(system, &arena);
	assert_int_equal(findings_overall(well, &sound), OVERALL_READY);
	alter(system, "group 13 reserved direct");
	const struct findings *ill = rules_judge(system, &arena);
	assert_int_equal(findings_overall(ill, &sound), OVERALL_BLOCKED);
	assert_int_equal(findings_overall(ill, &group), OVERALL_BLOCKED);
	assert_int_equal(findings_overall(ill, &drive), OVERALL_READY);
	assert_int_equal(findings_overall(ill, NULL), OVERALL_READY);
	assert_string_equal(findings_cause(ill)->rule, "group-direct-region");
	alter(system, "irq PCI-MSI nvme");
	const struct findings *worse = rules_judge(system, &arena);
	assert_int_equal(findings_overall(worse, &drive), OVERALL_BLOCKED);
	assert_string_equal(findings_cause(worse)->rule,
			    "no-interrupt-remapping");
	arena_free(&arena);
}

/* The first that failed is what the program believes to be the cause. */
static void the_graver_stands_before_the_slighter(void **state)
{
	struct arena arena = {0};
	struct system *system = (struct system *)(uintptr_t)made_machine(
		&arena, made_desktop);
	int last = SEVERITY_BLOCKER;

	(void)state;
	alter(system, "log DMAR: Parse DMAR table failure.; vfio loaded -; "
		      "cfg VFIO_PCI n; host vfio_module -; host lockdown 1");
	const struct findings *findings = rules_judge(system, &arena);
	assert_string_equal(findings->items[0].rule, "vfio-not-built");
	for (unsigned i = 0; i < findings->count &&
	     findings->items[i].verdict == VERDICT_FAIL; i++) {
		assert_true((int)findings->items[i].severity <= last);
		last = (int)findings->items[i].severity;
	}
	arena_free(&arena);
}

/* Nothing but what is in the table stands between ten thousand devices and
 * their answers. */
static void ten_thousand_devices_are_judged_in_a_moment(void **state)
{
	enum { DEVICES = 10000 };
	struct arena arena = {0};
	struct builder builder;
	struct timespec begin, end;

	(void)state;
	made_start(&builder, &arena);
	for (unsigned i = 0; i < DEVICES; i++) {
		struct bdf address = {
			.domain = (uint16_t)(i >> 16), .bus = (uint8_t)(i >> 8),
			.device = (i >> 3) & 31, .function = i & 7,
		};
		struct device *device = build_device(&builder, address);
		device->identity = KNOWN;
		device->class = 0x020000;
		device->driver.known = device->group.known = ABSENT;
		device->group = (struct fact_num){ KNOWN, i / 4 };
		if (i % 4 == 0)
			build_group(&builder, i / 4)->members_known = KNOWN;
	}
	const struct system *system = build_freeze(&builder);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
	const struct findings *findings = rules_judge(system, &arena);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	assert_true(findings->count > DEVICES);
	assert_true(end.tv_sec - begin.tv_sec < 3);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_healthy_desktop_has_no_blocker),
		cmocka_unit_test(ids_are_unique_and_rows_are_whole),
		cmocka_unit_test(causes_stand_before_what_they_explain),
		cmocka_unit_test(a_cause_folds_its_consequence),
		cmocka_unit_test(a_missing_source_is_named),
		cmocka_unit_test(an_ordinary_user_is_not_left_in_doubt),
		cmocka_unit_test(a_finding_counts_for_whom_it_concerns),
		cmocka_unit_test(
			the_graver_stands_before_the_slighter),
		cmocka_unit_test(ten_thousand_devices_are_judged_in_a_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
