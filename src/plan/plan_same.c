// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is asked of a plan that is made: whether it may be done, and whether
 * another would do the same.
 */
#include "plan/plan.h"

#include <string.h>

bool plan_is_refused(const struct plan *plan)
{
	for (unsigned i = 0; i < plan->gate_count; i++)
		if (plan->gates[i].kind == GATE_HARD)
			return true;
	return false;
}

static bool is_named(const char *id, const char *const *accept)
{
	for (; accept && *accept; accept++)
		if (strcmp(*accept, id) == 0 || strcmp(*accept, "all") == 0)
			return true;
	return false;
}

bool plan_is_accepted(const struct plan *plan, const char *const *accept)
{
	for (unsigned i = 0; i < plan->gate_count; i++)
		if (plan->gates[i].kind == GATE_SOFT &&
		    !is_named(plan->gates[i].id, accept))
			return false;
	return true;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_expect(const struct expect *a, const struct expect *b)
{
	return a->kind == b->kind && same_text(a->path, b->path) &&
	       same_text(a->value, b->value);
}

static bool same_step(const struct step *a, const struct step *b)
{
	for (unsigned i = 0; i < STEP_WORDS; i++)
		if (!same_text(a->argv[i], b->argv[i]))
			return false;
	return a->kind == b->kind && same_text(a->path, b->path) &&
	       same_text(a->value, b->value) && same_text(a->self, b->self) &&
	       same_expect(&a->before, &b->before) &&
	       same_expect(&a->expect, &b->expect);
}

/* Indices may differ between two readings: addresses are in the steps. */
static bool same_change(const struct change *a, const struct change *b)
{
	return a->left == b->left && a->named == b->named &&
	       same_text(a->from, b->from) && same_text(a->to, b->to);
}

/* Which change a gate is about, however devices are numbered. */
static unsigned change_of(const struct plan *plan, const struct gate *gate)
{
	unsigned i = 0;

	while (i < plan->change_count &&
	       plan->changes[i].device != gate->device)
		i++;
	return i;
}

/* Not by its sentence: who opens a node now and then is another process each
 * time. */
static bool has_gate(const struct plan *plan, const struct gate *gate,
		     unsigned change)
{
	for (unsigned i = 0; i < plan->gate_count; i++)
		if (plan->gates[i].kind == gate->kind &&
		    strcmp(plan->gates[i].id, gate->id) == 0 &&
		    change_of(plan, &plan->gates[i]) == change)
			return true;
	return false;
}

bool plan_is_same(const struct plan *a, const struct plan *b)
{
	if (a->step_count != b->step_count ||
	    a->change_count != b->change_count)
		return false;
	for (unsigned i = 0; i < a->step_count; i++)
		if (!same_step(&a->steps[i], &b->steps[i]))
			return false;
	for (unsigned i = 0; i < a->change_count; i++)
		if (!same_change(&a->changes[i], &b->changes[i]))
			return false;
	for (unsigned i = 0; i < b->gate_count; i++)
		if (!has_gate(a, &b->gates[i], change_of(b, &b->gates[i])))
			return false;
	return true;
}
