// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a person sees when the kernel does not come back, or a step fails: the
 * writer is played here, step by step.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <string.h>

#include "act/act.h"
#include "lib/stage.h"

/* The writer of this test, in place of act/act.c. */
struct act {
	struct progress progress[32];
	enum outcome outcome;
	const char *verdict;
};

static struct act writer;
static bool refuses, is_ended, has_returned;

struct act *act_start(const struct system *system, const struct plan *plan,
		      bool interactive, struct err *err)
{
	(void)system;
	(void)interactive;
	assert_true(plan->step_count < 32);
	if (refuses) {
		err_set(err, "Another vfiotop is at work.");
		return NULL;
	}
	writer = (struct act){ .outcome = OUTCOME_RUNNING, .verdict = "" };
	is_ended = false;
	for (unsigned i = 0; i < 32; i++)
		writer.progress[i].text = "";
	return &writer;
}

int act_fd(const struct act *act)
{
	(void)act;
	return 7;
}

int act_timeout(const struct act *act)
{
	(void)act;
	return 500;
}

enum outcome act_step(struct act *act)
{
	return act->outcome;
}

const struct progress *act_progress(const struct act *act, unsigned index)
{
	return &act->progress[index];
}

bool act_has_returned(const struct act *act)
{
	(void)act;
	return has_returned;
}

const char *act_verdict(const struct act *act)
{
	return act->verdict;
}

const struct system *act_result(const struct act *act, struct arena *arena)
{
	(void)act;
	(void)arena;
	return NULL;
}

void act_end(struct act *act)
{
	(void)act;
	is_ended = true;
}

static struct stage *stage;

static int set_up(void **state)
{
	(void)state;
	refuses = has_returned = false;
	stage = stage_set(100, 30);
	stage->scene = made_scene(&stage->arena, "desktop");
	/* As if it were the machine this runs on. */
	stage_system(stage)->origin.kind = ORIGIN_LIVE;
	stage_open(stage);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	end(stage);
	return 0;
}

/* What the writer did is seen at the next look. */
#define SHOWS(text) \
	do { \
		look(stage); \
		SEES(stage, text); \
	} while (0)

static void start(void)
{
	press(stage, "4 b");
	assert_int_equal(press(stage, "y"), EFFECT_ACT);
	app_begin(stage->app, true);
}

static void a_live_plan_is_no_rehearsal(void **state)
{
	(void)state;
	press(stage, "4 b");
	SHOWS("Bind group 13 to vfio-pci ─");
	look(stage);
	SEES_NOT(stage, "rehears");
}

static void a_plan_is_done_only_to_the_machine_it_was_made_for(void **state)
{
	struct scene other = made_scene(&stage->arena, "desktop");
	struct system *system = (struct system *)(uintptr_t)other.system;

	(void)state;
	assert_false(app_recheck(stage->app));
	press(stage, "4 b");
	assert_int_equal(press(stage, "y"), EFFECT_ACT);
	app_show(stage->app, &other);
	assert_true(app_recheck(stage->app));
	for (unsigned i = 0; i < system->device_count; i++)
		if (strcmp(system->devices[i].driver.value, "nvidia") == 0)
			system->devices[i].driver.value = "nouveau";
	app_show(stage->app, &other);
	assert_false(app_recheck(stage->app));
	SHOWS("The machine has changed meanwhile");
	SHOWS("nouveau → vfio-pci");
	assert_false(app_is_acting(stage->app));
}

static void the_loop_waits_for_the_writer(void **state)
{
	(void)state;
	assert_int_equal(app_fd(stage->app), -1);
	assert_int_equal(app_timeout(stage->app), -1);
	start();
	assert_int_equal(app_fd(stage->app), 7);
	assert_int_equal(app_timeout(stage->app), 500);
	assert_false(app_has_begun(stage->app));
	writer.progress[0].state = STEP_RUNNING;
	assert_true(app_has_begun(stage->app));
}

static void steps_are_seen_while_they_run(void **state)
{
	(void)state;
	start();
	writer.progress[0] = (struct progress){ STEP_DONE, 1250, "" };
	writer.progress[1].state = STEP_RUNNING;
	assert_int_equal(app_tick(stage->app), EFFECT_PAINT);
	SHOWS("✓ 1");
	SHOWS("1.2 s");
	SHOWS("running…");
	/* Nothing can be left or quit, but keys answer. */
	press(stage, "q");
	SHOWS("The plan is being carried out");
	press(stage, "Esc");
	SHOWS("The plan is being carried out");
	assert_true(app_is_acting(stage->app));
}

static void what_is_done_makes_the_machine_be_read(void **state)
{
	(void)state;
	start();
	writer.outcome = OUTCOME_DONE;
	writer.verdict = "Both devices are on vfio-pci.";
	assert_int_equal(app_tick(stage->app), EFFECT_READ);
	SHOWS("✓ Both devices are on vfio-pci.");
	press(stage, "Enter");
	assert_true(is_ended);
	assert_false(app_is_planning(stage->app));
}

