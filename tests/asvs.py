"""What OWASP ASVS 5.0 asks of signing in and of what lies around it, and what shows it.

Level 2, of the parts on cookies, headers, passwords, second proofs, visits, access, what
stays in a browser, and events. The page docs/security.md shows the table; a test keeps
the two alike, and looks for every test by its name.
"""

from dataclasses import dataclass

ON_THE_LOOPBACK = "comes with HTTPS: it is served on the loopback address alone so far"


@dataclass(frozen=True)
class Row:
    """One or more requirements: how they are held, and the tests that show it.

    Where there is no test, ``but`` says why not.
    """

    numbers: str
    asks: str
    held: str
    tests: tuple[str, ...] = ()
    but: str = ""

    @property
    def line(self) -> str:
        """Return the row as the page shows it."""
        shown = "; ".join((*(f"`{name}`" for name in self.tests), self.but)).strip("; ")
        return f"| {self.numbers} {self.asks} | {self.held} | {shown} |"


COOKIES = "test_every_cookie_is_out_of_reach_of_scripts_and_of_other_sites"
POLICY = "test_every_page_is_kept_out_of_caches_and_under_the_policy"
BY_HAND = "test_the_other_way_in_and_what_becomes_of_each_part_of_it"
LOCKS = "test_twelve_bad_tries_lock_one_account_and_not_its_neighbour"
ALONE = "test_a_password_alone_lets_nobody_in"
AGAIN = "test_before_a_way_in_is_changed_one_shows_again_who_one_is"
REFUSED = "test_a_password_that_is_tried_first_is_refused"
MATRIX = "test_an_address_answers_each_person_as_its_row_says"

