"""``pantau demo``: the main job on bundled input."""

from __future__ import annotations

import typer

from pantau.cli.app import Exit, app, console, home_of
from pantau.cli.status import table
from pantau.demo import run_demo
from pantau.home import Home


@app.command()
def demo(context: typer.Context) -> None:
    """Play the main job on small sites of our own: crawl, judge, index and mail.

    Works in the folder demo of the home, which it clears first. Ends with what became of
    every page; a wrong or missing mail makes it fail.
    """
    home = Home(home_of(context).root / "demo")
    console.print("Serving small invented sites on this machine, and reading them …")
    played = run_demo(home)
    console.print(table(played.told))
    for mail in played.mails:
        console.print(f"{mail.recipient:<28} {mail.subject}", markup=False, highlight=False)
    console.print(
        f"{len(played.mails)} mails in {home.mail}\n"
        f"index: {home.index}   state: {home.root / 'state.sqlite'}\n"
        f'search it: pantau --home {home.root} search "camat"\n'
        f"run again on the same pages: {played.repeated} further mails; "
        f"{played.seconds:.0f} s in all",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    for line in played.differences:
        console.print(line, style="red", markup=False, highlight=False)
    if played.differences or played.repeated:
        raise typer.Exit(Exit.FAILED)
    console.print("Every labelled act was mailed once, and nothing else.", style="green")