/* A quick hand would else plan for the machine as it was before. */
static void no_plan_is_made_of_what_was_before_the_last_one(void **state)
{
	(void)state;
	start();
	writer.outcome = OUTCOME_DONE;
	assert_int_equal(app_tick(stage->app), EFFECT_READ);
	press(stage, "Enter b");
	SHOWS("What was just done has not been read yet");
	assert_false(app_is_planning(stage->app));
	app_show(stage->app, &stage->scene);
	press(stage, "b");
	SHOWS("Bind group 13 to vfio-pci");
}

static void a_failure_shows_why_and_what_was_taken_back(void **state)
{
	(void)state;
	start();
	writer.progress[0] = (struct progress){ STEP_UNDONE, 3, "" };
	writer.progress[1] = (struct progress){ STEP_FAILED, 20,
						"write: Device or resource busy" };
	writer.outcome = OUTCOME_ROLLED_BACK;
	writer.verdict = "Step 2 failed; all is as it was.";
	app_tick(stage->app);
	SHOWS("taken back");
	SHOWS("✗ 2");
	SHOWS("write: Device or resource busy");
	SHOWS("! Step 2 failed; all is as it was.");
}

static void a_stuck_step_leaves_the_keys_and_stops_all_writing(void **state)
{
	(void)state;
	start();
	press(stage, "Esc");
	SHOWS("it ends by itself");
	writer.progress[3] = (struct progress){
		STEP_STUCK, 15000, "process 4711 waits in the kernel" };
	writer.outcome = OUTCOME_STUCK;
	writer.verdict = "STUCK at step 4: nvidia has not let go of 01:00.0.";
	assert_int_equal(app_tick(stage->app), EFFECT_READ);
	SHOWS("✗ STUCK at step 4: nvidia has not let go of 01:00.0.");
	SHOWS("process 4711 waits in the kernel");
	look(stage);
	SEES_NOT(stage, "it ends by itself");
	assert_true(app_is_planning(stage->app));
	press(stage, "Esc");
	assert_false(is_ended);
	press(stage, "2");
	SHOWS("Address");
	assert_int_equal(press(stage, "R"), EFFECT_READ);
	press(stage, "/ R T X Enter b");
	SHOWS("nothing more is written before a restart");
	assert_int_equal(press(stage, "q"), EFFECT_QUIT);
}

static void a_stuck_step_that_comes_back_is_told(void **state)
{
	(void)state;
	start();
	writer.outcome = OUTCOME_STUCK;
	app_tick(stage->app);
	press(stage, "Esc");
	assert_int_equal(app_fd(stage->app), 7);
	assert_int_equal(app_tick(stage->app), EFFECT_NONE);
	has_returned = true;
	assert_int_equal(app_tick(stage->app), EFFECT_CHANGED);
	SHOWS("has come back from the step that was stuck");
	assert_true(is_ended);
	assert_int_equal(app_fd(stage->app), -1);
	app_show(stage->app, &stage->scene);
	press(stage, "4 b");
	SHOWS("Bind group 13 to vfio-pci");
}

static void yes_to_one_plan_is_no_yes_to_another(void **state)
{
	(void)state;
	press(stage, "4 b");
	assert_int_equal(press(stage, "y"), EFFECT_ACT);
	press(stage, "Esc b");
	assert_false(app_recheck(stage->app));
	assert_false(app_is_acting(stage->app));
}

/* A plan as history_recovery and recovery_finish make it. */
static const struct plan *made_recovery(bool finish, struct arena *own)
{
	struct plan *plan = arena_alloc(own, sizeof *plan);
	struct step *steps = arena_array(own, 2, sizeof *steps);

	for (unsigned i = 0; i < 2; i++)
		steps[i] = (struct step){
			.kind = STEP_WRITE, .value = "0000:01:00.0",
			.path = i ? "/sys/bus/pci/drivers/vfio-pci/bind" :
				    "/sys/bus/pci/drivers/nvidia/unbind",
			.before = { EXPECT_NOTHING, "", "" },
			.expect = { EXPECT_NOTHING, "", "" },
			.why = "", .deadline_s = 15, .device = NONE,
		};
	*plan = (struct plan){
		.title = finish ? "Finish: Bind group 13" :
				  "Take back: Bind group 13",
		.steps = steps, .step_count = 2, .recovers = !finish,
		.resumes = finish, .done = finish,
	};
	return plan;
}

static void recover(bool finish)
{
	struct arena own = {0};
	const struct plan *plan = made_recovery(finish, &own);

	app_recover(stage->app, plan, own);
}

static void an_interrupted_action_is_asked_about(void **state)
{
	(void)state;
	recover(false);
	assert_true(app_is_recovering(stage->app));
	SHOWS("Take back: Bind group 13");
	SHOWS("f finish it");
	SHOWS("x forget");
	assert_int_equal(press(stage, "f"), EFFECT_FINISH);
	recover(true);
	SHOWS("Finish: Bind group 13");
	SHOWS("✓ 1");
	assert_int_equal(press(stage, "t"), EFFECT_TAKE_BACK);
	assert_int_equal(press(stage, "y"), EFFECT_ACT);
	app_begin(stage->app, false);
	assert_true(app_is_acting(stage->app));
	/* Once it runs there is no other choice. */
	press(stage, "f");
	SHOWS("f does nothing here");
}

