"""The parts of the message page below the verdict: ids, timeline, ties, stop lists, raw rows."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from lasthop.app import downloads
from lasthop.app.safe_text import counted, one_line
from lasthop.app.screen import Screen
from lasthop.app.tables import WRAPPED, instants, readable, time_column
from lasthop.explain import Dossier, in_words, symptoms
from lasthop.model.kinds import Kind
from lasthop.model.marks import MARKS, lane
from lasthop.model.outcomes import Outcome
from lasthop.pack.visible import visible
from lasthop.store.sources import Source
from lasthop.trace import Event, Message, Stage, Tie, stages
from lasthop.trace.identity import decode_message_id

_ONE_LINE = 40
_TIES = {
    "own": "",
    "exact": "same id",
    "high": "tied, high confidence",
    "medium": "tied, medium confidence",
    "ambiguous": "ambiguous: may belong to another message",
}


def heading(message: Message) -> None:
    """About what, to whom, from whom: as text, never as markup."""
    st.text(one_line(message.subject or "(no subject in the loaded data)"))
    sender = f"\nfrom {one_line(message.sender)}" if message.sender else ""
    st.text(f"to {one_line(message.recipient or '(no recipient)')}{sender}")


def notes(screen: Screen, known: Dossier) -> dict[str, str]:
    """What goes along with the files of the page."""
    return {
        "n": f"{counted(len(known.timeline), 'event')} of one message",
        "message": known.message.message,
        **downloads.stated(screen),
    }


def steps(known: Dossier, zone: str) -> pd.DataFrame:
    """The timeline in words, attempts with the same reply on one line."""
    folded = stages(known.timeline)
    return pd.DataFrame(
        {
            "line": range(1, len(folded) + 1),
            "first": instants(pd.Series([stage.first_ms for stage in folded], dtype="Int64")),
            "where": [lane(stage.kind) for stage in folded],
            "what": [_what(stage, zone) for stage in folded],
            "reply": [one_line(stage.reply or "") for stage in folded],
            "tie": [_TIES.get(stage.events[0]["tie"], "") for stage in folded],
        }
    )


def steps_table(known: Dossier, zone: str) -> None:
    """The timeline in words as a table."""
    folded = stages(known.timeline)
    st.dataframe(
        steps(known, zone),
        hide_index=True,
        alt="Timeline of the message, oldest first",
        row_height=WRAPPED if any(len(stage.reply or "") > _ONE_LINE for stage in folded) else None,
        column_config={
            "line": st.column_config.NumberColumn("Line", width=40, help="The verdict cites these numbers."),
            "first": time_column("When", zone),
            "where": st.column_config.TextColumn("Where", width=130),
            "what": st.column_config.TextColumn("What", width=170 if len(folded) == len(known.timeline) else 250),
            "reply": st.column_config.TextColumn("Reply", width=280),
            "tie": "Held to be this message by" if any(stage.events[0]["tie"] != "own" for stage in folded) else None,
        },
    )


def line_numbers(timeline: Sequence[Event]) -> dict[str, int]:
    """Event id -> the line of ``steps_table`` that holds it."""
    folded = enumerate(stages(list(timeline)), 1)
    return {event["event_id"]: line for line, stage in folded for event in stage.events}


def retried(known: Dossier) -> float | None:
    """The used share of the time in which a waiting message is retried; None when it is not waiting."""
    message = known.message
    if message.outcome is not Outcome.WAITING:
        return None
    return (known.as_of_ms - message.open_since_ms) / (message.gives_up_ms - message.open_since_ms)


def arrived_but(outcome: Outcome) -> None:
    """What may be seen although the mail was accepted, each with what it comes from and what to do."""
    if outcome not in (Outcome.ACCEPTED, Outcome.COMPLAINED):
        return
    with st.expander("It arrived, or should have, but …", icon=":material/help:"):
        st.caption("No event tells of these: pick what the recipient sees.")
        known = {cause.symptom: cause for cause in symptoms()}
        chosen = st.radio("What is seen", list(known), index=None, key="symptom", label_visibility="collapsed")
        if chosen:
            cause = known[chosen]
            st.text(f"{cause.says}\n\nWho can fix it: {cause.who}")
            for number, step in enumerate(cause.next_steps, 1):
                st.text(f"{number}. {step.in_words}")
            for limit in cause.limits:
                st.caption(limit)


def assumed_clock(timeline: Sequence[Event], loaded: Sequence[Source]) -> None:
    """Say once that the log does not tell the zone of its times, where that is so."""
    assumed = {event["source_id"] for event in timeline if event["time_basis"] == "assumed"}
    chosen = sorted({source.timezone for source in loaded if source.sha256 in assumed})
    if chosen:
        st.caption(f"Times of the application's log are read as {', '.join(chosen)}: chosen, not told by the log.")


def _what(stage: Stage, zone: str) -> str:
    words = MARKS[stage.kind].words if stage.kind in MARKS else one_line(stage.events[0]["kind_raw"] or stage.kind)
    if stage.kind == Kind.HOP and (host := stage.events[0]["host"]):
        words = f"{words} by {one_line(host)}"
    if stage.attempts < 2:
        return words
    return f"{words}, {counted(stage.attempts, 'attempt')} until {in_words(stage.last_ms, zone)[:19]}"


def last_reply(message: Message) -> None:
    """The newest reply of the other side, unaltered and ready to be copied."""
    if message.last_reply:
        st.subheader("Newest reply", anchor=False)
        st.code(visible(message.last_reply), language=None, wrap_lines=True)


def ids(message: Message, zone: str) -> None:
    """Every id under which some system knows the message, each with a copy button, and what SendGrid's id says."""
    st.subheader("Ids", anchor=False)
    known = {
        "X-Message-Id (SendGrid)": message.x_message_id,
        "sg_message_id (SendGrid)": message.provider_message_id,
        "Message-ID header": message.message_id_header,
        "Application request id": message.request_id,
        "lasthop": message.message,
    }
    for name, value in known.items():
        if value:
            with st.container(gap="xxsmall"):
                st.caption(name)
                st.code(visible(value), language=None, wrap_lines=True)
    if parts := decode_message_id(message.provider_message_id):
        st.caption(
            f"Decoded from sg_message_id (inferred, SendGrid does not document it): made at "
            f"{in_words(parts.created_ms, zone)}, recipient {parts.recipient_index + 1} of its request."
        )


