// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "model/system.h"
#include "view/table.h"

static struct arena arena;

static const struct column columns[] = {
	{ .id = "address", .title = "Address", .least = 7, .tree = true,
		.by_order = true },
	{ .id = "driver", .title = "Driver", .least = 4, .flexible = true,
		.priority = 2 },
	{ .id = "group", .title = "Grp", .least = 3, .right = true,
		.priority = 1 },
};

struct item {
	const char *ref, *driver, *group;
	unsigned depth;
	int band;
};

static const struct item machine[] = {
	{ "00:00.0", "", "0", 0, 0 },
	{ "00:01.0", "pcieport", "12", 0, 12 },
	{ "01:00.0", "nvidia", "13", 1, 13 },
	{ "01:00.1", "snd_hda_intel", "13", 1, 13 },
	{ "00:02.0", "i915", "2", 0, 2 },
	{ NULL, NULL, NULL, 0, 0 },
};

static void take(struct table *table, const struct item *items)
{
	struct rows rows = { .arena = &arena };

	for (; items->ref; items++) {
		struct row *row = rows_note(&rows, items->ref, items->depth);
		row->band = items->band;
		row_set(row, 0, ROLE_ADDRESS, items->ref);
		row_set(row, 1, ROLE_TEXT, items->driver);
		row_set(row, 2, ROLE_TEXT, items->group);
	}
	table_take(table, columns, 3, &rows);
}

/* The references in sight, with blanks between. */
static const char *in_sight(const struct table *table)
{
	struct buf text = {0};

	for (size_t i = 0; i < table->count; i++)
		buf_printf(&text, "%s%s", i ? " " : "",
			   table_row(table, i)->ref);
	char *copy = arena_text(&arena, buf_str(&text));
	buf_free(&text);
	return copy;
}

static int begin(void **state)
{
	static struct table table;

	table = (struct table){0};
	take(&table, machine);
	*state = &table;
	return 0;
}

static int end(void **state)
{
	table_free(*state);
	arena_free(&arena);
	return 0;
}

static void rows_stand_as_built(void **state)
{
	assert_string_equal(in_sight(*state),
			    "00:00.0 00:01.0 01:00.0 01:00.1 00:02.0");
}

static void sorting_keeps_children_below_their_parent(void **state)
{
	struct table *table = *state;

	table_sort(table, 1, false);
	assert_string_equal(in_sight(table),
			    "00:00.0 00:02.0 00:01.0 01:00.0 01:00.1");
	table_sort(table, 1, true);
	assert_string_equal(in_sight(table),
			    "00:01.0 01:00.1 01:00.0 00:02.0 00:00.0");
	table_sort(table, NONE, false);
	assert_string_equal(in_sight(table),
			    "00:00.0 00:01.0 01:00.0 01:00.1 00:02.0");
}

static void numbers_are_sorted_as_a_person_counts(void **state)
{
	struct table *table = *state;

	table_sort(table, 2, false);
	assert_string_equal(in_sight(table),
			    "00:00.0 00:02.0 00:01.0 01:00.0 01:00.1");
}

static void a_filter_keeps_what_leads_to_a_hit(void **state)
{
	struct table *table = *state;

	table_filter(table, "NVIDIA");
	assert_string_equal(in_sight(table), "00:01.0 01:00.0");
	table_filter(table, "no such");
	assert_int_equal(table->count, 0);
	assert_null(table_current(table));
	table_filter(table, "");
	assert_int_equal(table->count, 5);
}

static void a_filter_looks_into_what_is_folded(void **state)
{
	struct table *table = *state;

	assert_true(table_seek(table, "00:01.0"));
	table_fold(table, true);
	table_filter(table, "nvidia");
	assert_string_equal(in_sight(table), "00:01.0 01:00.0");
	table_filter(table, "");
	assert_string_equal(in_sight(table), "00:00.0 00:01.0 00:02.0");
}

static void folding_a_child_goes_to_its_parent(void **state)
{
	struct table *table = *state;

	assert_true(table_seek(table, "01:00.1"));
	table_fold(table, true);
	assert_string_equal(table_current(table)->ref, "00:01.0");
	table_fold(table, true);
	assert_string_equal(in_sight(table), "00:00.0 00:01.0 00:02.0");
	assert_true(table_is_folded(table, 1));
	table_fold(table, false);
	assert_int_equal(table->count, 5);
}

static void seeking_unfolds_what_hides_it(void **state)
{
	struct table *table = *state;

	table_seek(table, "00:01.0");
	table_fold(table, true);
	assert_true(table_seek(table, "01:00.1"));
	assert_string_equal(table_current(table)->ref, "01:00.1");
	assert_false(table_seek(table, "07:00.0"));
	assert_string_equal(table_current(table)->ref, "01:00.1");
}

static void the_cursor_stays_on_its_subject(void **state)
{
	static const struct item later[] = {
		{ "00:00.0", "", "0", 0, 0 },
		{ "00:00.2", "", "", 0, NONE },
		{ "00:01.0", "pcieport", "12", 0, 12 },
		{ "00:01.1", "", "", 0, NONE },
		{ "01:00.0", "vfio-pci", "13", 1, 13 },
		{ NULL, NULL, NULL, 0, 0 },
	};
	struct table *table = *state;

	table_seek(table, "01:00.0");
	table_sort(table, 2, true);
	assert_string_equal(table_current(table)->ref, "01:00.0");
	take(table, later);
	assert_string_equal(table_current(table)->ref, "01:00.0");
	assert_string_equal(table_current(table)->cells[1].text, "vfio-pci");
	assert_int_equal(table->sort, 2);
}

