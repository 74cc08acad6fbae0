// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Takes archives of cpio apart while their bytes come.  What the names mean,
 * and whether they climb ("..") is not its business.
 */
#include "decode/cpio.h"

#include <string.h>

#include "base/i18n.h"

/* Behind the magic stand thirteen numbers of eight hexadecimal digits. */
enum { MAGIC = 6, DIGITS = 8, FIELD_MODE = 1, FIELD_SIZE = 6, FIELD_NAME = 11 };

void cpio_start(struct cpio *cpio, const struct cpio_ways *ways)
{
	memset(cpio, 0, sizeof *cpio);
	cpio->ways = *ways;
}

static void spoil(struct cpio *cpio, const char *flaw)
{
	cpio->state = CPIO_BAD;
	cpio->flaw = flaw;
}

static bool take_field(const struct cpio *cpio, unsigned field,
		       uint32_t *value)
{
	const char *at = cpio->header + MAGIC + field * DIGITS;
	uint32_t sum = 0;

	for (unsigned i = 0; i < DIGITS; i++) {
		static const char digits[] = "0123456789abcdef0123456789ABCDEF";
		const char *digit = at[i] ? strchr(digits, at[i]) : NULL;
		if (!digit)
			return false;
		sum = sum << 4 | (uint32_t)((digit - digits) & 15);
	}
	*value = sum;
	return true;
}

static uint32_t padding_of(uint32_t len)
{
	return (4 - len % 4) % 4;
}

static void go_behind(struct cpio *cpio, uint32_t len, enum cpio_state behind)
{
	cpio->padding = padding_of(len);
	cpio->behind = behind;
	cpio->state = cpio->padding ? CPIO_IN_PADDING : behind;
}

static void take_header(struct cpio *cpio)
{
	if (memcmp(cpio->header, "070701", MAGIC) != 0 &&
	    memcmp(cpio->header, "070702", MAGIC) != 0)
		spoil(cpio, N_("what should begin an entry does not"));
	else if (!take_field(cpio, FIELD_MODE, &cpio->mode) ||
		 !take_field(cpio, FIELD_SIZE, &cpio->size) ||
		 !take_field(cpio, FIELD_NAME, &cpio->name_size))
		spoil(cpio, N_("an entry has broken numbers"));
	else if (!cpio->name_size || cpio->name_size > CPIO_NAME_MOST)
		spoil(cpio, N_("an entry has no name, or one too long"));
	else
		cpio->state = CPIO_IN_NAME;
	cpio->left = cpio->size;
	cpio->header_len = cpio->name_len = 0;
}

static void take_name(struct cpio *cpio)
{
	const char *name = cpio->name;

	cpio->name[cpio->name_len] = '\0';
	cpio->entries++;
	if (strcmp(name, "TRAILER!!!") == 0) {
		/* What it claims to hold is skipped, as everything is. */
		cpio->wanted = false;
	} else {
		while (*name == '/' || (name[0] == '.' && name[1] == '/'))
			name++;
		cpio->wanted = cpio->ways.begin(cpio->ways.context, name,
						cpio->mode, cpio->left);
	}
	go_behind(cpio, CPIO_HEADER + cpio->name_size,
		  cpio->left ? CPIO_IN_CONTENT : CPIO_BETWEEN);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t push_between(struct cpio *cpio, const char *bytes, size_t len)
{
	size_t zeros = 0;

	while (zeros < len && !bytes[zeros])
		zeros++;
	if (zeros < len)
		cpio->state = bytes[zeros] == '0' ? CPIO_IN_HEADER :
						    CPIO_OTHER;
	return zeros;
}

static size_t push_header(struct cpio *cpio, const char *bytes, size_t len)
{
	size_t count = least(len, CPIO_HEADER - cpio->header_len);

	memcpy(cpio->header + cpio->header_len, bytes, count);
	cpio->header_len += (unsigned)count;
	if (cpio->header_len == CPIO_HEADER)
		take_header(cpio);
	return count;
}

static size_t push_name(struct cpio *cpio, const char *bytes, size_t len)
{
	size_t count = least(len, cpio->name_size - cpio->name_len);

	memcpy(cpio->name + cpio->name_len, bytes, count);
	cpio->name_len += (uint32_t)count;
	if (cpio->name_len == cpio->name_size)
		take_name(cpio);
	return count;
}

static size_t push_content(struct cpio *cpio, const char *bytes, size_t len)
{
	size_t count = least(len, cpio->left);

	if (cpio->wanted)
		cpio->ways.content(cpio->ways.context, bytes, count);
	cpio->left -= (uint32_t)count;
	if (!cpio->left)
		go_behind(cpio, cpio->size, CPIO_BETWEEN);
	return count;
}

static size_t push_padding(struct cpio *cpio, size_t len)
{
	size_t count = least(len, cpio->padding);

	cpio->padding -= (uint32_t)count;
	if (!cpio->padding)
		cpio->state = cpio->behind;
	return count;
}

size_t cpio_push(struct cpio *cpio, const char *bytes, size_t len)
{
	size_t done = 0;

	while (done < len) {
		const char *at = bytes + done;
		size_t left = len - done;
		switch (cpio->state) {
		case CPIO_BETWEEN:
			done += push_between(cpio, at, left);
			break;
		case CPIO_IN_HEADER:
			done += push_header(cpio, at, left);
			break;
		case CPIO_IN_NAME:
			done += push_name(cpio, at, left);
			break;
		case CPIO_IN_CONTENT:
			done += push_content(cpio, at, left);
			break;
		case CPIO_IN_PADDING:
			done += push_padding(cpio, left);
			break;
		case CPIO_OTHER:
		case CPIO_BAD:
			return done;
		}
	}
	return done;
}
