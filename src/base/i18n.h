// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef BASE_I18N_H
#define BASE_I18N_H

#include <libintl.h>

/* Words in the person's language; none stay none, for which gettext has the
 * catalogue's own header. */
__attribute__((format_arg(1)))
static inline const char *i18n_text(const char *text)
{
	return *text ? gettext(text) : text;
}

/*
 * Words for a person pass through here: _() where they are shown, N_() where
 * a table only holds them, P_() where a number decides the form.
 */
#define _(text) i18n_text(text)
#define N_(text) text
#define P_(one, many, n) ngettext(one, many, (unsigned long)(n))

#endif
