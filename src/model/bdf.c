// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Addresses of PCI functions, parsed and printed.
 */
#include "model/bdf.h"

#include <stdio.h>

/* Take 1 to @most hexadecimal digits. */
static bool take_hex(const char **at, unsigned least, unsigned most,
		     uint32_t *value)
{
	const char *start = *at;
	uint32_t sum = 0;
	unsigned digits = 0;

	for (; digits < most; digits++, (*at)++) {
		char c = **at;
		uint32_t digit = c >= '0' && c <= '9' ? (uint32_t)(c - '0') :
				 c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a') + 10 :
				 c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A') + 10 :
							16;
		if (digit > 15)
			break;
		sum = sum << 4 | digit;
	}
	if (digits < least) {
		*at = start;
		return false;
	}
	*value = sum;
	return true;
}

bool bdf_parse(const char *text, struct bdf *bdf)
{
	uint32_t domain = 0, bus, device, function, first;

	if (!take_hex(&text, 2, 8, &first) || *text++ != ':' ||
	    !take_hex(&text, 2, 2, &device))
		return false;
	bus = first;
	if (*text == ':') {
		text++;
		domain = first;
		bus = device;
		if (!take_hex(&text, 2, 2, &device))
			return false;
	}
	if (*text++ != '.' || !take_hex(&text, 1, 1, &function) || *text ||
	    bus > 0xff || device > 31 || function > 7)
		return false;
	*bdf = (struct bdf){ .domain = domain, .bus = (uint8_t)bus,
			     .device = (uint8_t)device,
			     .function = (uint8_t)function };
	return true;
}

char *bdf_print(struct bdf bdf, char out[static BDF_TEXT])
{
	snprintf(out, BDF_TEXT, "%04x:%02x:%02x.%x", bdf.domain, bdf.bus,
		 bdf.device & 31u, bdf.function & 7u);
	return out;
}

char *bdf_print_short(struct bdf bdf, char out[static BDF_TEXT])
{
	if (bdf.domain)
		return bdf_print(bdf, out);
	snprintf(out, BDF_TEXT, "%02x:%02x.%x", bdf.bus, bdf.device & 31u,
		 bdf.function & 7u);
	return out;
}

int bdf_compare(struct bdf a, struct bdf b)
{
	if (a.domain != b.domain)
		return a.domain < b.domain ? -1 : 1;
	if (a.bus != b.bus)
		return a.bus < b.bus ? -1 : 1;
	if (a.device != b.device)
		return a.device < b.device ? -1 : 1;
	if (a.function != b.function)
		return a.function < b.function ? -1 : 1;
	return 0;
}

bool bdf_same_slot(struct bdf a, struct bdf b)
{
	return a.domain == b.domain && a.bus == b.bus && a.device == b.device;
}
