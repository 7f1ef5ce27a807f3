"""Sources, the live part: whether a key is found, what to pull, the pull that goes on, and what it brought."""

from datetime import UTC, datetime, time
from functools import partial
from shlex import quote
from zoneinfo import ZoneInfo

import streamlit as st

from lasthop.app.frame import show_error
from lasthop.app.live_account import account_choice, key_found
from lasthop.app.safe_text import counted, one_line, plain
from lasthop.app.screen import Screen
from lasthop.errors import LasthopError
from lasthop.explain import in_words, iso
from lasthop.live.job import Job, begin_job, job_of
from lasthop.live.progress import DETAILS, WHATS, Wants
from lasthop.live.sendgrid import connect, last_pull, missing_rights, start

_WHATS = {
    "logs": "Email Logs (30 days, every account)",
    "activity": "Email Activity (needs an add-on)",
    "suppressions": "Stop lists",
    "stats": "Statistics (totals only)",
}
_DETAILS = {
    "failed": "of what was not plainly delivered",
    "all": "of every message, one request each",
    "none": "of none: states without times",
}


def live_part(screen: Screen) -> None:
    """Draw it. Without a key it says how to give one; keys are never typed into the page."""
    # Open as long as there is a pull to watch, or to read about.
    pulled = job_of(screen.workspace) is not None
    with st.expander("Bring it from SendGrid", icon=":material/cloud_download:", expanded=pulled):
        if key_found() is None:
            return
        host, subuser, wants = _chosen(screen)
        with st.container(horizontal=True):
            test = st.button("Test the key", key="pull_test", icon=":material/key:")
            begin = st.button("Pull now", key="pull_now", type="primary", disabled=_going_on(screen) or not wants.what)
        if test:
            _test(host, subuser, wants)
        if begin:
            _begin(screen, host, subuser, wants)
        _watch(screen)
        _last(screen)
        st.caption("To pull again and again without gaps, for cron. It does not know the variables of your shell: keep "
                   "the key in `~/.streamlit/secrets.toml` or in the keyring.")  # fmt: skip
        st.code(_cron_line(screen, host, subuser, wants), language=None, wrap_lines=True)


def _going_on(screen: Screen) -> bool:
    job = job_of(screen.workspace)
    return bool(job and job.running)


def _chosen(screen: Screen) -> tuple[str, str | None, Wants]:
    with st.container(horizontal=True):
        host, subuser = account_choice("pull")
        since = st.date_input(f"Since ({screen.zone})", value=None, key="pull_since", help="Empty: all that is held.")
    what = st.pills("What", WHATS, selection_mode="multi", default=["logs", "suppressions"], key="pull_what",
                    format_func=_WHATS.__getitem__, wrap=True)  # fmt: skip
    details = st.selectbox("Every event", DETAILS, key="pull_details", format_func=_DETAILS.__getitem__)
    begins = datetime.combine(since, time(), ZoneInfo(screen.zone)) if since else None
    from_s = int(begins.astimezone(UTC).timestamp()) if begins else None
    return host, subuser, Wants(tuple(what), since=from_s, details=details)


def _test(host: str, subuser: str | None, wants: Wants) -> None:
    """Ask for the rights of the key, and say which are missing for what."""
    try:
        with st.spinner("Asking SendGrid for the rights of the key"):
            account = connect(host, subuser)
            missing = missing_rights(account, wants.what or WHATS)
    except LasthopError as error:
        show_error(error)
        return
    for right in missing:
        st.warning(plain(f"The key may not read {right.what}. {right.needs}"), title="A right is missing")
    if not missing:
        st.success("It may read everything that is chosen.", title="The key is good")


def _begin(screen: Screen, host: str, subuser: str | None, wants: Wants) -> None:
    workspace = screen.workspace
    try:
        begin_job(
            workspace,
            lambda stopped: connect(host, subuser, stopped),
            lambda account: start(workspace, account, wants),
        )
    except LasthopError as error:
        show_error(error)
        return
    st.rerun()


def _watch(screen: Screen) -> None:
    """The pull that goes on, looked at once a second, and what came of the last one."""
    job = job_of(screen.workspace)
    if job is None:
        return
    if job.running:
        st.fragment(partial(_progress, job), run_every=1.0)()
        return
    _came_of(job)


def _progress(job: Job) -> None:
    if not job.running:
        st.rerun()
    step = job.last
    st.progress(step.share if step else 0.0, text=plain(step.words if step else "asking for the rights of the key"))
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Stop", key="pull_stop", icon=":material/stop:", disabled=job.stopping):
            job.stop()
            st.rerun(scope="fragment")
        st.caption("It stores what it has, then stops." if job.stopping else
                   "It goes on when you leave the page, until the dashboard is closed.")  # fmt: skip


def _came_of(job: Job) -> None:
    if job.error:
        show_error(job.error)
        return
    step = job.last
    if step is None:
        return
    brought = step.brought
    asked = f"{counted(brought.rows, 'row')} in {counted(brought.windows, 'window')}"
    words = f"{asked}, {counted(brought.added, 'new event')}."
    st.success(plain(words), title=_ended(job, step.stage))
    if brought.totals:
        st.text("\n".join(f"{one_line(name)}: {count:,}" for name, count in brought.totals.items()))
    for note in brought.notes:
        st.text(one_line(note))
    if brought.cut:
        st.warning(
            f"In {counted(len(brought.cut), 'second')} SendGrid holds more messages than it tells: some are missing.",
            title="Not everything could be had",
        )
    for what, error in brought.refused.items():
        st.warning(plain(f"{error.message} {error.hint}"), title=plain(f"Not pulled: {_WHATS.get(what, what)}"))


def _ended(job: Job, stage: str) -> str:
    if stage == "stopped":
        return "Stopped; the next pull goes on from there"
    return "Pulled; everything had been asked for before the stop" if job.stopping else "Pulled"


def _last(screen: Screen) -> None:
    """What earlier pulls brought, a line each."""
    for one in last_pull(screen.workspace):
        when = f"ended {in_words(one.finished * 1000, screen.zone)}" if one.finished else "stopped before its end"
        more = "; the newest one was stopped" if one.stopped and one.finished else ""
        brought = f"{counted(one.rows, 'row')}, {counted(one.events, 'new event')}"
        st.text(one_line(f"{one.account}, {one.what}: {when}{more}; {brought}"))


def _cron_line(screen: Screen, host: str, subuser: str | None, wants: Wants) -> str:
    parts = ["17 * * * *", "lasthop pull sendgrid", f"--workspace {quote(str(screen.workspace.root))}"]
    parts += [f"--what {','.join(wants.what)}"] if wants.what else []
    parts += [f"--host {host}"] if host != "global" else []
    parts += [f"--subuser {quote(subuser)}"] if subuser else []
    parts += [f"--since {iso(wants.since * 1000)}"] if wants.since is not None else []
    parts += [f"--details {wants.details}"] if wants.details != "failed" else []
    return " ".join(parts)
