// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Asks the kernel what no file tells: which interface has which address, and
 * by which the person at the keyboard is connected, so that it is not taken
 * away under them.  A capture keeps the answers ("vfiotop/session" and
 * "vfiotop/addresses"), not the environment.
 */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/num.h"
#include "base/text.h"
#include "source/read.h"

enum { MOST_PARENTS = 16 };

/* "PPid:\t1234" of a process; 0 when it cannot be told. */
static uint64_t parent_of(struct reader *reader, uint64_t pid)
{
	char path[48];

	snprintf(path, sizeof path, "proc/%llu/status",
		 (unsigned long long)pid);
	if (read_file(reader, path) != KNOWN)
		return 0;
	const char *at = strstr(buf_str(&reader->text), "\nPPid:");
	uint64_t parent = 0;
	if (at) {
		at += strlen("\nPPid:");
		num_take(&at, 10, &parent);
	}
	return parent;
}

/* SSH_CONNECTION of a process: "client port server port"; sudo drops it, so
 * the parents are asked too.  *known tells whether all could be read. */
static bool find_connection(struct reader *reader, char *out, size_t room,
			    enum known *known)
{
	const char *own = getenv("SSH_CONNECTION");
	uint64_t pid = (uint64_t)getpid();

	*known = KNOWN;
	if (own) {
		snprintf(out, room, "%s", own);
		return true;
	}
	for (unsigned i = 0; i < MOST_PARENTS && pid > 1; i++) {
		char path[48];
		snprintf(path, sizeof path, "proc/%llu/environ",
			 (unsigned long long)pid);
		if (read_file(reader, path) != KNOWN)
			*known = DENIED;
		const char *at = buf_str(&reader->text);
		const char *end = buf_end(&reader->text);
		for (; at < end; at += strnlen(at, (size_t)(end - at)) + 1)
			if (text_starts(at, "SSH_CONNECTION=")) {
				snprintf(out, room, "%s", at + 15);
				return true;
			}
		pid = parent_of(reader, pid);
	}
	return false;
}

static bool is_address(const struct sockaddr *address, const char *text)
{
	struct in6_addr wanted6;
	struct in_addr wanted4;

	if (address->sa_family == AF_INET && inet_pton(AF_INET, text, &wanted4))
		return memcmp(&((const struct sockaddr_in *)(const void *)
				address)->sin_addr, &wanted4,
			      sizeof wanted4) == 0;
	if (address->sa_family == AF_INET6 &&
	    inet_pton(AF_INET6, text, &wanted6))
		return memcmp(&((const struct sockaddr_in6 *)(const void *)
				address)->sin6_addr, &wanted6,
			      sizeof wanted6) == 0;
	return false;
}

/* The interface that has the address; "" for none.  A link-local one names
 * its interface itself: fe80::1%eth0. */
static void interface_of(const char *address, char *out, size_t room)
{
	const char *scope = strchr(address, '%');
	struct ifaddrs *list, *each;

	*out = '\0';
	if (scope) {
		snprintf(out, room, "%s", scope + 1);
		return;
	}
	if (getifaddrs(&list))
		return;
	for (each = list; each; each = each->ifa_next)
		if (each->ifa_addr && is_address(each->ifa_addr, address))
			snprintf(out, room, "%s", each->ifa_name);
	freeifaddrs(list);
}

/* The number of the terminal that this runs on, 0 for none: behind the name
 * in /proc/self/stat come state, ppid, pgrp, session, tty_nr. */
static uint64_t terminal_number(struct reader *reader)
{
	uint64_t number = 0;

	if (read_file(reader, "proc/self/stat") != KNOWN)
		return 0;
	const char *at = strrchr(buf_str(&reader->text), ')');
	for (unsigned skip = 0; at && skip < 5; skip++)
		at = strchr(at + 1, ' ');
	if (at)
		num_take(&at, 10, &number);
	return number;
}

static void take_terminal(struct reader *reader, const char *name)
{
	struct usage *usage = &reader->system->usage;
	char path[64];

	usage->terminal = text_safe(reader->arena, name, strlen(name));
	snprintf(path, sizeof path, "sys/class/tty/%.32s", name);
	usage->terminal_device = device_behind(reader, path);
}

/* A serial line, perhaps on USB; windows and consoles are no hardware. */
static void find_terminal(struct reader *reader)
{
	struct buf real = {0};
	uint64_t number = terminal_number(reader);
	char path[64];

	/* As the kernel packs it: new_encode_dev(). */
	snprintf(path, sizeof path, "sys/dev/char/%u:%u",
		 (unsigned)(number >> 8 & 0xfff),
		 (unsigned)((number & 0xff) | (number >> 12 & 0xfff00)));
	if (number &&
	    root_real(reader->root, NULL, path, &real) == KNOWN)
		take_terminal(reader, strrchr(buf_str(&real), '/') + 1);
	buf_free(&real);
}

