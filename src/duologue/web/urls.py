"""Every address of the app."""

from django.urls import path

from duologue.web.about import views as about
from duologue.web.account import views as account
from duologue.web.frame import calendar_views as calendar
from duologue.web.frame import views as frame
from duologue.web.people import views as people
from duologue.web.reflect import views as reflect
from duologue.web.room import views as room
from duologue.web.together import views as together

handler404 = "duologue.web.middleware.nothing_here"

urlpatterns = [
    path("", people.people, name="people"),
    path("about/", about.about, name="about"),
    path("help/", about.help_now, name="help"),
    path("sign-in/", account.sign_in, name="sign-in"),
    path("enter/<str:link>/", account.enter, name="enter"),
    path("leave/", account.leave, name="leave"),
    path("with/<str:ref>/", together.together, name="together"),
    path("with/<str:ref>/ours/", together.ours, name="ours"),
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
