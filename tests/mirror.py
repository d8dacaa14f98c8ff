"""Exchange the two seats of a course: what was the client's becomes the other's."""

from dataclasses import replace

from duologue.records import Course, Item, Prompts, Seat


def swapped_prompts(prompts: Prompts) -> Prompts:
    """Exchange the wording, ends and options of the two seats in every item."""
    return replace(prompts, items=tuple(_swapped_item(i) for i in prompts.items))


def swapped_course(course: Course) -> Course:
    """Exchange the two people; E1 gives measures and goals no twin, so none are kept."""
    dyad = course.dyad
    return replace(
        course,
        dyad=replace(dyad, client=dyad.therapist, therapist=dyad.client),
        prompts=swapped_prompts(course.prompts),
        sessions=tuple(
            replace(s, by=s.by.other if s.by else None) for s in course.sessions
        ),
        reflections=tuple(
            sorted(
                (replace(r, seat=r.seat.other) for r in course.reflections),
                key=lambda r: (r.session, r.seat),
            )
        ),
        measures=(),
        goals=(),
        frame=tuple(replace(e, by=e.by.other if e.by else None) for e in course.frame),
        turns=tuple(
            replace(
                t,
                segments=tuple(
                    replace(s, seat=s.seat.other if s.seat else None)
                    for s in t.segments
                ),
            )
            for t in course.turns
        ),
        recorded=tuple(
            replace(
                r,
                motion=replace(
                    r.motion, client=r.motion.therapist, therapist=r.motion.client
                ),
            )
            for r in course.recorded
        ),
    )


def _swapped_item(item: Item) -> Item:
    def other(of):
        return {seat: of[seat.other] for seat in Seat if seat.other in of}

    return replace(
        item,
        text=other(item.text),
        ends=other(item.ends),
        flip=item.flip.other if item.flip else None,
        options=other(item.options),
    )
