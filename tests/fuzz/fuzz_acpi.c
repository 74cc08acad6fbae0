// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An ACPI table of a stranger, tried as each of the three.
 */
#include "fuzz.h"

#include "decode/acpi.h"

static uint64_t walk_scopes(const struct scope_entry *scopes, unsigned count)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < count; i++) {
		FUZZ_CHECK(scopes[i].path_count <= 8);
		for (unsigned step = 0; step < scopes[i].path_count; step++)
			sum += scopes[i].path[step].device;
	}
	return sum;
}

static void try_dmar(struct arena *arena, const uint8_t *bytes, size_t len)
{
	struct dmar dmar;

	dmar_decode(arena, bytes, len, &dmar);
	FUZZ_CHECK(dmar.known == KNOWN || !dmar.whole);
	FUZZ_CHECK(dmar.unit_count <= len / 16);
	for (unsigned i = 0; i < dmar.unit_count; i++)
		walk_scopes(dmar.units[i].scopes, dmar.units[i].scope_count);
	for (unsigned i = 0; i < dmar.region_count; i++)
		walk_scopes(dmar.regions[i].scopes,
			    dmar.regions[i].scope_count);
}

static void try_ivrs(struct arena *arena, const uint8_t *bytes, size_t len)
{
	struct ivrs ivrs;

	ivrs_decode(arena, bytes, len, &ivrs);
	FUZZ_CHECK(ivrs.known == KNOWN || !ivrs.whole);
	FUZZ_CHECK(ivrs.mmio_count <=
		   ivrs.ivhd10 + ivrs.ivhd11 + ivrs.ivhd40);
	for (unsigned i = 1; i < ivrs.mmio_count; i++)
		FUZZ_CHECK(ivrs.mmio_bases[i - 1] < ivrs.mmio_bases[i]);
	for (unsigned i = 0; i < ivrs.ivmd_count; i++)
		FUZZ_CHECK(ivrs.ivmds[i].type >= 0x20 &&
			   ivrs.ivmds[i].type <= 0x22);
}

static void try_viot(struct arena *arena, const uint8_t *bytes, size_t len)
{
	struct viot viot;

	viot_decode(arena, bytes, len, &viot);
	FUZZ_CHECK(viot.known == KNOWN || !viot.whole);
	FUZZ_CHECK(viot.pci_ranges + viot.virtio_pci + viot.virtio_mmio <=
		   viot.nodes);
}

static void try_iort(const uint8_t *bytes, size_t len)
{
	struct iort iort;

	iort_decode(bytes, len, &iort);
	FUZZ_CHECK(iort.known == KNOWN || !iort.whole);
	FUZZ_CHECK(iort.unmapped <= iort.root_complexes);
	FUZZ_CHECK(iort.smmus + iort.its + iort.root_complexes + iort.rmrs <=
		   iort.nodes + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena arena = {0};

	try_dmar(&arena, bytes, len);
	try_ivrs(&arena, bytes, len);
	try_viot(&arena, bytes, len);
	try_iort(bytes, len);
	arena_free(&arena);
	return 0;
}
