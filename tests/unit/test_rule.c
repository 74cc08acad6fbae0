// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rule x machine -> verdict.  Every rule is shown failing, passing and unable
 * to tell; what a row says of a machine is in lib/alter.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "lib/alter.h"
#include "lib/machine.h"
#include "rule/engine.h"
#include "rule/line.h"
#include "unit/rule_proof.h"

/* Two root ports of one device, a GPU and a drive below them, one group. */
#define PORTS(acs, cap, ctrl)                                                 \
	{ "00:01.0", 0x060400, 0x80861901, "pcieport", 1, PCIE_ROOT_PORT,    \
	  true, 1, acs, cap, ctrl },                                         \
	{ "00:01.1", 0x060400, 0x80861905, "pcieport", 1, PCIE_ROOT_PORT,    \
	  true, 2, acs, cap, ctrl }

static const struct made_device ports_without_acs[] = {
	PORTS(false, 0, 0),
	{ "01:00.0", 0x030000, 0x10de2206, "nvidia", 1, PCIE_LEGACY_ENDPOINT,
	  false, 0, false, 0, 0 },
	{ "02:00.0", 0x010802, 0x144da80a, "nvme", 1, PCIE_ENDPOINT, false, 0,
	  false, 0, 0 },
	{ 0 },
};

static const struct made_device ports_with_acs_off[] = {
	PORTS(true, 0x1f, 0x01),
	{ "01:00.0", 0x030000, 0x10de2206, "nvidia", 1, PCIE_LEGACY_ENDPOINT,
	  false, 0, false, 0, 0 },
	{ "02:00.0", 0x010802, 0x144da80a, "nvme", 1, PCIE_ENDPOINT, false, 0,
	  false, 0, 0 },
	{ 0 },
};

/* A chipset: USB and, below its switch, a drive. */
static const struct made_device functions_of_one_chip[] = {
	{ "00:01.3", 0x060400, 0x10221453, "pcieport", 2, PCIE_ROOT_PORT,
	  true, 3, true, 0x5f, 0x5d },
	{ "03:00.0", 0x0c0330, 0x102243d0, "xhci_hcd", 1,
	  PCIE_LEGACY_ENDPOINT, true, 0, false, 0, 0 },
	{ "03:00.2", 0x060400, 0x102243c6, "pcieport", 1, PCIE_UPSTREAM, true,
	  32, false, 0, 0 },
	{ "20:04.0", 0x060400, 0x102243c7, "pcieport", 1, PCIE_DOWNSTREAM,
	  false, 33, false, 0, 0 },
	{ "21:00.0", 0x010802, 0x144da80a, "nvme", 1, PCIE_ENDPOINT, false, 0,
	  false, 0, 0 },
	{ 0 },
};

static const struct made_device no_reason[] = {
	PORTS(true, 0x1f, 0x1d),
	{ "01:00.0", 0x030000, 0x10de2206, "nvidia", 1, PCIE_LEGACY_ENDPOINT,
	  false, 0, false, 0, 0 },
	{ "02:00.0", 0x010802, 0x144da80a, "nvme", 1, PCIE_ENDPOINT, false, 0,
	  false, 0, 0 },
	{ 0 },
};

static const struct made_device behind_a_bridge[] = {
	{ "00:1e.0", 0x060401, 0x8086244e, NULL, 1, PCIE_TO_PCI_BRIDGE, false,
	  3, false, 0, 0 },
	{ "03:00.0", 0x030000, 0x10de0322, "nouveau", 1, MADE_PCI, false, 0,
	  false, 0, 0 },
	{ "03:01.0", 0x020000, 0x10ec8139, "8139too", 1, MADE_PCI, false, 0,
	  false, 0, 0 },
	{ 0 },
};

static const struct made_device one_slot_and_port[] = {
	{ "00:01.0", 0x060400, 0x80861901, "pcieport", 1, PCIE_ROOT_PORT,
	  false, 1, false, 0, 0 },
	{ "01:00.0", 0x030000, 0x10de2206, "nvidia", 1, PCIE_LEGACY_ENDPOINT,
	  false, 0, false, 0, 0 },
	{ 0 },
};

static const struct made_device behind_vmd[] = {
	{ "00:0e.0", 0x010400, 0x80869a0b, "vmd", 1, PCIE_RC_ENDPOINT, false,
	  0, false, 0, 0 },
	{ "10000:e1:00.0", 0x010802, 0x144da80a, "nvme", 1, PCIE_ENDPOINT,
	  false, 0, false, 0, 0 },
	{ 0 },
};