ROWS = (
    Row(
        "3.3.1",
        "cookies are `Secure`",
        "not yet",
        but=ON_THE_LOOPBACK,
    ),
    Row("3.3.2", "`SameSite`", "`Lax` on every cookie", (COOKIES,)),
    Row("3.3.3", "`__Host-`", "not yet", but=ON_THE_LOOPBACK),
    Row("3.3.4", "`HttpOnly`", "every cookie", (COOKIES,)),
    Row("3.4.1", "HSTS", "not yet", but=ON_THE_LOOPBACK),
    Row("3.4.3, 3.4.6", "content policy, frames", "on every page", (POLICY,)),
    Row("3.4.4, 3.4.5", "nosniff, referrer", "on every page", (POLICY,)),
    Row(
        "3.5.3",
        "looking changes nothing",
        "but that, and on which day, somebody was shown what the other had opened, and "
        "that recovery codes are shown once",
        ("test_looking_changes_nothing_in_the_store_but_the_chain",),
    ),
    Row(
        "6.1.1",
        "limits are written down",
        "[guide/signing-in.md](guide/signing-in.md): five tries, five minutes, one account",
        (LOCKS, "test_a_lock_outlasts_a_restart_and_ends"),
    ),
    Row(
        "6.2.1, 6.2.9",
        "length of passwords",
        "12 to 128 characters, taken whole",
        (REFUSED, "test_a_long_password_is_taken_whole"),
    ),
    Row(
        "6.2.12",
        "known passwords",
        "the 20,000 that are tried first are refused, without asking anybody",
        (REFUSED,),
    ),
    Row(
        "6.3.1",
        "guessing",
        "locks that account, also for second proofs and recovery codes, and nobody else at "
        "the same address; tries of invitations are limited, and one that is open is let in",
        (
            LOCKS,
            "test_five_wrong_recovery_codes_lock_one_account_and_not_its_neighbour",
            "test_what_others_try_keeps_nobody_out",
            "test_bad_codes_are_limited_as_well",
            "test_tries_of_codes_are_limited",
            "test_whoever_tries_codes_without_end_is_asked_to_wait",
        ),
    ),
    Row(
        "6.3.3",
        "two proofs",
        "no page is reached without a passkey that asks who one is, or a password and a "
        "code",
        (
            ALONE,
            "test_the_second_visit_of_somebody_without_a_way_in_leads_nowhere_else",
            "test_a_device_that_does_not_ask_who_one_is_signs_nobody_in",
        ),
    ),
    Row(
        "6.4.3",
        "a reset skips no proof",
        "nothing is reset: there is no address to write to; a new password needs the old "
        "one, and lets nobody in alone",
        (
            "test_nobody_signs_up_and_nothing_is_mailed",
            "test_a_new_password_ends_the_other_visits",
        ),
    ),
    Row(
        "6.4.4",
        "a lost proof",
        "a recovery code beside the password, or another passkey; without a password, a "
        "recovery code and one's own code, to make another way in and for nothing else: as "
        "strong as the invitation that began the account, and no stronger; nobody else can "
        "let one in, nor hand one's seat to somebody",
        (
            "test_a_recovery_code_works_once",
            "test_a_recovery_code_lets_in_who_has_only_a_passkey_to_make_another_way_in",
            "test_a_recovery_code_alone_is_not_enough_where_there_is_a_password",
            AGAIN,
            "test_once_a_seat_is_taken_there_is_no_invitation_to_it",
        ),
    ),
    Row(
        "6.5.1",
        "codes work once",
        "also in another process",
        (
            "test_a_code_works_once_also_in_another_process",
            "test_a_recovery_code_works_once",
            BY_HAND,
        ),
    ),
    Row(
        "6.5.2",
        "recovery codes",
        "made of a seed that is sealed with a key of the ring, not hashed: our reading",
        ("test_seeds_lie_sealed",),
    ),
    Row(
        "6.5.5",
        "codes hold half a minute",
        "with no tolerance",
        ("test_a_code_holds_for_half_a_minute",),
    ),
    Row(
        "7.2.4",
        "a new visit",
        "with signing in, and another key with showing again who one is",
        (
            "test_a_new_visit_begins_with_signing_in",
            "test_a_visit_has_another_key_once_one_has_shown_again_who_one_is",
        ),
    ),
    Row(
        "7.3.1",
        "idle",
        "half an hour; what a page asks by itself does not count",
        (
            "test_a_visit_ends_when_idle_and_a_page_that_asks_by_itself_keeps_none_going",
        ),
    ),
    Row(
        "7.3.2",
        "at most",
        "twelve hours, whatever is kept in a visit later",
        ("test_a_visit_ends_after_twelve_hours_however_busy",),
    ),
    Row(
        "7.4.1",
        "leaving ends a visit",
        "for good: its cookies are of no use",
        ("test_leaving_ends_a_visit_for_good",),
    ),
    Row(
        "7.4.2",
        "a closed account",
        "nothing to hold",
        but="no account can be closed yet: deleting what one has written leaves it open",
    ),
    Row(
        "7.4.3",
        "after a change of ways in",
        "one is offered to end the others; a new password ends them at once",
        (
            "test_after_a_change_of_how_one_signs_in_one_is_offered_to_end_the_others",
            "test_a_new_password_ends_the_other_visits",
            BY_HAND,
        ),
    ),
    Row(
        "7.5.1",
        "before a way in changes",
        "one shows again who one is: a passkey is both proofs; of the other two, one will "
        "do in a visit that began with both: our reading",
        (
            AGAIN,
            "test_a_first_password_is_chosen_by_whoever_shows_again_who_they_are",
            BY_HAND,
        ),
    ),
    Row(
        "7.5.2",
        "one's own visits",
        "are seen, and ended once one has shown again who one is",
        (
            "test_one_sees_and_ends_ones_own_visits_and_nobody_elses",
            "test_before_a_visit_is_ended_one_shows_again_who_one_is",
        ),
    ),
    Row("8.2.1, 8.3.1", "access by page", "decided by the program alone", (MATRIX,)),
    Row(
        "8.2.2",
        "access by object",
        "somebody else's is as if it were not there",
        ("test_what_is_not_ones_own_looks_as_if_it_were_not_there",),
    ),
    Row(
        "8.2.3",
        "access by field",
        "every field of every table",
        ("test_a_field_is_seen_by_those_who_may_and_by_nobody_else",),
    ),
    Row(
        "8.4.1",
        "between pairs",
        "nothing of a pair reaches anybody else",
        ("test_nothing_of_a_pair_reaches_anybody_else",),
    ),
    Row(
        "14.2.1",
        "addresses",
        "the code of an invitation, a name and an answer are in none",
        (
            "test_a_code_stands_in_no_address",
            "test_what_is_looked_for_is_in_no_address_and_kept_nowhere",
        ),
    ),
    Row(
        "14.3.1",
        "what stays in a browser",
        "`Clear-Site-Data` with leaving; once a visit is over, its pages go from the "
        "screen, unless answers in them wait to be sent",
        ("test_leaving_ends_a_visit_for_good", BY_HAND),
    ),
    Row("14.3.2", "caches", "`no-store` on every page", (POLICY,)),
    Row(
        "16.2.5",
        "no content in events",
        "ids only; no request is logged",
        (
            "test_sign_ins_and_refusals_are_noted_without_content",
            "test_nothing_is_logged_of_what_anybody_writes_or_looks_at",
        ),
    ),
    Row(
        "16.3.1",
        "sign-ins are noted",
        "also refused ones, of either proof, once a day",
        (
            "test_sign_ins_and_refusals_are_noted_without_content",
            "test_a_wrong_code_alone_is_noted",
        ),
    ),
    Row(
        "16.3.2",
        "refused access is noted",
        "it is not",
        but="what is not one's own is answered as what is not there: a note would tell "
        "the two apart, and be a mark that one person leaves in what is of two others",
    ),
    Row(
        "16.4.2",
        "events stay as they are",
        "triggers refuse every change; each has the digest of the one before",
        (
            "test_plain_sql_cannot_change_the_chain",
            "test_a_change_anywhere_is_found_where_it_is",
        ),
    ),
)
