// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef BASE_I18N_H
#define BASE_I18N_H

#include <libintl.h>

/*
 * Words for a person pass through here: _() where they are shown, N_() where
 * a table only holds them, P_() where a number decides the form.
 */
#define _(text) gettext(text)
#define N_(text) text
#define P_(one, many, n) ngettext(one, many, (unsigned long)(n))

#endif
