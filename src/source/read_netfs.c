// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Keeps which file systems and swap of the host come over the network: those
 * of the network (NFS, CIFS, Ceph), and those on a disk that does.  By which
 * interface is found by read_network.c.
 */
#include "source/read_netfs.h"

#include <libmount.h>
#include <string.h>

#include "base/text.h"
#include "model/storage.h"

static const char *safe(struct reader *reader, const char *text)
{
	return text ? text_safe(reader->arena, text, strlen(text)) : "";
}

/* The address of the server: "addr=10.0.0.1" of NFS and CIFS, "10.0.0.1:6789:/"
 * of Ceph; "" where neither is there (9p, sshfs).  fs/nfs/super.c,
 * nfs_show_mount_options(); fs/smb/client/cifsfs.c, cifs_show_address(). */
static const char *server_of(struct reader *reader, struct libmnt_fs *fs)
{
	const char *source = mnt_fs_get_source(fs);
	char *address = NULL;
	size_t len = 0;

	if (mnt_fs_get_option(fs, "addr", &address, &len) == 0 && address)
		return text_safe(reader->arena, address, len);
	return source ? text_safe(reader->arena, source, strcspn(source, ":")) :
			"";
}

static void add(struct reader *reader, struct netfs *netfs,
		const struct net_mount *mount)
{
	struct usage *usage = &reader->system->usage;
	struct net_mount *all = arena_grow(
		reader->arena, (void *)(uintptr_t)usage->net_mounts,
		usage->net_mount_count, &netfs->room, sizeof *all);

	usage->net_mounts = all;
	all[usage->net_mount_count++] = *mount;
}

/* One for each way by which it comes. */
static void add_ends(struct reader *reader, struct netfs *netfs,
		     const struct owners *owners, struct net_mount mount)
{
	for (unsigned i = 0; i < owners->end_count; i++) {
		const struct far_end *end = &owners->ends[i];
		mount.by = end->by;
		mount.source = end->source;
		mount.address = end->address;
		mount.local = end->local;
		mount.interface = end->interface;
		mount.way = end->way;
		add(reader, netfs, &mount);
	}
}

/* The last one on a mount point is the one seen there. */
static void cover(struct usage *usage, const char *target)
{
	struct net_mount *all = (void *)(uintptr_t)usage->net_mounts;
	unsigned kept = 0;

	for (unsigned i = 0; i < usage->net_mount_count; i++)
		if (strcmp(all[i].what, target) != 0)
			all[kept++] = all[i];
	usage->net_mount_count = kept;
}

void netfs_mount(struct reader *reader, struct netfs *netfs,
		 struct libmnt_fs *fs, const struct owners *owners,
		 const char *source)
{
	struct net_mount mount = {
		.what = safe(reader, mnt_fs_get_target(fs)),
		.type = safe(reader, mnt_fs_get_fstype(fs)),
		.by = "", .local = "", .interface = "", .way = "",
		.source = source,
	};

	cover(&reader->system->usage, mount.what);
	if (mnt_fs_is_netfs(fs)) {
		mount.address = server_of(reader, fs);
		add(reader, netfs, &mount);
	}
	add_ends(reader, netfs, owners, mount);
	netfs->lost |= owners->lost && storage_is_vital(mount.what);
}

void netfs_swap(struct reader *reader, struct netfs *netfs,
		const struct owners *owners)
{
	add_ends(reader, netfs, owners,
		 (struct net_mount){ .what = "swap", .type = "swap" });
	netfs->lost |= owners->lost;
}

/* "/ nfs4", "/ ext4, iSCSI", "swap, nbd" */
static const char *describe(struct reader *reader,
			    const struct net_mount *mount)
{
	struct buf text = {0};

	buf_puts(&text, mount->what);
	if (strcmp(mount->type, mount->what) != 0)
		buf_printf(&text, " %s", mount->type);
	if (*mount->by)
		buf_printf(&text, ", %s", mount->by);
	const char *described = arena_text(reader->arena, buf_str(&text));
	buf_free(&text);
	return described;
}

void netfs_tell(struct reader *reader, const struct netfs *netfs)
{
	struct usage *usage = &reader->system->usage;
	const struct net_mount *mount = storage_far(usage, 0);
	enum known known = !known_is_settled(usage->storage_known) ?
				   usage->storage_known :
			   netfs->lost ? UNREAD : ABSENT;

	usage->network_root = (struct fact_text){
		mount ? KNOWN : known, mount ? describe(reader, mount) : "",
	};
}
