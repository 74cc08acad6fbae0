// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A growing buffer of bytes.  It knows nothing of what they mean.
 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

char *buf_room(struct buf *buf, size_t more)
{
	if (more > SIZE_MAX / 4 || buf->len > SIZE_MAX / 4)
		err_die("memory: a buffer of %zu bytes is too large", more);
	size_t need = buf->len + more + 1;
	if (need > buf->room) {
		size_t room = buf->room ? buf->room : 128;
		while (room < need)
			room *= 2;
		char *data = realloc(buf->data, room);
		if (!data)
			err_die("memory: %zu bytes could not be had", room);
		data[buf->len] = '\0';
		buf->data = data;
		buf->room = room;
	}
	return buf->data + buf->len;
}

void buf_add(struct buf *buf, const void *bytes, size_t len)
{
	char *end = buf_room(buf, len);

	if (len)
		memcpy(end, bytes, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
}

void buf_puts(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void buf_putc(struct buf *buf, char byte)
{
	buf_add(buf, &byte, 1);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args, again;

	va_start(args, format);
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		err_die("text: a format could not be printed");
	char *end = buf_room(buf, (size_t)len);
	vsnprintf(end, (size_t)len + 1, format, again);
	va_end(again);
	buf->len += (size_t)len;
}

const char *buf_str(const struct buf *buf)
{
	return buf->data ? buf->data : "";
}

const char *buf_end(const struct buf *buf)
{
	return buf_str(buf) + buf->len;
}

void buf_reset(struct buf *buf)
{
	buf->len = 0;
	if (buf->data)
		buf->data[0] = '\0';
}

void buf_free(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){0};
}
