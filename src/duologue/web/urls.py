"""Every address of the app."""

from django.urls import path

from duologue.web.about import views as about
from duologue.web.account.urls import urlpatterns as account
from duologue.web.agreement import views as agreement
from duologue.web.came_for import views as came_for
from duologue.web.consent import views as consent
from duologue.web.frame import calendar_views as calendar
from duologue.web.frame import views as frame
from duologue.web.people import views as people
from duologue.web.practice import views as practice
from duologue.web.preferences import views as preferences
from duologue.web.private import views as private
from duologue.web.reach import views as reach
from duologue.web.recordings import looking
from duologue.web.recordings import views as recordings
from duologue.web.reflect import views as reflect
from duologue.web.reminder import views as reminder
from duologue.web.room import views as room
from duologue.web.together import views as together
from duologue.web.transcripts import said_views as said
from duologue.web.transcripts import views as transcripts

handler400 = "duologue.web.middleware.not_read"
handler403 = "duologue.web.middleware.nothing_here"
handler404 = "duologue.web.middleware.nothing_here"
handler500 = "duologue.web.middleware.fault"

urlpatterns = [
    path("", people.people, name="people"),
    path("wondered/", people.wondered, name="wondered"),
    path("about/", about.about, name="about"),
    path("help/", about.help_now, name="help"),
    path("help/telling/", about.telling, name="telling"),
    *account,
    path("practice/", practice.practice, name="practice"),
    path("practice/forms/", practice.practice_forms, name="practice-forms"),
    path("practice/forms/remove/", practice.remove_pack, name="remove-pack"),
    path("practice/invite/", practice.invite, name="invite"),
    path("with/<str:ref>/invitation/", practice.invitation, name="invitation"),
    path(
        "with/<str:ref>/invitation/end/", practice.end_invitation, name="end-invitation"
    ),
    path("with/<str:ref>/", together.together, name="together"),
    path("with/<str:ref>/ours/", together.ours, name="ours"),
    path("with/<str:ref>/paper/", together.paper, name="paper"),
    path("with/<str:ref>/before/", together.before, name="before"),
    path("with/<str:ref>/wonder/", together.wonder, name="wonder"),
    path("with/<str:ref>/mine/", together.mine, name="mine"),
    path("with/<str:ref>/they-see/", together.what_they_see, name="they-see"),
    path("with/<str:ref>/choices/", together.choices, name="choices"),
    path("with/<str:ref>/choices/unsaid/", together.share_unsaid, name="share-unsaid"),
    path("with/<str:ref>/choices/card/", together.card, name="card"),
    path("with/<str:ref>/room/", room.room, name="room"),
    path("with/<str:ref>/room/now/", room.room_now, name="room-now"),
    path("with/<str:ref>/room/code/", room.show_code, name="show-code"),
    path("with/<str:ref>/room/tap/", room.tap, name="tap"),
    path("with/<str:ref>/room/close/", room.close, name="close-room"),
    path("with/<str:ref>/<int:number>/", together.session, name="session"),
    path(
        "with/<str:ref>/<int:number>/ours/", together.session_ours, name="session-ours"
    ),
    path("with/<str:ref>/<int:number>/reflect/", reflect.reflect, name="reflect"),
    path("with/<str:ref>/<int:number>/save/", reflect.save, name="save"),
    path("with/<str:ref>/<int:number>/willing/", together.willing, name="willing"),
    path(
        "with/<str:ref>/<int:number>/take-back/", together.take_back, name="take-back"
    ),
    path("with/<str:ref>/<int:number>/later/", together.later, name="later"),
    # Pages of one's own, and how people can be reached.
    path("with/<str:ref>/private/", private.pages, name="private"),
    path("with/<str:ref>/private/write/", private.write, name="write-page"),
    path("with/<str:ref>/private/find/", private.find, name="find-pages"),
    path("with/<str:ref>/private/<str:page>/", private.page, name="private-page"),
    path("with/<str:ref>/private/<str:page>/edit/", private.edit, name="edit-page"),
    path(
        "with/<str:ref>/private/<str:page>/remove/", private.remove, name="remove-page"
    ),
    path("with/<str:ref>/<int:number>/aftercare/", private.aftercare, name="aftercare"),
    path(
        "with/<str:ref>/<int:number>/aftercare/keep/",
        private.keep_aftercare,
        name="keep-aftercare",
    ),
    path("with/<str:ref>/reach/", reach.reach, name="reach"),
    path("with/<str:ref>/choices/reach/", reach.share, name="share-reach"),
    path("me/note/", reminder.reminder, name="reminder"),
    path("me/note/keep/", reminder.keep, name="keep-reminder"),
    path("me/note/end/", reminder.end, name="end-reminder"),
    path("me/reach/", reach.my_reach, name="my-reach"),
    path("me/reach/keep/", reach.keep, name="keep-reach"),
    path("me/reach/delete/", reach.delete, name="delete-reach"),
    # The agreement, consent, and how the client would like to work.
    path("with/<str:ref>/agreement/", agreement.agreement, name="agreement"),
    path("with/<str:ref>/agreement/propose/", agreement.propose, name="propose"),
    path(
        "with/<str:ref>/agreement/answer/",
        agreement.answer_proposal,
        name="answer-proposal",
    ),
    path("with/<str:ref>/consent/", consent.consent, name="consent"),
    path("with/<str:ref>/consent/say/", consent.say, name="say-consent"),
    path("with/<str:ref>/consent/forget/", consent.forget_all, name="forget-all"),
    path("with/<str:ref>/recordings/", recordings.recordings, name="recordings"),
    path(
        "with/<str:ref>/recordings/delete/",
        recordings.delete_recording,
        name="delete-recording",
    ),
    path(
        "with/<str:ref>/recordings/<int:number>/<str:modality>/",
        looking.recording,
        name="recording",
    ),
    path(
        "with/<str:ref>/recordings/<int:number>/<str:modality>/series/",
        looking.series,
        name="recording-series",
    ),
    path("with/<str:ref>/transcripts/", transcripts.transcripts, name="transcripts"),
    path(
        "with/<str:ref>/transcripts/seat/",
        transcripts.seat_transcript,
        name="seat-transcript",
    ),
    path(
        "with/<str:ref>/transcripts/delete/",
        transcripts.delete_transcript,
        name="delete-transcript",
    ),
    path(
        "with/<str:ref>/transcripts/<int:number>/", said.transcript, name="transcript"
    ),
    path(
        "with/<str:ref>/transcripts/<int:number>/mark/",
        said.mark_here_and_now,
        name="mark-here-and-now",
    ),
    path("with/<str:ref>/preferences/", preferences.preferences, name="preferences"),
    path(
        "with/<str:ref>/preferences/together/", preferences.look, name="look-together"
    ),
    path("with/<str:ref>/preferences/save/", preferences.save, name="save-preferences"),
    path(
        "with/<str:ref>/preferences/share/",
        preferences.share,
        name="share-preferences",
    ),
    # What the client came for.
    path("with/<str:ref>/came-for/", came_for.came_for, name="came-for"),
    path("with/<str:ref>/came-for/propose/", came_for.propose, name="propose-goal"),
    path("with/<str:ref>/came-for/answer/", came_for.answer, name="answer-goal"),
    path("with/<str:ref>/came-for/rate/", came_for.rate, name="rate-goals"),
    path("with/<str:ref>/came-for/reviewed/", came_for.reviewed, name="goals-reviewed"),
    path("with/<str:ref>/form/<str:instrument>/", came_for.form, name="form"),
    path("with/<str:ref>/form/<str:instrument>/save/", came_for.save, name="save-form"),
    path(
        "with/<str:ref>/form/<str:instrument>/rhythm/",
        came_for.rhythm,
        name="form-rhythm",
    ),
    path(
        "with/<str:ref>/form/<str:instrument>/<str:day>/",
        came_for.filled_form,
        name="filled-form",
    ),
    path(
        "with/<str:ref>/form/<str:instrument>/<str:day>/take/",
        came_for.form_to_take,
        name="form-to-take",
    ),
    path(
        "with/<str:ref>/form/<str:instrument>/<str:day>/delete/",
        came_for.delete,
        name="delete-form",
    ),
    # The frame.
    path("with/<str:ref>/sessions/", frame.sessions, name="sessions"),
    path("with/<str:ref>/sessions/add/", frame.add_session, name="add-session"),
    path("with/<str:ref>/sessions/calendar/", calendar.calendar, name="calendar"),
    path(
        "with/<str:ref>/sessions/calendar/choose/",
        calendar.choose,
        name="calendar-choose",
    ),
    path("with/<str:ref>/sessions/calendar/look/", calendar.look, name="calendar-look"),
    path(
        "with/<str:ref>/sessions/calendar/follow/",
        calendar.follow,
        name="calendar-follow",
    ),
    path("with/<str:ref>/<int:number>/frame/", frame.frame, name="frame"),
    path("with/<str:ref>/<int:number>/frame/note/", frame.note, name="note-frame"),
    path("with/<str:ref>/<int:number>/frame/move/", frame.move, name="move-session"),
    path(
        "with/<str:ref>/<int:number>/remove/",
        frame.remove_session,
        name="remove-session",
    ),
]
