"""The thread in which the browser lives, with the loop that Playwright keeps running."""

from concurrent.futures import ThreadPoolExecutor

STAGE = ThreadPoolExecutor(max_workers=1, thread_name_prefix="chromium")


def on_stage(action, **given):
    """Do something where the browser lives, and return what comes of it."""
    return STAGE.submit(action, **given).result()
