// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table of symbols.def.  Values are the model's; how it looks is the
 * view's.
 */
#include "view/symbol.h"

#include "base/i18n.h"

const struct symbol_use symbol_uses[] = {
#define PART(title) { .part = title },
#define SYMBOL(name, about, text) \
	{ .symbol = CFG_##name, .rule = about, .use = text },
#include "view/symbols.def"
#undef PART
#undef SYMBOL
	{ 0 },
};

char symbol_value(const struct kconfig *config, enum symbol symbol)
{
	return config->known == KNOWN ? config->value[symbol] : '?';
}