enum { NOT_HERE = VERDICT_NOT_HERE, PASS = VERDICT_PASS, FAIL = VERDICT_FAIL,
       CANNOT_TELL = VERDICT_CANNOT_TELL };

struct row {
	const char *rule;
	int verdict;
	const char *subject;		/* "system", "group:13", an address */
	const char *edits;		/* of the machine; see lib/alter.h */
	const struct made_device *machine;
};

#define ON(made, id, answer, about, change)                                   \
	{ .rule = id, .verdict = answer, .subject = about, .edits = change,  \
	  .machine = made },
#define ROW(id, answer, about, change)                                        \
	ON(made_desktop, id, answer, about, change)

static const struct row rows[] = {
#include "unit/rule_rows.def"
#include "unit/rule_rows_system.def"
#include "unit/rule_rows_device.def"
};
enum { ROWS = sizeof rows / sizeof *rows };

static const struct system *machine_of(struct arena *arena,
				       const struct row *row)
{
	struct system *system = (struct system *)(uintptr_t)made_machine(
		arena, row->machine);

	alter(system, row->edits);
	return system;
}

static const struct finding *finding_of(const struct findings *findings,
					const char *rule, const char *subject)
{
	char text[SUBJECT_TEXT];

	for (unsigned i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		subject_print(findings->system, finding->subject, text);
		/* Addresses are written short. */
		const char *found = strncmp(text, "0000:", 5) == 0 &&
				    strlen(subject) == 7 ? text + 5 : text;
		if (strcmp(finding->rule, rule) == 0 &&
		    strcmp(found, subject) == 0)
			return finding;
	}
	return NULL;
}

static void every_row_gets_its_verdict(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (unsigned i = 0; i < ROWS; i++) {
		struct arena arena = {0};
		const struct system *system = machine_of(&arena, &rows[i]);
		const struct findings *findings = rules_judge(system, &arena);
		const struct finding *found = finding_of(
			findings, rows[i].rule, rows[i].subject);
		int verdict = found ? (int)found->verdict : NOT_HERE;
		if (verdict != rows[i].verdict) {
			print_error("%s on %s, \"%s\": %d, not %d (%s)\n",
				    rows[i].rule, rows[i].subject,
				    rows[i].edits, verdict, rows[i].verdict,
				    found ? found->because : "");
			wrong++;
		}
		arena_free(&arena);
	}
	assert_int_equal(wrong, 0);
}

/* A finding without proof is an opinion. */
static void what_fails_is_proved_and_what_is_unknown_says_why(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ROWS; i++) {
		struct arena arena = {0};
		const struct system *system = machine_of(&arena, &rows[i]);
		const struct findings *findings = rules_judge(system, &arena);
		for (unsigned f = 0; f < findings->count; f++) {
			const struct finding *finding = &findings->items[f];
			const struct rule *rule = rule_find(finding->rule);
			bool fails = finding->verdict == VERDICT_FAIL;
			if ((fails && !finding->evidence_count) ||
			    (fails && *finding->because) ||
			    (finding->verdict == VERDICT_CANNOT_TELL &&
			     !*finding->because) ||
			    finding->severity > rule->severity)
				fail_msg("%s, with \"%s\"", finding->rule,
					 rows[i].edits);
			assert_true(*finding->title && *finding->why);
			for (unsigned e = 0; e < finding->evidence_count; e++)
				assert_true(*finding->evidence[e].source &&
					    *finding->evidence[e].value);
			for (unsigned r = 0; r < finding->remedy_count; r++)
				assert_true(*finding->remedies[r].text);
		}
		arena_free(&arena);
	}
}

/* A source is of this machine, and one that is read; and no row of the list
 * of sources is left over. */
static void what_is_shown_could_be_looked_up(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (unsigned i = 0; i < ROWS; i++) {
		struct arena arena = {0};
		wrong += proof_count_wrong(
			rules_judge(machine_of(&arena, &rows[i]), &arena),
			rows[i].edits);
		arena_free(&arena);
	}
	wrong += proof_count_unseen(rule_table());
	wrong += proof_count_unused();
	assert_int_equal(wrong, 0);
}

/* A rule that was never seen to fail, to pass and to be at a loss is not
 * known to work. */
