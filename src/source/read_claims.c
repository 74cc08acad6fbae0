// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads which devices other programs say are theirs: guests of libvirt that
 * run or start, guests of Proxmox.  A capture keeps the answer
 * ("vfiotop/claims"), not the files, which tell much more.
 *
 * Source: libvirt, the status files of its QEMU driver; Proxmox VE,
 * PVE/QemuServer/PCI.pm, "ADDRESS VMID pid:N" or "time:N", when it lapses.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/num.h"
#include "base/text.h"
#include "source/read.h"

/* What is found, and how it is kept. */
struct claims {
	struct reader *reader;
	size_t room;
	struct buf note;
};

static void add_claim(struct claims *claims, const char *who,
		      const char *guest, const char *source,
		      struct bdf address)
{
	struct reader *reader = claims->reader;
	struct usage *usage = &reader->system->usage;
	int device = system_device(reader->system, address);
	char name[BDF_TEXT];

	if (device == NONE)
		return;
	struct claim *items = arena_grow(
		reader->arena, (void *)(uintptr_t)usage->claims,
		usage->claim_count, &claims->room, sizeof *items);
	usage->claims = items;
	items[usage->claim_count++] = (struct claim){
		who, text_safe(reader->arena, guest, strlen(guest)),
		text_safe(reader->arena, source, strlen(source)), device,
	};
	buf_printf(&claims->note, "%s\t%s\t%s\t%s\n", who,
		   bdf_print(address, name), items[usage->claim_count - 1].guest,
		   items[usage->claim_count - 1].source);
}

/* --- Proxmox --- */

static bool is_alive(struct reader *reader, uint64_t pid)
{
	char path[48];
	uint64_t size;

	snprintf(path, sizeof path, "proc/%llu", (unsigned long long)pid);
	return root_size(reader->root, NULL, path, &size) == KNOWN;
}

/* "0000:01:00.0 105 pid:4711" */
static void take_reservation(struct claims *claims, const char *line)
{
	const char *at = line + strcspn(line, " "), *guest, *mark;
	char name[32];
	struct bdf address;
	uint64_t number;

	if (at - line >= (ptrdiff_t)sizeof name)
		return;
	memcpy(name, line, (size_t)(at - line));
	name[at - line] = '\0';
	if (!bdf_parse(name, &address) || !num_take(&at, 10, &number))
		return;
	guest = arena_printf(claims->reader->arena, "%llu",
			     (unsigned long long)number);
	at += strspn(at, " ");
	mark = at;
	at += strcspn(at, ":\n");
	if (*at++ != ':' || !num_take(&at, 10, &number))
		return;
	bool stands = text_starts(mark, "pid:") ?
			      is_alive(claims->reader, number) :
			      number >= (uint64_t)time(NULL);
	if (stands)
		add_claim(claims, "Proxmox", guest,
			  "/run/qemu-server/pci-id-reservations", address);
}

static void read_reservations(struct claims *claims)
{
	struct reader *reader = claims->reader;
	struct buf text = {0};
	const char *at, *line;
	size_t len;

	if (read_file(reader, "run/qemu-server/pci-id-reservations") != KNOWN)
		return;
	buf_add(&text, buf_str(&reader->text), reader->text.len);
	at = buf_str(&text);
	while (text_line(&at, buf_end(&text), &line, &len))
		take_reservation(claims,
				 arena_copy(reader->arena, line, len));
	buf_free(&text);
}

/* --- libvirt --- */

/* name='0x1f' within an element's tag. */
static bool take_number(const char *tag, const char *end, const char *name,
			uint64_t most, uint64_t *value)
{
	const char *at = strstr(tag, name);

	if (!at || at >= end)
		return false;
	at += strlen(name);
	at += *at == '\'' || *at == '"';
	at += text_starts(at, "0x") ? 2 : 0;
	return num_take(&at, 16, value) && *value <= most;
}

