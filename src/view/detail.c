// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The page that belongs to what is under the cursor.  The pages of devices,
 * groups and units are in their own files.
 */
#include "view/detail.h"

#include "base/i18n.h"
#include "view/label.h"
#include "view/ref.h"
#include "view/verdict.h"
#include "view/view_finding.h"
#include "view/view_history.h"
#include "view/view_mdev.h"
#include "view/view_sessions.h"

bool detail_findings(const struct scene *scene, struct subject subject,
		     struct page *page)
{
	bool any = false;

	for (unsigned i = 0; i < scene->findings->count; i++) {
		const struct finding *finding = &scene->findings->items[i];
		if (!subject_is_same(finding->subject, subject) ||
		    finding->verdict == VERDICT_PASS ||
		    finding->verdict == VERDICT_NOT_HERE || finding->under)
			continue;
		char ref[REF_TEXT];
		page->ref = arena_text(page->arena,
				       ref_print(scene->system, subject,
						 finding->rule, ref));
		page_marked(page, verdict_mark(finding), ROLE_TEXT,
			    finding->title);
		page->ref = NULL;
		any = true;
	}
	return any;
}

/* Of the machine: what is believed to be the cause, else what else there
 * is. */
static void detail_machine(const struct scene *scene, struct page *page)
{
	const struct finding *finding =
		verdict_machine_first(scene, SEVERITY_BLOCKER);

	if (!finding)
		finding = verdict_machine_first(scene, SEVERITY_WARNING);
	if (!finding)
		finding = findings_cause(scene->findings);
	if (finding) {
		finding_page(scene, finding, page);
		return;
	}
	page_add(page, ROLE_DIM,
		 _("Nothing is said against this machine."));
	page_end(page);
}

bool detail_page(const struct scene *scene, const char *ref,
		 struct page *page)
{
	const struct finding *finding;
	const struct session *session = session_of_ref(scene, ref);
	struct subject subject;
	struct mdev_ref mdev;

	if (mdev_is_ref(ref) && mdev_find(scene, ref, &mdev)) {
		mdev_page(scene, &mdev, page);
		return true;
	}
	if (past_of_ref(scene, ref)) {
		past_page(scene, past_of_ref(scene, ref), page);
		return true;
	}
	if (session) {
		session_page(scene, session, page);
		return true;
	}
	if (!ref_find(scene, ref, &subject, &finding)) {
		page_printf(page, ROLE_DIM, _("%s is no longer there."), ref);
		page_end(page);
		return false;
	}
	if (finding)
		finding_page(scene, finding, page);
	else if (subject.scope == SCOPE_DEVICE)
		detail_device(scene, subject.index, page);
	else if (subject.scope == SCOPE_GROUP)
		detail_group(scene, subject.index, page);
	else if (subject.scope == SCOPE_IOMMU)
		detail_unit(scene, subject.index, page);
	else
		detail_machine(scene, page);
	return true;
}
