// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads which devices other programs say are theirs: guests of libvirt that
 * run or start, networks of libvirt that hand cards to guests, guests of
 * Proxmox.  A capture keeps the answer ("vfiotop/claims"), not the files, which
 * tell much more.
 *
 * Source: libvirt, the status files of its QEMU driver, formatdomain and
 * formatnetwork; Proxmox VE, PVE/QemuServer/PCI.pm, "ADDRESS VMID pid:N" or
 * "time:N", when it lapses.
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

/* Who says so, and where. */
struct word {
	const char *who, *guest, *source;
	bool pool;
};

/* How a capture names the one that has it. */
static const struct { const char *kept, *who; bool pool; } whos[] = {
	{ "libvirt", "libvirt", false }, { "Proxmox", "Proxmox", false },
	{ "libvirt-network", "libvirt", true },
};

/* Of several files it is the one that could not be read that counts. */
static void worsen(enum known *known, enum known other)
{
	if (known_is_settled(*known) && !known_is_settled(other))
		*known = other;
}

static const char *kept_as(const struct word *word)
{
	for (size_t i = 0; i < sizeof whos / sizeof *whos; i++)
		if (strcmp(whos[i].who, word->who) == 0 &&
		    whos[i].pool == word->pool)
			return whos[i].kept;
	return word->who;
}

static void add_claim(struct claims *claims, const struct word *word,
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
	struct claim *claim = &items[usage->claim_count++];
	*claim = (struct claim){
		word->who,
		text_safe(reader->arena, word->guest, strlen(word->guest)),
		text_safe(reader->arena, word->source, strlen(word->source)),
		device, word->pool,
	};
	buf_printf(&claims->note, "%s\t%s\t%s\t%s\n", kept_as(word),
		   bdf_print(address, name), claim->guest, claim->source);
}

/* --- Proxmox --- */

static bool is_there(struct reader *reader, uint64_t pid)
{
	char path[48];
	uint64_t size;

	snprintf(path, sizeof path, "proc/%llu", (unsigned long long)pid);
	return root_size(reader->root, NULL, path, &size) == KNOWN;
}

/* Where the first process is not seen, those of others are hidden (hidepid). */
static bool is_alive(struct reader *reader, uint64_t pid)
{
	if (is_there(reader, pid))
		return true;
	if (!is_there(reader, 1))
		worsen(&reader->system->usage.claims_known, DENIED);
	return false;
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
		add_claim(claims, &(struct word){
			"Proxmox", guest,
			"/run/qemu-server/pci-id-reservations", false,
		}, address);
}

