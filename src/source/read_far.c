// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tells by which network a block device comes, where no PCI device of this
 * machine has it: iSCSI, nbd, NVMe over fabrics …  It asks no server.
 *
 * Source: drivers/scsi/scsi_transport_iscsi.c; drivers/scsi/iscsi_tcp.c, whose
 * hosts hang on no hardware; drivers/nvme/host/fabrics.c, nvmf_get_address();
 * drivers/block/aoe/aoeblk.c, aoedisk_show_netif(); drivers/scsi/fcoe/fcoe.c,
 * whose hosts hang on a network interface.
 */
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "source/read_block.h"

/* Add an end and return it, to be filled; NULL where there is no room. */
static struct far_end *add_end(struct owners *owners, const char *by,
			       const char *source)
{
	if (owners->end_count == MOST_ENDS) {
		owners->lost = true;
		return NULL;
	}
	struct far_end *end = &owners->ends[owners->end_count++];
	*end = (struct far_end){ by, source, "", "", "", source };
	return end;
}

/* Return the name in @path that follows @mark, up to the next slash; NULL where
 * the mark is not there. */
static const char *name_behind(struct reader *reader, const char *path,
			       const char *mark)
{
	const char *at = strstr(path, mark);

	return at ? arena_copy(reader->arena, at + strlen(mark),
			       strcspn(at + strlen(mark), "/")) : NULL;
}

static const char *last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool is_number(const char *text)
{
	uint64_t number;

	return num_parse(text, 10, &number);
}

/* The text of an attribute, "" where it cannot be read. */
static const char *text_of(struct reader *reader, const char *folder,
			   const char *name)
{
	struct fact_text text = read_text(
		reader, NULL,
		arena_printf(reader->arena, "%s/%s", folder, name));

	return text.known == KNOWN ? text.value : "";
}

/* --- iSCSI --- */

/* Name the interface that the session was bound to; where there is none, it
 * is found by the routes. */
static void find_bound(struct reader *reader, const char *host,
		       struct far_end *end)
{
	const char *name = text_of(reader, host, "netdev");

	if (!*name || strchr(name, '/') ||
	    read_exists(reader, NULL,
			arena_printf(reader->arena, "sys/class/net/%s", name))
			    .known != KNOWN)
		return;
	end->interface = name;
	end->way = arena_printf(reader->arena, "/%s/netdev", host);
}

static void add_connection(struct reader *reader, const char *name,
			   const char *host, struct owners *owners)
{
	const char *folder = arena_printf(reader->arena,
					  "sys/class/iscsi_connection/%s",
					  name);
	struct far_end *end = add_end(
		owners, "iSCSI",
		arena_printf(reader->arena, "/%s/address", folder));

	if (!end)
		return;
	end->address = text_of(reader, folder, "address");
	/* A connection that is lost for a moment has no peer. */
	if (!*end->address)
		end->address = text_of(reader, folder, "persistent_address");
	end->local = text_of(reader, host, "ipaddress");
	find_bound(reader, host, end);
}

/* …/platform/host3/session1/target3:0:0/3:0:0:0/block/sda */
static bool find_iscsi(struct reader *reader, const char *real,
		       struct owners *owners)
{
	const char *session = name_behind(reader, real, "/session");
	const char *host = name_behind(reader, real, "/host");
	unsigned before = owners->end_count;
	struct arena names = {0};
	struct listing listing;

	if (!session || !host || !is_number(session))
		return false;
	const char *wanted = arena_printf(reader->arena, "connection%s:",
					  session);
	const char *folder = arena_printf(reader->arena,
					  "sys/class/iscsi_host/host%s", host);
	root_list(reader->root, NULL, "sys/class/iscsi_connection", &names,
		  &listing);
	for (unsigned i = 0; i < listing.count; i++)
		if (text_starts(listing.names[i], wanted))
			add_connection(reader, listing.names[i], folder,
				       owners);
	if (owners->end_count == before)
		add_end(owners, "iSCSI",
			arena_printf(reader->arena, "/sys/class/block/%s",
				     last_name(real)));
	arena_free(&names);
	return true;
}

/* --- NVMe over fabrics --- */

/* "10.0.2.9" of "traddr=10.0.2.9,trsvcid=4420" for "traddr="; "" for none. */
static const char *option(struct reader *reader, const char *list,
			  const char *name)
{
	size_t width = strlen(name);

	while (*list && !text_starts(list, name)) {
		list += strcspn(list, ",");
		list += *list == ',';
	}
	return *list ? arena_copy(reader->arena, list + width,
				  strcspn(list + width, ",")) : "";
}

