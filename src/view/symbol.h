// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_SYMBOL_H
#define VIEW_SYMBOL_H

#include "model/system.h"

/* What a symbol of the kernel's configuration is for; symbols.def. */
struct symbol_use {
	const char *part;	/* N_(): title of a part; NULL: a symbol */
	enum symbol symbol;
	const char *rule;	/* that looks at it, or "" */
	const char *use;	/* N_(): a sentence or two */
};

/* Every part followed by its symbols; ends with part and use NULL. */
extern const struct symbol_use symbol_uses[];

/* Return 'y', 'm' or 'n'; '?' where the configuration was not read. */
char symbol_value(const struct kconfig *config, enum symbol symbol);

#endif