static bool take_address(const char *tag, const char *end, struct bdf *address)
{
	uint64_t domain, bus, slot, function;

	if (!take_number(tag, end, "domain=", UINT32_MAX, &domain) ||
	    !take_number(tag, end, "bus=", 0xff, &bus) ||
	    !take_number(tag, end, "slot=", 0x1f, &slot) ||
	    !take_number(tag, end, "function=", 7, &function))
		return false;
	*address = (struct bdf){ .domain = (uint32_t)domain,
				 .bus = (uint8_t)bus, .device = (uint8_t)slot,
				 .function = (uint8_t)function };
	return true;
}

/* Every <hostdev type='pci'> names its device in <source><address …>. */
static void take_guest(struct claims *claims, const char *text,
		       const char *guest, const char *source)
{
	const char *at = text;

	while ((at = strstr(at, "<hostdev ")) != NULL) {
		const char *end = strstr(at, "</hostdev>");
		const char *tag_end = strchr(at, '>');
		const char *type = strstr(at, "type='pci'");
		const char *from = strstr(at, "<source");
		const char *tag = from ? strstr(from, "<address ") : NULL;
		struct bdf address;
		if (!end || !tag_end)
			return;
		if (type && type < tag_end && tag && tag < end &&
		    take_address(tag, end, &address))
			add_claim(claims, "libvirt", guest, source, address);
		at = end;
	}
}

static void read_guests(struct claims *claims)
{
	static const char folder[] = "run/libvirt/qemu";
	struct reader *reader = claims->reader;
	struct arena names = {0};
	struct listing listing;

	root_list(reader->root, NULL, folder, &names, &listing);
	for (unsigned i = 0; i < listing.count; i++) {
		const char *name = listing.names[i];
		struct buf path = {0}, text = {0};
		if (!text_ends(name, ".xml"))
			continue;
		buf_printf(&path, "%s/%s", folder, name);
		if (read_file(reader, buf_str(&path)) == KNOWN) {
			buf_puts(&text, buf_str(&reader->text));
			take_guest(claims, buf_str(&text),
				   arena_copy(reader->arena, name,
					      strlen(name) - 4),
				   arena_printf(reader->arena, "/%s",
						buf_str(&path)));
		}
		buf_free(&path);
		buf_free(&text);
	}
	arena_free(&names);
}

/* --- as a capture keeps it --- */

/* "WHO<tab>ADDRESS<tab>GUEST<tab>SOURCE" */
static void take_claim(struct claims *claims, char *line)
{
	static const char *const whos[] = { "libvirt", "Proxmox" };
	const char *part[4];
	struct bdf address;

	for (unsigned i = 0; i < 4; i++) {
		size_t len = strcspn(line, "\t");
		part[i] = line;
		if (!line[len] && i < 3)
			return;
		line += len;
		*line++ = '\0';
	}
	for (size_t i = 0; i < sizeof whos / sizeof *whos; i++)
		if (strcmp(whos[i], part[0]) == 0 &&
		    bdf_parse(part[1], &address) && *part[3] == '/')
			add_claim(claims, whos[i], part[2], part[3], address);
}

static void take_kept(struct claims *claims)
{
	struct reader *reader = claims->reader;
	struct buf text = {0};
	const char *at, *line;
	size_t len;

	if (read_file(reader, "vfiotop/claims") != KNOWN)
		return;
	buf_add(&text, buf_str(&reader->text), reader->text.len);
	at = buf_str(&text);
	while (text_line(&at, buf_end(&text), &line, &len))
		take_claim(claims, arena_copy(reader->arena, line, len));
	buf_free(&text);
}

void read_claims(struct reader *reader)
{
	struct claims claims = { .reader = reader };

	if (read_looks(reader, "vfiotop/claims")) {
		bool teed = root_hush(reader->root, true);
		read_reservations(&claims);
		read_guests(&claims);
		root_hush(reader->root, teed);
		root_note(reader->root, "vfiotop/claims", claims.note.data,
			  claims.note.len);
	} else {
		take_kept(&claims);
	}
	buf_free(&claims.note);
}