static void a_subject_that_is_gone_leaves_its_place(void **state)
{
	static const struct item later[] = {
		{ "00:00.0", "", "0", 0, 0 }, { "00:02.0", "i915", "2", 0, 2 },
		{ NULL, NULL, NULL, 0, 0 },
	};
	static const struct item none[] = { { NULL, NULL, NULL, 0, 0 } };
	struct table *table = *state;

	table_seek(table, "01:00.1");
	take(table, later);
	assert_string_equal(table_current(table)->ref, "00:02.0");
	take(table, none);
	assert_null(table_current(table));
	take(table, machine);
	assert_non_null(table_current(table));
}

static void moving_stops_at_the_ends(void **state)
{
	struct table *table = *state;

	table_move(table, -5);
	assert_int_equal(table->at, 0);
	table_move(table, 1000);
	assert_int_equal(table->at, 4);
}

static void the_cursor_is_always_in_sight(void **state)
{
	struct table *table = *state;

	table_to(table, 4);
	table_show(table, 2);
	assert_int_equal(table->top, 3);
	table_to(table, 0);
	table_show(table, 2);
	assert_int_equal(table->top, 0);
	table_to(table, 4);
	table_show(table, 2);
	table_show(table, 10);
	assert_int_equal(table->top, 0);
}

static void a_search_goes_around(void **state)
{
	struct table *table = *state;

	assert_true(table_search(table, "13", false));
	assert_string_equal(table_current(table)->ref, "01:00.0");
	assert_true(table_search(table, "13", false));
	assert_string_equal(table_current(table)->ref, "01:00.1");
	assert_true(table_search(table, "13", false));
	assert_string_equal(table_current(table)->ref, "01:00.0");
	assert_true(table_search(table, "13", true));
	assert_string_equal(table_current(table)->ref, "01:00.1");
	assert_false(table_search(table, "nowhere", false));
	assert_false(table_search(table, "", false));
}

static void neighbours_of_one_group_share_a_band(void **state)
{
	struct table *table = *state;

	assert_false(table->band[0]);
	assert_true(table->band[1]);
	assert_false(table->band[2]);
	assert_false(table->band[3]);
	assert_true(table->band[4]);
}

static void columns_give_way_by_priority(void **state)
{
	struct table *table = *state;
	unsigned widths[COLUMN_MAX];

	table_widths(table, 0, widths);
	assert_int_equal(widths[0], 11);	/* two levels of the tree */
	assert_int_equal(widths[1], 13);
	assert_int_equal(widths[2], 3);
	table_widths(table, 24, widths);
	assert_int_equal(widths[0] + widths[1] + widths[2], 22);
	table_widths(table, 18, widths);
	assert_int_equal(widths[1], 0);
	assert_int_equal(widths[2], 3);
	table_widths(table, 3, widths);
	assert_int_equal(widths[0], 11);
	assert_int_equal(widths[2], 0);
}

static void references_go_in_and_out_of_a_set(void **state)
{
	struct refs refs = {0};

	(void)state;
	assert_false(refs_has(&refs, "group:1"));
	refs_turn(&refs, "group:13");
	refs_turn(&refs, "group:1");
	refs_turn(&refs, "0000:01:00.0");
	assert_true(refs_has(&refs, "group:1"));
	assert_int_equal(refs.count, 3);
	refs_turn(&refs, "group:1");
	assert_false(refs_has(&refs, "group:1"));
	assert_true(refs_has(&refs, "group:13"));
	assert_true(refs_has(&refs, "0000:01:00.0"));
	refs_turn(&refs, "0000:01:00.0");
	refs_turn(&refs, "group:13");
	assert_int_equal(refs.count, 0);
	refs_turn(&refs, "group:2");
	assert_true(refs_has(&refs, "group:2"));
	refs_empty(&refs);
	assert_false(refs_has(&refs, "group:2"));
	refs_turn(&refs, "group:2");
	assert_true(refs_has(&refs, "group:2"));
	refs_free(&refs);
}

#define TABLE_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(rows_stand_as_built),
		TABLE_TEST(sorting_keeps_children_below_their_parent),
		TABLE_TEST(numbers_are_sorted_as_a_person_counts),
		TABLE_TEST(a_filter_keeps_what_leads_to_a_hit),
		TABLE_TEST(a_filter_looks_into_what_is_folded),
		TABLE_TEST(folding_a_child_goes_to_its_parent),
		TABLE_TEST(seeking_unfolds_what_hides_it),
		TABLE_TEST(the_cursor_stays_on_its_subject),
		TABLE_TEST(a_subject_that_is_gone_leaves_its_place),
		TABLE_TEST(moving_stops_at_the_ends),
		TABLE_TEST(the_cursor_is_always_in_sight),
		TABLE_TEST(a_search_goes_around),
		TABLE_TEST(neighbours_of_one_group_share_a_band),
		TABLE_TEST(columns_give_way_by_priority),
		cmocka_unit_test(references_go_in_and_out_of_a_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
