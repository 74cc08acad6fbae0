// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_ROOT_H
#define SOURCE_ROOT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "model/system.h"
#include "source/folder.h"
#include "source/recall.h"
#include "source/silence.h"
#include "source/tree.h"

/*
 * The reading door: the one place through which a machine is read, be it
 * this one, a directory, a capture or a dump.  Every look-up stays inside the
 * root.  Paths are relative, as on the machine without the leading slash.
 *
 * Answers are enum known: KNOWN; ABSENT when the folder was looked into and
 * the name is not there; DENIED; SILENT when the kernel did not answer in
 * time; UNREAD when nobody can say (not captured, or the read failed oddly:
 * see root_problems).
 */
struct root;

/*
 * Open what @path names: NULL or "/" is this machine, "-" a capture on
 * standard input, a directory, a capture, or an lspci dump.  NULL with *err
 * when it cannot be read.  The root owns everything; root_close ends it.
 */
struct root *root_open(const char *path, struct err *err);
void root_close(struct root *root);

/* The same for what a capture, a dump or a log holds, in memory; @name is
 * for the words. */
struct root *root_open_bytes(const char *name, const char *bytes, size_t len,
			     struct err *err);

/* The same for the capture that root has just made of this machine, for
 * somebody else: it is told to be the machine itself. */
struct root *root_open_lent(const char *bytes, size_t len, struct err *err);

/*
 * The same for what another process of this program read of the machine at
 * @path (NULL: this one) and packed; it is read as a capture is, and is told
 * to be the machine itself.
 */
struct root *root_open_parcel(const char *path, const char *bytes, size_t len);

/* How it is read; and what it is, as the system's origin has it. */
enum origin_kind root_kind(const struct root *root);
const struct origin *root_origin(const struct root *root);

/* Whether it was read with root's rights (live: now; capture: then). */
bool root_is_privileged(const struct root *root);

/* Enter the folder @path below @at (NULL: the root itself). */
enum known root_enter(struct root *root, const struct place *at,
		      const char *path, struct place *out);
void root_leave(struct root *root, struct place *place);

/*
 * Read at most @max bytes of a file into *out (emptied first).  Never waits
 * for input.
 */
enum known root_read(struct root *root, const struct place *at,
		     const char *path, size_t max, struct buf *out);

/* Read where a link points, as it is written. */
enum known root_link(struct root *root, const struct place *at,
		     const char *path, struct buf *out);

/* The names in a folder, sorted by bytes. */
enum known root_list(struct root *root, const struct place *at,
		     const char *path, struct arena *arena,
		     struct listing *out);

/* Whether a name is there, and its size as stat tells it; links are not
 * followed. */
enum known root_size(struct root *root, const struct place *at,
		     const char *path, uint64_t *size);

/* Who owns a name and may open it.  A capture keeps it in a file of its own
 * below vfiotop/owner, "MODE UID GID", since it holds no device nodes. */
enum known root_owner(struct root *root, const char *path,
		      struct owner *owner);

/* What VFIO's container says of itself; see source/container.h.  A capture
 * keeps it as "vfiotop/container". */
enum known root_container(struct root *root, struct buf *out);

/* The path of a folder with every link on the way resolved:
 * "sys/devices/pci0000:00/0000:00:02.0/drm/card0". */
enum known root_real(struct root *root, const struct place *at,
		     const char *path, struct buf *out);

/* The kernel's log, oldest first; *source gets where it came from. */
enum known root_log(struct root *root, struct buf *out, const char **source);

/*
 * Walk the initramfs at @path, so that what source/initramfs.h keeps of it can
 * be read below "vfiotop/initramfs", and is in every copy.  It takes as long
 * as unpacking it does.  KNOWN: it was walked, perhaps not to its end.
 */
enum known root_initramfs(struct root *root, const char *path);

/* Whether the image at @path says that it was made for the kernel @release.
 * KNOWN: it does, ABSENT: for another, or there is none; UNREAD: it does not
 * say. */
enum known root_initramfs_is_for(struct root *root, const char *path,
				 const char *release);

/* Take over what @from kept of an initramfs, where @root kept nothing. */
void root_carry_initramfs(struct root *root, const struct root *from);

/*
 * From now on keep a copy of everything that is read, and of every failure.
 * root_tree gives it, for archive_write.
 */
void root_tee(struct root *root);
struct tree *root_tree(struct root *root);

/* Stop the tee for a while (@quiet), or let it go on; returns whether it was
 * quiet before. */
bool root_hush(struct root *root, bool quiet);

/*
 * From now on call @note before each look (@begins) and after it, with the
 * path from the root, and do not look at what @silence covers: it is SILENT.
 * Both must live as long as the root.
 */
typedef void root_note_fn(void *context, const char *path, bool begins);
void root_heed(struct root *root, root_note_fn *note, void *context,
	       const struct silence *silence);

/*
 * From now on answer what does not stand in @news as the tree of @before did,
 * another reading of the same machine; see source/recall.h.  Both must live
 * as long as the root, and the tee be on, which hears these answers too.
 */
void root_recall(struct root *root, const struct root *before,
		 const struct uevents *news);

/* Whether the answer to @path would be one of these. */
bool root_recalls(const struct root *root, const char *path);

/* Put a file of our own into the copy, when there is one ("vfiotop/…"). */
void root_note(struct root *root, const char *path, const char *text,
	       size_t len);

/* The reads that failed for another reason than a missing name. */
const struct problem *root_problems(const struct root *root, unsigned *count);

#endif