static void every_rule_is_shown_three_ways(void **state)
{
	const struct rule *rules = rule_table();
	unsigned missing = 0;

	(void)state;
	for (unsigned i = 0; rules[i].id; i++) {
		unsigned seen = 0;
		for (unsigned r = 0; r < ROWS; r++)
			if (strcmp(rows[r].rule, rules[i].id) == 0)
				seen |= 1u << rows[r].verdict;
		for (int verdict = VERDICT_PASS; verdict <= VERDICT_CANNOT_TELL;
		     verdict++)
			if (!(seen >> verdict & 1)) {
				static const char *const words[] = {
					"pass", "fail", "be unable to tell",
				};
				print_error("%s was never seen to %s\n",
					    rules[i].id, words[verdict]);
				missing++;
			}
	}
	assert_int_equal(missing, 0);
}

static void every_row_is_about_a_rule(void **state)
{
	(void)state;
	for (unsigned r = 0; r < ROWS; r++)
		if (!rule_find(rows[r].rule))
			fail_msg("no such rule: %s", rows[r].rule);
}

/* Whether @user says no less of it than that it cannot tell. */
static bool is_owned_up(const struct findings *user,
			const struct finding *finding)
{
	for (unsigned i = 0; i < user->count; i++) {
		const struct finding *each = &user->items[i];
		if (strcmp(each->rule, finding->rule) == 0 &&
		    each->subject.scope == finding->subject.scope &&
		    each->subject.index == finding->subject.index)
			return each->verdict != VERDICT_PASS;
	}
	return false;
}

static bool is_blocked(const struct findings *findings)
{
	for (unsigned i = 0; i < findings->count; i++)
		if (findings->items[i].verdict == VERDICT_FAIL &&
		    findings->items[i].severity == SEVERITY_BLOCKER &&
		    findings->items[i].subject.scope == SCOPE_SYSTEM)
			return true;
	return false;
}

static unsigned count_unlike(const struct findings *from,
			     const struct findings *than, const char *edits,
			     const char *complaint)
{
	unsigned count = 0;

	for (unsigned i = 0; i < from->count; i++) {
		const struct finding *each = &from->items[i];
		if (each->verdict != VERDICT_FAIL ||
		    each->severity != SEVERITY_BLOCKER ||
		    is_owned_up(than, each))
			continue;
		print_error("%s, with \"%s\": %s\n", each->rule, edits,
			    complaint);
		count++;
	}
	return count;
}

/* Who may not look must not be told that all is well. */
static void without_rights_nothing_is_called_fine_that_blocks(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (unsigned i = 0; i < ROWS; i++) {
		struct arena arena = {0};
		const struct findings *root = rules_judge(
			machine_of(&arena, &rows[i]), &arena);
		struct system *system = (struct system *)(uintptr_t)machine_of(
			&arena, &rows[i]);
		alter_rights(system);
		const struct findings *user = rules_judge(system, &arena);
		wrong += count_unlike(root, user, rows[i].edits,
				      "passes without rights");
		/* Where one cause is out of sight another may be named. */
		if (!is_blocked(root))
			wrong += count_unlike(user, root, rows[i].edits,
					      "blocks only without rights");
		arena_free(&arena);
	}
	assert_int_equal(wrong, 0);
}

/* Machines of which a fault that the log tells is not belied by effect. */
static const char *const unwell[] = {
	"groups -; irq PCI-MSI nvme; ",
	("groups -; irq PCI-MSI nvme; host cpu_vendor AuthenticAMD; "
	 "table -DMAR; table +IVRS; "),
	"groups -; irq PCI-MSI nvme; dev 01:00.0 resources ?; ",
	"dev 00:02.0 group -; ",
};

/* A line of that kind, about a device. */
static char *line_of(struct arena *arena, const struct line_kind *kind)
{
	struct buf text = {0};

	buf_puts(&text, "x 0000:01:00.0: irq 16 BAR 1: [mem ");
	for (const char *at = kind->part; *at; at++)
		buf_printf(&text, *at == '*' ? " x " : "%c", *at);
	char *line = arena_text(arena, buf_str(&text));
	buf_free(&text);
	return line;
}