static void find_live(struct reader *reader, char *name, size_t room)
{
	struct usage *usage = &reader->system->usage;
	char words[256], server[64] = "";
	struct buf note = {0};
	bool teed = root_hush(reader->root, true);

	*name = '\0';
	usage->session = usage->terminal = "";
	if (find_connection(reader, words, sizeof words,
			    &usage->session_known)) {
		const char *at = words;
		for (unsigned skip = 0; skip < 2; skip++)
			at += strcspn(at, " ") + strspn(at + strcspn(at, " "),
							" ");
		size_t len = strcspn(at, " ");
		if (len < sizeof server) {
			memcpy(server, at, len);
			server[len] = '\0';
		}
		interface_of(server, name, room);
		/* Which interface that is must be told, or is not known. */
		usage->session_known = *name ? KNOWN : UNREAD;
		usage->session = text_safe(reader->arena, "ssh", 3);
	}
	find_terminal(reader);
	root_hush(reader->root, teed);
	buf_printf(&note, "%d %s %s %s\n", usage->session_known == KNOWN,
		   *name ? name : "-", *usage->session ? "ssh" : "-",
		   *usage->terminal ? usage->terminal : "-");
	root_note(reader->root, "vfiotop/session", note.data, note.len);
	buf_free(&note);
}

/* The fourth word, where there is one. */
static void take_kept_terminal(struct reader *reader)
{
	const char *at = buf_str(&reader->text);
	char name[40];

	for (unsigned skip = 0; skip < 3; skip++) {
		at += strcspn(at, " \n");
		at += *at == ' ';
	}
	size_t len = strcspn(at, " \n");
	if (!len || len >= sizeof name || *at == '-')
		return;
	memcpy(name, at, len);
	name[len] = '\0';
	if (!strchr(name, '/'))
		take_terminal(reader, name);
}

static void take_kept(struct reader *reader, char *name, size_t room)
{
	struct usage *usage = &reader->system->usage;
	enum known known = read_file(reader, "vfiotop/session");
	const char *text = buf_str(&reader->text);

	*name = '\0';
	usage->session = usage->terminal = "";
	usage->session_known = known == ABSENT ? UNREAD : known;
	if (known != KNOWN || reader->text.len < 3)
		return;
	usage->session_known = text[0] == '1' ? KNOWN : DENIED;
	size_t len = strcspn(text + 2, " \n");
	if (len < room && text[2] != '-') {
		memcpy(name, text + 2, len);
		name[len] = '\0';
		usage->session = "ssh";
	}
	take_kept_terminal(reader);
}

void read_session(struct reader *reader, char *name, size_t room)
{
	if (root_kind(reader->root) == ORIGIN_LIVE &&
	    !root_recalls(reader->root, "vfiotop/session"))
		find_live(reader, name, room);
	else
		take_kept(reader, name, room);
}

/* "eth0 10.0.2.15" lines of this machine; link-local ones, which every
 * interface makes for itself, are left out. */
static enum known list_addresses(struct buf *out)
{
	struct ifaddrs *list;

	if (getifaddrs(&list))
		return UNREAD;
	for (struct ifaddrs *each = list; each; each = each->ifa_next) {
		const void *address = each->ifa_addr;
		char text[INET6_ADDRSTRLEN] = "";
		if (!address)
			continue;
		const struct sockaddr_in *four = address;
		const struct sockaddr_in6 *six = address;
		if (four->sin_family == AF_INET)
			inet_ntop(AF_INET, &four->sin_addr, text, sizeof text);
		else if (four->sin_family == AF_INET6 &&
			 !IN6_IS_ADDR_LINKLOCAL(&six->sin6_addr))
			inet_ntop(AF_INET6, &six->sin6_addr, text,
				  sizeof text);
		if (*text)
			buf_printf(out, "%s %s\n", each->ifa_name, text);
	}
	freeifaddrs(list);
	return KNOWN;
}

enum known read_addresses(struct reader *reader, struct buf *out)
{
	static const char path[] = "vfiotop/addresses";
	enum known known;

	if (root_kind(reader->root) == ORIGIN_LIVE) {
		known = list_addresses(out);
		if (known == KNOWN)
			root_note(reader->root, path, buf_str(out), out->len);
		return known;
	}
	known = read_file(reader, path);
	buf_add(out, buf_str(&reader->text), reader->text.len);
	return known == ABSENT ? UNREAD : known;
}