def ties_table(found: Sequence[Tie], timeline: Sequence[Event], notes: Mapping[str, str]) -> None:
    """Which other system's rows are held to be this message, with what speaks for and against each."""
    st.subheader("Why these rows are one message", anchor=False)
    if not found:
        st.text("No row of another system was tied to this message: its events are its own.")
        return
    if any(tie.confidence == "ambiguous" for tie in found):
        st.warning(
            "Another message fits these rows just as well. They are shown with each of them, and nothing was decided.",
            title="Ambiguous",
        )
    of_event = {event["event_id"]: event for event in timeline}
    shown = pd.DataFrame(
        [
            {
                "Row": _row_of(of_event.get(tie.event)),
                "Confidence": tie.confidence,
                "Speaks for it": one_line("; ".join(tie.speaks_for)),
                "Speaks against it": one_line("; ".join(tie.speaks_against)) or "nothing",
            }
            for tie in found
        ]
    )
    st.dataframe(shown, hide_index=True, alt="Ties to rows of other systems")
    downloads.table_as_csv(shown, "ties", {**notes, "n": counted(len(found), "tie")})


def _row_of(event: Event | None) -> str:
    if event is None:
        return "a row outside these days"
    words = MARKS[event["kind"]].words if event["kind"] in MARKS else event["kind"]
    return f"{lane(event['kind'])}: {words}"


def raw_rows(timeline: Sequence[Event], loaded: Sequence[Source], notes: Mapping[str, str]) -> None:
    """Every event with the file and line that it was read from, and the source's own words."""
    names = {source.sha256: source.file for source in loaded}
    frame = pd.DataFrame(list(timeline))
    frame.insert(0, "file", [names.get(source, "") for source in frame["source_id"]])
    frame.insert(1, "line", frame["source_line"])
    text = [name for name in frame.columns if frame[name].dtype == object or str(frame[name].dtype).startswith("str")]
    frame[text] = frame[text].apply(readable)
    order = ["file", "line", "time_raw", "kind_raw", "reply"]
    hidden = {"source_line", "source_id", "batch", "event_id", "time_ms"}
    rest = [name for name in frame.columns if name not in order and name not in hidden]
    shown = frame[[*order, *rest]].dropna(axis="columns", how="all")
    st.dataframe(shown, hide_index=True, alt="Raw rows of the message with file and line")
    downloads.table_as_csv(shown, "raw_rows", notes)
