"""Draw the picture of the README from the made-up practice, and write it.

Run as ``.venv/bin/python docs/make_picture.py``. It shows how safe each of a made-up
pair felt, session by session, with their seam below: apart, and stitched.
"""  # noqa: INP001  (docs is no package)

from html import escape
from pathlib import Path

from duologue import instruments
from duologue.faces import as_svg
from duologue.records import Kind
from duologue.relationship import Finding, read
from duologue.sharing import seen_together
from duologue.simulate import DEMO_SEED, SCENARIOS, course

TARGET = Path(__file__).parent / "pictures" / "the-two-of-them.svg"
SCENARIO = "rupture-and-mend"
WIDTH, HEIGHT = 760, 452
LEFT, INNER = 20, 640
PAPER, INK, SOFT, EDGE = "#fbf9f4", "#24242b", "#585863", "#dedace"
SERIF = "Charter, Cambria, Georgia, serif"


def picture() -> str:
    """Return the picture as one SVG, with a light ground of its own."""
    made = course(
        SCENARIOS[SCENARIO], instruments.prompts(Kind.THERAPY), seed=DEMO_SEED
    )
    found = {f.id: f for f in read(seen_together(made)).findings}
    trust, apart = found["ours.safe"], found["ours.apart"]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" aria-labelledby="t d">'
        f'<title id="t">{escape(trust.title)}: a made-up pair</title>'
        f'<desc id="d">{escape(apart.sentence)}</desc>'
        f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="12" '
        f'fill="{PAPER}" stroke="{EDGE}"/>'
        + _words(44, trust.title, size=23, ink=INK)
        + _words(67, "Two views of the same hours, and the seam between them.")
        + _words(44, "a made-up pair", x=WIDTH - 28, anchor="end")
        + _chart(trust, y=84)
        + _words(330, apart.title, size=18, ink=INK)
        + _chart(apart, y=338)
        + "</svg>\n"
    )


def _words(
    y: int,
    text: str,
    *,
    x: int = 28,
    size: int = 14,
    ink: str = SOFT,
    anchor: str = "start",
) -> str:
    return (
        f'<text x="{x}" y="{y}" font-family="{SERIF}" font-size="{size}" fill="{ink}" '
        f'text-anchor="{anchor}">{escape(text)}</text>'
    )


def _chart(finding: Finding, *, y: int) -> str:
    """Return one chart at its place; both run over the same sessions, so they align."""
    assert finding.chart is not None  # noqa: S101 - both findings have one
    drawn = as_svg.draw(finding.chart, id_prefix=finding.id, width=INNER)
    place = f'x="{LEFT}" y="{y}" width="{WIDTH - 2 * LEFT}" color="{SOFT}" '
    place += f'height="{HEIGHT}" preserveAspectRatio="xMinYMin" '
    return drawn.replace("<svg ", f"<svg {place}", 1)


if __name__ == "__main__":
    TARGET.write_text(picture(), encoding="utf-8")