static bool fails_with(const char *edits, const struct line_kind *kind)
{
	struct arena arena = {0};
	struct log_line line = { .text = line_of(&arena, kind) };
	struct system *system = (struct system *)(uintptr_t)made_machine(
		&arena, made_desktop);
	bool failed = false;

	alter(system, edits);
	system->host.log = (struct log){ KNOWN, true, true, "dmesg", &line, 1 };
	const struct findings *findings = rules_judge(system, &arena);
	for (unsigned i = 0; i < findings->count && !failed; i++)
		failed = findings->items[i].verdict == VERDICT_FAIL &&
			 strcmp(findings->items[i].rule, kind->rule) == 0;
	arena_free(&arena);
	return failed;
}

static bool leads_to_failure(const struct line_kind *kind)
{
	for (size_t i = 0; i < sizeof unwell / sizeof *unwell; i++)
		if (fails_with(unwell[i], kind))
			return true;
	return false;
}

/* A line that the page of the log calls bad is one that its rule knows,
 * unless the rule sees it otherwise and better. */
static void bad_lines_make_their_rules_fail(void **state)
{
	static const char *const by_other_means[] = {
		"intel-iommu-off-param", "no-interrupt-remapping",
		"dev-no-iommu-group", "dev-irq-nobody-cared",
		"dev-intx-shared", "group-cause-port-no-acs", "noiommu-mode",
		"dev-vf-token", "dev-vfio-denylist", "kvm-unavailable", NULL,
	};
	unsigned wrong = 0;

	(void)state;
	for (const struct line_kind *kind = line_kinds; kind->part; kind++) {
		const char *const *other = by_other_means;
		while (*other && strcmp(*other, kind->rule) != 0)
			other++;
		if (*other || !*kind->rule ||
		    (kind->tone != LINE_BAD && kind->tone != LINE_WARN) ||
		    leads_to_failure(kind))
			continue;
		print_error("\"%s\" does not make %s fail\n", kind->part,
			    kind->rule);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

/* What stands in the way is no use without a way out; but nobody can help a
 * bridge. */
static void a_blocker_of_the_system_has_a_remedy(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ROWS; i++) {
		struct arena arena = {0};
		if (rows[i].verdict != FAIL ||
		    strcmp(rows[i].subject, "system") != 0)
			continue;
		const struct system *system = machine_of(&arena, &rows[i]);
		const struct finding *found =
			finding_of(rules_judge(system, &arena), rows[i].rule,
				   "system");
		if (found && found->severity == SEVERITY_BLOCKER &&
		    !found->remedy_count)
			fail_msg("%s has no remedy", rows[i].rule);
		arena_free(&arena);
	}
}

static enum severity severity_of(const char *edits)
{
	const struct row row = {
		.rule = "group-shared-endpoints", .subject = "group:1",
		.edits = edits, .machine = ports_without_acs,
	};
	struct arena arena = {0};
	const struct finding *found =
		finding_of(rules_judge(machine_of(&arena, &row), &arena),
			   row.rule, row.subject);
	assert_non_null(found);
	enum severity severity = found->severity;
	arena_free(&arena);
	return severity;
}

/* To share a group is in the way where a member must stay with the host. */
static void a_shared_group_blocks_where_the_host_needs_a_member(void **state)
{
	(void)state;
	assert_int_equal(severity_of(""), SEVERITY_WARNING);
	assert_int_equal(severity_of("storage 02:00.0 /srv"),
			 SEVERITY_WARNING);
	assert_int_equal(severity_of("storage 02:00.0 /"), SEVERITY_BLOCKER);
	assert_int_equal(severity_of("net 02:00.0 up 1"), SEVERITY_BLOCKER);
	assert_int_equal(severity_of("net 02:00.0 up 0; session ssh"),
			 SEVERITY_BLOCKER);
	assert_int_equal(severity_of("net 02:00.0 up 0; netroot nfs4"),
			 SEVERITY_BLOCKER);
	assert_int_equal(severity_of("net 02:00.0 down 0; netroot nfs4"),
			 SEVERITY_WARNING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_about_a_rule),
		cmocka_unit_test(
			a_shared_group_blocks_where_the_host_needs_a_member),
		cmocka_unit_test(every_row_gets_its_verdict),
		cmocka_unit_test(
			what_fails_is_proved_and_what_is_unknown_says_why),
		cmocka_unit_test(what_is_shown_could_be_looked_up),
		cmocka_unit_test(every_rule_is_shown_three_ways),
		cmocka_unit_test(
			without_rights_nothing_is_called_fine_that_blocks),
		cmocka_unit_test(bad_lines_make_their_rules_fail),
		cmocka_unit_test(a_blocker_of_the_system_has_a_remedy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
