"""What the client came for, over HTTP, as two people use it."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from app_people import CRISIS, NOW
from duologue.store import actions, queries
from duologue.store.models import FilledForm, GoalWording
from stories import GOAL
from visitors import at

REF = "ref-of-ann"
ITEM_9 = "Thoughts that you would be better off dead"
HELP = "Need someone now?"


def send(visitor, name, *args, **fields):
    return visitor.post(reverse(name, args=[REF, *args]), fields)


def main(page):
    """Return what stands on a page, without what stands on every page."""
    found = re.search(r"<main.*</main>", page, re.DOTALL).group()
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def page_of(visitor):
    return main(at(visitor, "came-for", REF))


def form_of(visitor, day="2026-03-30"):
    return main(at(visitor, "filled-form", REF, "phq9", day))


@pytest.fixture
def client(visitors):
    return visitors["client"]


@pytest.fixture
def therapist(visitors):
    return visitors["therapist"]


def test_a_goal_is_proposed_accepted_rated_and_seen_by_both(world, client, therapist):
    send(client, "propose-goal", words="To say no.")
    assert "You propose" in page_of(client)
    assert "ann-code proposes" in page_of(therapist)
    wording = queries.goals(queries.find_pair(world.ann, REF)).new[0].waits.ref

    send(therapist, "answer-goal", wording=wording, do="accept")
    goal = queries.goals(queries.find_pair(world.ann, REF)).in_force[0].ref
    send(client, "rate-goals", session="3", **{f"goal-{goal}": "6"})

    for visitor in (client, therapist):
        assert "Rated 6 of 10 after session 3." in page_of(visitor)
        assert "To say no." in main(at(visitor, "together", REF))


def test_setting_aside_leaves_it_in_the_history_of_both(world, client, therapist):
    send(therapist, "propose-goal", words="To say no.")
    wording = GoalWording.objects.get().ref

    send(client, "answer-goal", wording=wording, do="set_aside")

    for visitor in (client, therapist):
        assert "To say no. Set aside on 30 March 2026." in page_of(visitor)


def test_other_words_and_rest_are_put_to_the_other(told, client, therapist):
    send(therapist, "propose-goal", goal=GOAL, words="To say much.")
    assert "other words: To say much." in page_of(client)
    send(therapist, "answer-goal", wording=_waits(), do="take_back")
    send(client, "propose-goal", goal=GOAL, rests="on")
    assert "proposes to let it rest" in page_of(therapist)

    send(therapist, "answer-goal", wording=_waits(), do="accept")

    assert "Rests since 30 March 2026." in page_of(client)
    assert "None is written down yet" in page_of(client)


def _waits():
    return GoalWording.objects.get(accepted_on=None, set_aside_on=None).ref


def test_a_rating_that_was_not_touched_is_not_sent_again(told, client):
    page = at(client, "came-for", REF)
    assert f'name="was-{GOAL}" value=""' in page  # session 3 is not rated
    send(client, "rate-goals", session="3", **{f"goal-{GOAL}": "5", f"was-{GOAL}": ""})

    send(client, "rate-goals", session="3", **{f"was-{GOAL}": "5"})
    assert "to 5 of 10 after session 3" in page_of(client)
    send(client, "rate-goals", session="3", **{f"goal-{GOAL}": "", f"was-{GOAL}": "5"})
    assert "Rated 4 of 10 after session 1." in page_of(client)


def test_the_client_takes_an_earlier_rating_back_and_it_is_gone_for_both(
    told, client, therapist
):
    send(client, "rate-goals", session="3", **{f"goal-{GOAL}": "5"})
    page = at(client, "came-for", REF)
    assert "After session 1: 4 Take it back" in main(page)
    assert f'name="was-{GOAL}" value="4"' in page
    assert "Take it back" not in page_of(therapist)

    send(
        client,
        "rate-goals",
        session="1",
        **{f"goal-{GOAL}": "", f"was-{GOAL}": "4"},
    )

    for visitor in (client, therapist):
        assert "Rated 5 of 10 after session 3." in page_of(visitor)


@pytest.mark.parametrize(
    ("name", "args", "fields"),
    [
        ("propose-goal", (), {"words": " "}),
        ("propose-goal", (), {"words": "x" * 300}),
        ("answer-goal", (), {"wording": "x", "do": "tear up"}),
        ("rate-goals", (), {"session": "3", "goal-no-such": "3"}),
        ("rate-goals", (), {"session": "three", f"goal-{GOAL}": "3"}),
        ("rate-goals", (), {"session": "9" * 5000, f"goal-{GOAL}": "3"}),
        ("rate-goals", (), {"session": "3", f"goal-{GOAL}": "3.7"}),
        ("rate-goals", (), {"session": "3", f"goal-{GOAL}": "1_0"}),
        ("form-rhythm", ("phq9",), {"every": "9" * 5000}),
        ("rate-goals", (), {"session": "3", f"goal-{GOAL}": "eleven"}),
        ("save-form", ("phq9",), {}),
        ("save-form", ("phq9",), {"item-1": "much"}),
        ("save-form", ("phq9",), {"item-1": "7"}),
        ("form-rhythm", ("phq9",), {"every": "15"}),
        ("form-rhythm", ("phq9",), {"every": "often"}),
    ],
)
def test_what_cannot_be_read_is_refused_kindly_and_changes_nothing(
    told, client, name, args, fields
):
    before = page_of(client)

    answered = send(client, name, *args, **fields)

    assert answered.status_code == 409
    assert page_of(client) == before


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("form", ("no-such",)),
        ("form", ("arm5",)),
        ("filled-form", ("phq9", "2026-03-29")),
        ("filled-form", ("phq9", "today")),
        ("filled-form", ("arm5", "2026-03-30")),
        ("filled-form", ("x\0", "2026-03-30")),
    ],
)
def test_a_form_that_is_not_there_is_as_if_it_were_not_there(told, client, name, args):
    assert client.get(reverse(name, args=[REF, *args])).status_code == 404


# Item 9 -------------------------------------------------------------------------


def test_before_a_form_it_is_said_who_sees_it_and_that_nobody_reads_it_live(
    told, client
):
    said = main(at(client, "form", REF, "phq9"))

    assert "therapist-code sees each answer as you give it" in said
    assert "last had a form of yours on a screen on 30 March 2026" in said
    assert "Nobody reads it live, and no message is sent" in said
    assert "where help is shows here at once" in said
    assert "where help is shows here" not in main(at(client, "form", REF, "gad7"))


def test_an_item_above_the_least_shows_help_at_once_on_the_clients_own_screen(
    world, client
):
    kept = send(client, "save-form", "phq9", **{"item-9": "1"})
    page = main(client.get(kept.url).content.decode())

    assert page.index(HELP) < page.index("It is kept.")
    assert CRISIS in page
    assert "Samaritans: 116 123" in page
    assert HELP in page_of(client)


@pytest.mark.parametrize("answers", [{"item-9": "0"}, {"item-1": "3"}])
def test_where_nothing_asks_for_it_help_is_where_it_always_is(world, client, answers):
    kept = send(client, "save-form", "phq9", **answers)

    assert HELP not in main(client.get(kept.url).content.decode())
    assert HELP not in page_of(client)


def test_the_therapist_sees_the_item_unaltered_and_when_they_last_looked(
    told, client, therapist
):
    page = page_of(therapist)
    assert page.index("As they answered it") < page.index("Goals")
    assert f"{ITEM_9} or of hurting yourself in some way : Several days" in page
    assert "You have not looked at a form before today." in page
    assert HELP not in page
    assert "An answer on a form" in main(at(therapist, "people"))

    actions.note_shown(
        told.therapist,
        REF,
        now=NOW - timedelta(days=2),
        what="outcomes_shown",
    )
    assert "You last looked at forms on 28 March 2026" in page_of(therapist)


def test_a_later_nothing_takes_it_from_the_top_and_a_blank_does_not(
    told, client, therapist
):
    FilledForm.objects.update(day="2026-03-20")
    send(client, "save-form", "phq9", **{"item-1": "1"})
    assert "An answer on a form" in main(at(therapist, "people"))

    send(client, "save-form", "phq9", **{"item-1": "1", "item-9": "0"})

    # Nobody can say yet that the earlier one was looked at.
    assert "An answer on a form" in main(at(therapist, "people"))
    actions.note_shown(
        told.therapist, REF, now=NOW - timedelta(days=2), what="outcomes_shown"
    )
    assert "An answer on a form" not in main(at(therapist, "people"))
    assert "As they answered it" not in page_of(therapist)
    assert "As they answered it" in form_of(therapist, "2026-03-20")


def test_the_client_sees_on_which_day_the_therapist_last_looked(
    world, client, therapist
):
    send(client, "save-form", "gad7", **{"item-1": "1"})
    assert "has not had a form of yours on a screen so far" in page_of(client)

    at(therapist, "together", REF)

    assert "last had a form of yours on a screen on 30 March 2026" in page_of(client)
    # On the very day nobody can say what came first.
    page = main(at(client, "filled-form", REF, "gad7", "2026-03-30"))
    assert "they have not had a form of yours on a screen since" in page


def test_a_list_that_shows_no_answer_is_no_look_at_one(world, client, therapist):
    actions.fill_form(world.ann, REF, "phq9", {"9": 1.0}, now=NOW)

    assert "An answer on a form" in main(at(therapist, "people"))

    assert "has not had a form of yours on a screen so far" in page_of(client)


@pytest.mark.parametrize("name", ["before", "together", "they-see", "came-for"])
def test_a_goal_is_no_form(world, client, therapist, name):
    goal = queries.goals
    actions.propose_goal(world.ann, REF, "To say no.", now=NOW)
    waits = goal(queries.find_pair(world.ann, REF)).new[0].waits.ref
    actions.accept_goal(world.therapist, REF, waits, now=NOW)

    at(therapist, name, REF)

    assert "has not had a form of yours on a screen so far" in page_of(client)


def test_ones_own_need_is_no_look_at_the_others_answers(world, client, therapist):
    actions.reflect(world.therapist, REF, 3, {"need": ("quiet",)}, now=NOW)
    before = main(at(client, "they-see", REF))

    assert "you said" in main(at(therapist, "before", REF))

    assert main(at(client, "they-see", REF)) == before


@pytest.mark.parametrize("name", ["came-for", "together", "they-see"])
def test_whatever_shows_it_to_the_therapist_is_noted(world, client, therapist, name):
    actions.fill_form(world.ann, REF, "phq9", {"9": 1.0}, now=NOW)
    assert "has not had a form of yours on a screen" in page_of(client)

    at(therapist, name, REF)

    assert "last had a form of yours on a screen on 30 March 2026" in page_of(client)


def test_the_client_takes_their_form_to_another_program_and_nobody_else_can(
    told, client, therapist
):
    fields = {"item-1": "2", **{f"item-{i}": "0" for i in range(2, 10)}}
    client.post(reverse("save-form", args=[REF, "phq9"]), fields)
    address = reverse("form-to-take", args=[REF, "phq9", "2026-03-30"])
    assert address in at(client, "filled-form", REF, "phq9", "2026-03-30")
    assert address not in at(therapist, "filled-form", REF, "phq9", "2026-03-30")

    answered = client.get(address)

    named = answered.headers["Content-Disposition"]
    assert named == 'attachment; filename="form-2026-03-30.json"'
    found = json.loads(answered.content)
    response, total = [entry["resource"] for entry in found["entry"]]
    assert response["authored"] == total["effectiveDateTime"] == "2026-03-30"
    assert response["item"][0]["answer"][0]["valueCoding"]["code"] == "2"
    assert total["code"]["coding"][0]["code"] == "44261-6"
    assert total["valueQuantity"]["value"] == 2
    assert response["subject"] == response["author"] == response["source"]
    said = answered.content.decode()
    assert re.fullmatch(
        "client-[0-9a-f]{12}", response["subject"]["identifier"]["value"]
    )
    assert not any(code in said for code in (REF, "ann-code", "therapist"))
    assert therapist.get(address).status_code == 404


def test_a_form_that_is_deleted_is_gone_from_both_pages(told, client, therapist):
    send(client, "delete-form", "phq9", "2026-03-30")

    assert "As they answered it" not in page_of(therapist)
    for visitor in (client, therapist):
        assert ITEM_9 not in at(visitor, "together", REF)
        address = reverse("filled-form", args=[REF, "phq9", "2026-03-30"])
        assert visitor.get(address).status_code == 404


def test_what_is_due_is_asked_of_the_client_alone(world, client, therapist):
    asked = "There for you, if you like"
    assert asked in main(at(client, "together", REF))
    assert asked not in main(at(therapist, "together", REF))

    for name in ("phq9", "gad7", "phq4"):
        send(client, "form-rhythm", name, every="never")

    assert asked not in main(at(client, "together", REF))
    assert "Nothing is asked today." in page_of(client)


def test_a_total_stands_only_where_nothing_is_blank(world, client, therapist):
    send(client, "save-form", "gad7", **{f"item-{i}": "1" for i in range(1, 8)})
    assert "7 of 21" in page_of(therapist)

    FilledForm.objects.all().delete()
    send(client, "save-form", "gad7", **{f"item-{i}": "1" for i in range(1, 7)})

    assert "7 of 21" not in page_of(therapist)
    form = main(at(therapist, "filled-form", REF, "gad7", "2026-03-30"))
    assert "Something is blank, so nothing is added up." in form
    assert "left blank" in form


def test_in_supervision_there_is_no_such_page(visitors, world):
    address = reverse("came-for", args=[world.ref("sup")])

    assert visitors["therapist"].get(address).status_code == 404
    assert "came for" not in main(at(visitors["therapist"], "together", "ref-of-sup"))


def test_what_cannot_be_kept_is_given_back_with_help(world, client):
    actions.forget_all_of(world.ann, REF, now=NOW)
    assert "There for you" not in main(at(client, "together", REF))
    form = reverse("form", args=[REF, "phq9"])
    assert client.get(form).url == reverse("came-for", args=[REF])

    refused = send(client, "save-form", "phq9", **{"item-1": "2", "item-9": "1"})
    page = refused.content.decode()

    assert refused.status_code == 409
    assert "Not kept:" in page
    for item, value in (("1", "2"), ("9", "1")):
        chosen = rf'name="item-{item}" value="{value}"[^>]* checked'
        assert re.search(chosen, page)
    assert 'class="help-at-once shown"' in page
    assert not FilledForm.objects.exists()


def test_a_form_of_today_comes_up_as_it_stands(told, client):
    page = at(client, "form", REF, "phq9")

    assert re.search(r'name="item-2" value="2"[^>]* checked', page)


def test_a_form_that_is_not_known_any_more_is_shown_as_it_is(told, client, therapist):
    FilledForm.objects.update(instrument="gone")

    for visitor in (client, therapist):
        assert "30 March 2026: gone" in page_of(visitor)
        page = main(at(visitor, "filled-form", REF, "gone", "2026-03-30"))
        assert "not asked any more" in page
    assert "An answer on a form" in main(at(therapist, "people"))


# Before they meet ---------------------------------------------------------------


@pytest.mark.parametrize("role", ["client", "therapist"])
def test_before_they_meet_each_has_half_a_minute_of_what_they_may_see(
    told, visitors, role
):
    other = {"client": "therapist", "therapist": "client"}[role]
    page = main(at(visitors[role], "before", REF))

    assert f"an open line of the {other}" in page
    assert "a sealed line" not in page
    assert "To say what I want (made up). 4 of 10 after session 1" in page
    assert "You meet on Sunday 5 April, at 19:00." in page


def test_on_the_day_the_list_leads_there(told, therapist):
    assert "Before you meet today" not in main(at(therapist, "people"))

    actions.move_session(told.therapist, REF, 4, NOW + timedelta(hours=2), now=NOW)

    assert "Before you meet today" in main(at(therapist, "people"))


def test_with_nothing_to_look_at_it_says_so(world, client):
    assert "There is nothing to look at yet." in main(at(client, "before", REF))
