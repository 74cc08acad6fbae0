// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the firmware describes: ACPI tables, by name and content, and the
 * devicetree as far as it tells whether there is an SMMU.
 *
 * Documentation/ABI/testing/sysfs-firmware-acpi, -ofw.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "decode/acpi.h"
#include "source/read.h"

#define TABLES "sys/firmware/acpi/tables"

static enum known read_table(struct reader *reader, const char *name)
{
	char path[96];

	snprintf(path, sizeof path, TABLES "/%.16s", name);
	return read_file(reader, path);
}

static void decode_table(struct reader *reader, struct acpi_name *table)
{
	struct host *host = &reader->system->host;
	const uint8_t *bytes;
	bool dmar = strcmp(table->name, "DMAR") == 0;
	bool ivrs = strcmp(table->name, "IVRS") == 0;
	bool viot = strcmp(table->name, "VIOT") == 0;
	bool iort = strcmp(table->name, "IORT") == 0;

	if (!dmar && !ivrs && !viot && !iort)
		return;
	table->content = read_table(reader, table->name);
	bytes = (const uint8_t *)buf_str(&reader->text);
	if (dmar)
		host->dmar.known = table->content;
	else if (ivrs)
		host->ivrs.known = table->content;
	else if (viot)
		host->viot.known = table->content;
	else
		host->iort.known = table->content;
	if (table->content != KNOWN)
		return;
	if (dmar)
		dmar_decode(reader->arena, bytes, reader->text.len,
			    &host->dmar);
	else if (ivrs)
		ivrs_decode(reader->arena, bytes, reader->text.len,
			    &host->ivrs);
	else if (viot)
		viot_decode(reader->arena, bytes, reader->text.len,
			    &host->viot);
	else
		iort_decode(bytes, reader->text.len, &host->iort);
}

/* Whether the folder of firmware shows anything, and ACPI is not of it. */
static bool has_other_firmware(struct reader *reader)
{
	struct arena names = {0};
	struct listing listing;
	enum known known = root_list(reader->root, NULL, "sys/firmware",
				     &names, &listing);
	bool others = known == KNOWN && listing.count;

	for (unsigned i = 0; known == KNOWN && i < listing.count; i++)
		if (strcmp(listing.names[i], "acpi") == 0)
			others = false;
	arena_free(&names);
	return others;
}

static void read_tables(struct reader *reader)
{
	struct host *host = &reader->system->host;
	struct arena names = {0};
	struct listing listing;

	host->dmar.known = host->ivrs.known = host->viot.known = UNREAD;
	host->iort.known = UNREAD;
	host->tables_known =
		root_list(reader->root, NULL, TABLES, &names, &listing);
	host->tables_source = "/" TABLES;
	/* An empty folder is a mask, as in a container, and so is a missing
	 * one, unless other firmware shows beside. */
	if (host->tables_known == ABSENT)
		host->tables_known = has_other_firmware(reader) ?
					     ABSENT : UNREAD;
	else if (host->tables_known == KNOWN && !listing.count)
		host->tables_known = UNREAD;
	struct acpi_name *tables = arena_array(
		reader->arena, listing.count + 1u, sizeof *tables);
	for (unsigned i = 0; i < listing.count; i++) {
		struct acpi_name *table = &tables[host->table_count];
		if (strcmp(listing.names[i], "data") == 0 ||
		    strcmp(listing.names[i], "dynamic") == 0 ||
		    strlen(listing.names[i]) > 16)
			continue;
		table->name = text_safe(reader->arena, listing.names[i],
					strlen(listing.names[i]));
		table->content = UNREAD;
		decode_table(reader, table);
		host->table_count++;
	}
	host->tables = tables;
	if (host->tables_known == KNOWN) {
		enum known *decoded[] = { &host->dmar.known,
					  &host->ivrs.known,
					  &host->viot.known,
					  &host->iort.known };
		static const char *const wanted[] = { "DMAR", "IVRS", "VIOT",
						      "IORT" };
		for (size_t i = 0; i < 4; i++)
			if (system_has_table(reader->system, wanted[i]) ==
			    ABSENT)
				*decoded[i] = ABSENT;
	}
	arena_free(&names);
}

/* A node named smmu or iommu at the top of the devicetree or its bus. */
static void read_devicetree(struct reader *reader)
{
	static const char *const folders[] = {
		"sys/firmware/devicetree/base",
		"sys/firmware/devicetree/base/soc",
		"sys/firmware/devicetree/base/soc@0",
	};
	struct host *host = &reader->system->host;
	struct arena names = {0};
	struct listing listing;

	host->devicetree = read_exists(reader, NULL, folders[0]);
	host->devicetree_smmu = (struct fact_num){ host->devicetree.known, 0 };
	if (host->devicetree.known != KNOWN)
		return;
	host->devicetree_smmu.known = ABSENT;
	for (size_t i = 0; i < 3; i++) {
		root_list(reader->root, NULL, folders[i], &names, &listing);
		for (unsigned n = 0; n < listing.count; n++)
			if (strstr(listing.names[n], "smmu") ||
			    text_starts(listing.names[n], "iommu"))
				host->devicetree_smmu =
					(struct fact_num){ KNOWN, 1 };
	}
	arena_free(&names);
}

void read_firmware(struct reader *reader)
{
	read_tables(reader);
	read_devicetree(reader);
}