/* The same, with a gate; it is made again of the machine as it is now. */
static const struct plan *gated_recovery(enum gate_kind kind, struct arena *own)
{
	struct plan *plan = (struct plan *)(uintptr_t)made_recovery(false, own);
	struct gate *gate = arena_alloc(own, sizeof *gate);
	struct bdf address;

	assert_true(bdf_parse("0000:01:00.0", &address));
	*gate = (struct gate){
		.kind = kind, .id = "group-in-use-by-vm",
		.text = "qemu (process 7) has it.",
		.device = system_device(stage->scene.system, address),
	};
	plan->gates = gate;
	plan->gate_count = 1;
	return plan;
}

static bool recover_again(const struct plan *plan, struct arena own)
{
	const struct err err = { "It is gone." };

	return app_recover_again(stage->app, plan, own, &err);
}

static void an_open_gate_of_taking_back_wants_the_address(void **state)
{
	struct arena own = {0};
	const struct plan *plan = gated_recovery(GATE_SOFT, &own);

	(void)state;
	app_recover(stage->app, plan, own);
	SHOWS("asks for the word 01:00.0");
	assert_int_equal(press(stage, "y"), EFFECT_PAINT);
	press(stage, "n o Enter");
	SHOWS("That was not 01:00.0; nothing was done.");
	assert_int_equal(press(stage, "y 0 1 : 0 0 . 0 Enter"), EFFECT_ACT);
}

static void taking_back_is_looked_at_again(void **state)
{
	struct arena own = {0}, more = {0};
	const struct plan *plan = made_recovery(false, &own);

	(void)state;
	/* Nobody has confirmed anything. */
	recover(false);
	assert_false(recover_again(plan, own));
	assert_int_equal(press(stage, "y"), EFFECT_ACT);
	own = (struct arena){0};
	plan = made_recovery(false, &own);
	assert_true(recover_again(plan, own));
	plan = gated_recovery(GATE_HARD, &more);
	assert_false(recover_again(plan, more));
	SHOWS("The machine has changed meanwhile");
	SHOWS("qemu (process 7) has it.");
	assert_int_equal(press(stage, "y"), EFFECT_PAINT);
	assert_int_equal(press(stage, "f"), EFFECT_FINISH);
	recover(false);
	assert_int_equal(press(stage, "y"), EFFECT_ACT);
	assert_false(recover_again(NULL, (struct arena){0}));
	SHOWS("It is gone.");
	assert_false(app_is_planning(stage->app));
}

static void forgetting_asks_for_the_word(void **state)
{
	(void)state;
	recover(false);
	press(stage, "x n o Enter");
	SHOWS("Nothing was forgotten.");
	assert_int_equal(press(stage, "x f o r g e t Enter"), EFFECT_FORGET);
	app_recover(stage->app, NULL, (struct arena){0});
	assert_false(app_is_planning(stage->app));
	recover(false);
	press(stage, "Esc");
	assert_false(app_is_planning(stage->app));
	assert_int_equal(command(stage, "recover"), EFFECT_TAKE_BACK);
}

static void a_writer_that_cannot_start_says_why(void **state)
{
	(void)state;
	refuses = true;
	press(stage, "4 b y");
	app_begin(stage->app, true);
	SHOWS("Another vfiotop is at work.");
	assert_false(app_is_acting(stage->app));
	assert_int_equal(press(stage, "Esc"), EFFECT_PAINT);
}

#define STUCK_TEST(name) \
	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STUCK_TEST(a_live_plan_is_no_rehearsal),
		STUCK_TEST(a_plan_is_done_only_to_the_machine_it_was_made_for),
		STUCK_TEST(the_loop_waits_for_the_writer),
		STUCK_TEST(steps_are_seen_while_they_run),
		STUCK_TEST(what_is_done_makes_the_machine_be_read),
		STUCK_TEST(no_plan_is_made_of_what_was_before_the_last_one),
		STUCK_TEST(a_failure_shows_why_and_what_was_taken_back),
		STUCK_TEST(a_stuck_step_leaves_the_keys_and_stops_all_writing),
		STUCK_TEST(a_stuck_step_that_comes_back_is_told),
		STUCK_TEST(yes_to_one_plan_is_no_yes_to_another),
		STUCK_TEST(an_interrupted_action_is_asked_about),
		STUCK_TEST(an_open_gate_of_taking_back_wants_the_address),
		STUCK_TEST(taking_back_is_looked_at_again),
		STUCK_TEST(forgetting_asks_for_the_word),
		STUCK_TEST(a_writer_that_cannot_start_says_why),
	};

	setlocale(LC_ALL, "");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
