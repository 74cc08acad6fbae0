// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How this kernel was built, as far as it matters here: each symbol, its
 * value, what it is for.  Whether that is well is for the rules to say.
 */
#include "view/view.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "view/explain.h"
#include "view/symbol.h"

static void add_source(const struct system *system, struct page *page)
{
	const struct kconfig *config = &system->host.kconfig;

	page_indent(page, 1, 1);
	page_add(page, ROLE_TITLE, _("Kernel configuration"));
	if (config->known == KNOWN)
		page_printf(page, ROLE_DIM, "  %s", config->source);
	page_end(page);
	if (config->known == KNOWN)
		return;
	page->ref = EXPLAIN_REF "config-unknown";
	page_marked(page, MARK_UNKNOWN, ROLE_UNKNOWN,
		    config->known == ABSENT ?
			_("Not known: it was found nowhere.") :
			arena_printf(page->arena, _("Not known: %s."),
				     known_why(config->known)));
	page->ref = NULL;
}

static void add_symbol(const struct kconfig *config,
		       const struct symbol_use *use, struct page *page)
{
	static const char prefix[] = "CONFIG_";
	const char *name = symbol_name(use->symbol);
	const char *value = arena_printf(page->arena, "%c",
					 symbol_value(config, use->symbol));
	bool narrow = page->width && page->width < 60;

	if (*use->rule)
		page->ref = arena_printf(page->arena, EXPLAIN_REF "%s",
					 use->rule);
	page_indent(page, 2, narrow ? 4 : 28);
	page_solid(page, *value == '?' ? ROLE_UNKNOWN :
			 *value == 'n' ? ROLE_DIM : ROLE_GOOD, value);
	page_tab(page, 4);
	page_solid(page, ROLE_TEXT, text_starts(name, prefix) ?
			   name + strlen(prefix) : name);
	if (narrow || text_width(name) - strlen(prefix) > 23) {
		page_end(page);
		page_indent(page, page->hang, page->hang);
	} else {
		page_tab(page, page->hang);
	}
	page_add(page, ROLE_DIM, _(use->use));
	page_end(page);
	page->ref = NULL;
}

static void build(const struct scene *scene, struct page *page)
{
	add_source(scene->system, page);
	for (const struct symbol_use *use = symbol_uses; use->part || use->use;
	     use++) {
		if (use->use) {
			add_symbol(&scene->system->host.kconfig, use, page);
			continue;
		}
		page_gap(page);
		page_indent(page, 1, 1);
		page_title(page, _(use->part));
	}
	page_gap(page);
	page_indent(page, 1, 1);
	page_add(page, ROLE_DIM,
		 _("y: built in, m: a module, n: not set, or unknown to this "
		   "kernel.  All names begin with CONFIG_."));
	page_end(page);
}

const struct view view_config = {
	.id = "config", .title = N_("Configuration"), .page = build,
};