/* The adapter of fibre channel by whose port it comes: "nn-0x…:pn-0x…". */
static void find_port(struct reader *reader, const char *port,
		      const char *through, struct owners *owners)
{
	const char *wanted = strstr(port, ":pn-");
	struct arena names = {0};
	struct listing listing;
	int device = NONE;

	root_list(reader->root, NULL, "sys/class/fc_host", &names, &listing);
	for (unsigned i = 0; wanted && i < listing.count; i++) {
		const char *folder = arena_printf(reader->arena,
						  "sys/class/fc_host/%s",
						  listing.names[i]);
		if (strcmp(text_of(reader, folder, "port_name"),
			   wanted + strlen(":pn-")) == 0)
			device = device_behind(reader, folder);
	}
	arena_free(&names);
	if (device == NONE)
		owners->lost = true;
	else
		owners_add(reader, owners, device, through);
}

/* …/virtual/nvme-fabrics/ctl/nvme1/nvme1n1 */
static bool find_fabrics(struct reader *reader, const char *real,
			 const char *through, struct owners *owners)
{
	const char *name = name_behind(reader, real, "/nvme-fabrics/ctl/");

	if (!name)
		return false;
	const char *folder = arena_printf(reader->arena, "sys/class/nvme/%s",
					  name);
	const char *transport = text_of(reader, folder, "transport");
	const char *address = text_of(reader, folder, "address");
	if (strcmp(transport, "loop") == 0)
		return true;	/* of this very machine */
	if (strcmp(transport, "fc") == 0) {
		find_port(reader, option(reader, address, "host_traddr="),
			  through, owners);
		return true;
	}
	struct far_end *end = add_end(
		owners, arena_printf(reader->arena, "NVMe over %s",
				     *transport ? transport : "fabrics"),
		arena_printf(reader->arena, "/%s/transport", folder));
	if (end) {
		end->address = option(reader, address, "traddr=");
		end->local = option(reader, address, "src_addr=");
		end->interface = option(reader, address, "host_iface=");
		end->way = arena_printf(reader->arena, "/%s/address", folder);
	}
	return true;
}

/* --- by name --- */

/* "eth0,eth1": one end for each. */
static void find_aoe(struct reader *reader, const char *block,
		     const char *source, struct owners *owners)
{
	const char *list = text_of(
		reader, arena_printf(reader->arena, "sys/class/block/%s",
				     block), "netif");

	do {
		size_t len = strcspn(list, ",");
		struct far_end *end = add_end(owners, "AoE", source);
		if (end) {
			end->interface = arena_copy(reader->arena, list, len);
			end->way = arena_printf(reader->arena, "%s/netif",
						source);
		}
		list += len;
		list += *list == ',';
	} while (*list);
}

/* …/block/nbd0/nbd0p1 */
static bool find_named(struct reader *reader, const char *real,
		       struct owners *owners)
{
	/* DRBD goes on over what is below it too; without its peer it may
	 * still wait for it. */
	static const struct { const char *prefix, *by; } kinds[] = {
		{ "nbd", "nbd" }, { "rbd", "Ceph" }, { "drbd", "DRBD" },
		{ "etherd!", "AoE" },
	};
	const char *block = name_behind(reader, real, "/block/");
	const char *source = arena_printf(reader->arena, "/sys/class/block/%s",
					  last_name(real));

	for (size_t i = 0; block && i < sizeof kinds / sizeof *kinds; i++) {
		if (!text_starts(block, kinds[i].prefix))
			continue;
		if (strcmp(kinds[i].by, "AoE") == 0)
			find_aoe(reader, block, source, owners);
		else
			add_end(owners, kinds[i].by, source);
		return true;
	}
	return false;
}

/* By what its folder lies in: of a VLAN that carries FCoE, or of a USB port
 * that is another machine's. */
static bool find_placed(struct reader *reader, const char *real,
			struct owners *owners)
{
	const char *interface = name_behind(reader, real, "/virtual/net/");
	bool usb = strstr(real, "/vhci_hcd.") != NULL;

	if (!interface && !usb)
		return false;
	struct far_end *end = add_end(
		owners, usb ? "USB/IP" : "FCoE",
		arena_printf(reader->arena, "/sys/class/block/%s",
			     last_name(real)));
	if (end && interface)
		end->interface = interface;
	return true;
}

void far_find(struct reader *reader, const char *real, const char *through,
	      struct owners *owners)
{
	if (!find_iscsi(reader, real, owners) &&
	    !find_fabrics(reader, real, through, owners) &&
	    !find_named(reader, real, owners))
		find_placed(reader, real, owners);
}
