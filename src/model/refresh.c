// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How an initramfs is made anew.  It runs nothing.
 *
 * Source: update-initramfs(8), mkinitcpio(8), dracut(8).
 */
#include "model/refresh.h"

#include <stdio.h>
#include <string.h>

enum { WORDS = 3 };

const char *const *refresh_words(const struct host *host)
{
	static const struct {
		const char *names, *words[WORDS];
	} rows[] = {
		{ " debian ubuntu linuxmint proxmox pve kali pop devuan "
		  "raspbian zorin elementary ", { "update-initramfs", "-u" } },
		{ " arch manjaro endeavouros cachyos ",
		  { "mkinitcpio", "-P" } },
		{ " fedora rhel centos almalinux rocky ol "
		  "opensuse-tumbleweed opensuse-leap gentoo void ",
		  { "dracut", "-f" } },
	};
	char name[64];

	if (host->distribution.known != KNOWN)
		return NULL;
	snprintf(name, sizeof name, " %.60s ", host->distribution.value);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strstr(rows[i].names, name))
			return rows[i].words;
	return NULL;
}

const char *refresh_line(const struct host *host, struct arena *arena)
{
	const char *const *words = refresh_words(host);

	return words ? arena_printf(arena, "%s %s", words[0], words[1]) : "";
}