static void read_reservations(struct claims *claims)
{
	struct reader *reader = claims->reader;
	struct buf text = {0};
	const char *at, *line;
	size_t len;

	enum known known = read_file(reader,
				     "run/qemu-server/pci-id-reservations");
	worsen(&reader->system->usage.claims_known, known);
	if (known != KNOWN)
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

/* Every address of PCI between @at and @end is of a device that is the
 * word's. */
static void take_addresses(struct claims *claims, const char *at,
			   const char *end, const struct word *word)
{
	struct bdf address;

	while ((at = strstr(at, "<address ")) != NULL && at < end) {
		const char *tag_end = strchr(at, '>');
		if (!tag_end || tag_end > end)
			return;
		if (take_address(at, tag_end, &address))
			add_claim(claims, word, address);
		at = tag_end;
	}
}

/* An address of PCI within <source> is the host's, whatever it is given as: a
 * <hostdev>, an <interface> of its own or out of a network's pool, a disk of
 * NVMe or what a disk is backed by.  Outside, it is the guest's. */
static void take_guest(struct claims *claims, const char *text,
		       const struct word *word)
{
	const char *at = text;

	while ((at = strstr(at, "<source")) != NULL) {
		const char *tag_end = strchr(at, '>');
		const char *end = tag_end ? strstr(tag_end, "</source>") :
					    NULL;
		if (!tag_end)
			return;
		if (tag_end[-1] != '/' && end)
			take_addresses(claims, tag_end, end, word);
		at = tag_end;
	}
}

/* The virtual functions of the interface that <pf dev='eth3'/> names. */
static void take_functions(struct claims *claims, const char *tag,
			   const struct word *word)
{
	struct reader *reader = claims->reader;
	const char *name = strstr(tag, "dev=");
	struct arena names = {0};
	struct listing listing;
	struct bdf address;

	name = name ? name + strlen("dev=") + 1 : "";
	size_t len = strcspn(name, "'\"/>");
	const char *folder = arena_printf(reader->arena,
					  "sys/class/net/%.*s/device",
					  (int)len, name);
	if (len)
		worsen(&reader->system->usage.pools_known,
		       root_list(reader->root, NULL, folder, &names,
				 &listing));
	for (unsigned i = 0; len && i < listing.count; i++) {
		if (!text_starts(listing.names[i], "virtfn"))
			continue;
		struct fact_text link = read_link(
			reader, NULL,
			arena_printf(reader->arena, "%s/%s", folder,
				     listing.names[i]));
		if (link.known == KNOWN && bdf_parse(link.value, &address))
			add_claim(claims, word, address);
	}
	arena_free(&names);
}

/* <forward mode='hostdev'> names cards, or whose functions are given. */
static void take_network(struct claims *claims, const char *text,
			 const struct word *word)
{
	const char *at = strstr(text, "<forward ");
	const char *tag_end = at ? strchr(at, '>') : NULL;
	const char *end = tag_end ? strstr(tag_end, "</forward>") : NULL;
	const char *mode = at ? strstr(at, "mode=") : NULL;

	if (!end || !mode || mode > tag_end ||
	    !text_starts(mode + strlen("mode=") + 1, "hostdev"))
		return;
	take_addresses(claims, tag_end, end, word);
	const char *pf = strstr(tag_end, "<pf ");
	if (pf && pf < end)
		take_functions(claims, pf, word);
}

/* Have one file taken, which ends with its outermost element. */
static enum known take_file(struct claims *claims, const char *path,
			    const struct word *word)
{
	struct reader *reader = claims->reader;
	enum known known = read_file(reader, path);
	const char *last = word->pool ? "</network>" : "</domain>";
	struct buf text = {0};

	if (known != KNOWN)
		return known;
	buf_puts(&text, buf_str(&reader->text));
	if (word->pool)
		take_network(claims, buf_str(&text), word);
	else
		take_guest(claims, buf_str(&text), word);
	if (!strstr(buf_str(&text), last))
		known = MALFORMED;
	buf_free(&text);
	return known;
}

/* Have every file NAME.xml in @folder taken; worsen *known where one, or the
 * folder, could not be read. */
static void take_files(struct claims *claims, const char *folder, bool pool,
		       enum known *known)
{
	struct reader *reader = claims->reader;
	struct arena names = {0};
	struct listing listing;

	worsen(known, root_list(reader->root, NULL, folder, &names, &listing));
	for (unsigned i = 0; i < listing.count; i++) {
		const char *name = listing.names[i];
		if (!text_ends(name, ".xml"))
			continue;
		const char *path = arena_printf(reader->arena, "/%s/%s",
						folder, name);
		const struct word word = {
			"libvirt",
			arena_copy(reader->arena, name, strlen(name) - 4),
			path, pool,
		};
		worsen(known, take_file(claims, path + 1, &word));
	}
	arena_free(&names);
}

/* --- as a capture keeps it --- */

/* "WHO<tab>ADDRESS<tab>GUEST<tab>SOURCE" */
static void take_claim(struct claims *claims, char *line)
{
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
		if (strcmp(whos[i].kept, part[0]) == 0 &&
		    bdf_parse(part[1], &address) && *part[3] == '/')
			add_claim(claims, &(struct word){
				whos[i].who, part[2], part[3], whos[i].pool,
			}, address);
}

/* "guests known" and "networks denied": what became of looking. */
static const char guests_word[] = "guests ", pools_word[] = "networks ";

static const char *word_of(enum known known)
{
	return known_is_settled(known) ? "known" :
	       known == DENIED ? "denied" : "unread";
}

static bool take_known(const char *line, const char *word, enum known *known)
{
	if (!text_starts(line, word))
		return false;
	line += strlen(word);
	*known = text_starts(line, "known") ? KNOWN :
		 text_starts(line, "denied") ? DENIED : UNREAD;
	return true;
}

static void take_kept(struct claims *claims)
{
	struct reader *reader = claims->reader;
	struct usage *usage = &reader->system->usage;
	enum known known = read_file(reader, "vfiotop/claims");
	struct buf text = {0};
	const char *at, *line;
	size_t len;

	/* Captures of old tell of guests only, and not whether all could be
	 * read. */
	usage->claims_known = known == KNOWN && reader->system->host.root ?
				      KNOWN : UNREAD;
	usage->pools_known = UNREAD;
	if (known != KNOWN)
		return;
	buf_add(&text, buf_str(&reader->text), reader->text.len);
	at = buf_str(&text);
	while (text_line(&at, buf_end(&text), &line, &len))
		if (!take_known(line, guests_word, &usage->claims_known) &&
		    !take_known(line, pools_word, &usage->pools_known))
			take_claim(claims,
				   arena_copy(reader->arena, line, len));
	buf_free(&text);
}

static void look(struct claims *claims)
{
	struct usage *usage = &claims->reader->system->usage;

	usage->claims_known = usage->pools_known = KNOWN;
	read_reservations(claims);
	take_files(claims, "run/libvirt/qemu", false, &usage->claims_known);
	take_files(claims, "etc/libvirt/qemu/networks", true,
		   &usage->pools_known);
	buf_printf(&claims->note, "%s%s\n%s%s\n", guests_word,
		   word_of(usage->claims_known), pools_word,
		   word_of(usage->pools_known));
}

void read_claims(struct reader *reader)
{
	struct claims claims = { .reader = reader };

	if (read_looks(reader, "vfiotop/claims")) {
		bool teed = root_hush(reader->root, true);
		look(&claims);
		root_hush(reader->root, teed);
		root_note(reader->root, "vfiotop/claims", claims.note.data,
			  claims.note.len);
	} else {
		take_kept(&claims);
	}
	buf_free(&claims.note);
}
