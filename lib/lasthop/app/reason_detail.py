"""One reason: what it means, its replies with a real example, receivers, domains, and a rule for what is not known."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import streamlit as st

from lasthop.app import case_basket, charts, downloads, state
from lasthop.app.reason_parts import UNCLASSIFIED, Asked
from lasthop.app.reason_pictures import open_spans
from lasthop.app.safe_text import as_code, counted, one_line
from lasthop.app.screen import Screen
from lasthop.app.tables import instants, picked, readable, time_column
from lasthop.draw import draw_reason_trend
from lasthop.explain import in_words
from lasthop.measure import REQUEST_REFUSED, Failures, example_of, forms_of, meaning_of, rule_for, title_of
from lasthop.measure.rate import FEW
from lasthop.pack.visible import visible
from lasthop.reply import reasons
from lasthop.trace.rules import rules_file

NO_FORM = "(no reply: nothing was said, or no loaded source tells it)"


def heading(found: Failures, reason: str, asked: Asked, zone: str) -> None:
    """The reason, what it means, who can fix it, how often and when."""
    meaning = meaning_of(reason)
    st.subheader(title_of(reason), anchor=False)
    st.text(meaning.meaning)
    st.text(f"Who can fix it: {meaning.who}\nWhat to do: {meaning.next_step}")
    here = found.rows[found.rows["reason"] == reason]
    if here.empty:
        st.text("No message of this reason in the period and with the filters above.")
        return
    row = here.iloc[0]
    share = f" ({row['n'] / found.total:.1%})" if found.total >= FEW else ""
    all_of_them = f"{counted(found.total, 'message')} that {'failed or wait' if asked.waiting else 'failed'}"
    st.text(
        f"{row['n']:,} of {all_of_them}{share}"
        f"\nFirst sent {in_words(int(row['first_ms']), zone)}\nLast sent {in_words(int(row['last_ms']), zone)}"
    )
    if st.button(
        "Open this message" if row["n"] == 1 else f"Open these {row['n']:,} messages",
        key="open_messages",
        type="primary",
        icon=":material/mail:",
    ):
        asked.open_messages(reason)


def when_and_where(found: Failures, reason: str, asked: Asked, notes: Mapping[str, str]) -> None:
    """The reason over time, its receivers and its domains; a click on a bar opens its messages."""
    counts = found.by_time.T[reason]
    told = {**notes, "n": counted(int(counts.sum()), "message"), "reason": reason}
    chosen = charts.picture(
        draw_reason_trend(counts, step=found.step),
        f"reason_trend_{reason}",
        alt=f"{int(counts.sum())} messages by time of sending",
        formula="messages of this reason by time of sending",
        data=counts.rename("n").rename_axis("sent_from").reset_index(),
        notes={**told, "days a row": str(found.step)},
        selects=True,
    )
    open_spans(charts.selected(chosen), found, [[reason]], asked)
    st.caption("Click a bar, or draw a box, to open its messages.")
    left, right = st.columns(2, gap="medium")
    for place, tops, one in ((left, found.receivers, "receiver"), (right, found.domains, "domain")):
        here = tops[tops["reason"] == reason]
        with place:
            st.dataframe(
                pd.DataFrame({"name": readable(here["name"].fillna("(none)")), "n": here["n"]}),
                hide_index=True,
                alt=f"Messages by {one}",
                column_config={
                    "name": st.column_config.TextColumn(one.capitalize(), width="medium"),
                    "n": st.column_config.NumberColumn("Messages", width="small", format="localized"),
                },
            )
            if (names := int(here["names"].iloc[0])) > len(here):
                st.caption(f"The first {len(here)} of {names:,} {one}s.")
            downloads.table_as_csv(here[["name", "n"]], f"{one}s_{reason}", told)


def replies(screen: Screen, reason: str, asked: Asked) -> None:
    """The forms of the replies with counts; for the chosen one an example and the way to its messages."""
    forms = forms_of(screen.snapshot, reason)
    if forms.empty:
        return
    row = _forms_table(forms, screen.zone)
    form = forms.iloc[row]
    example = example_of(screen.snapshot, form)
    st.text("The newest of them, unaltered" if example.reply else "No loaded source tells a reply of these messages.")
    if example.reply:
        st.code(visible(example.reply), language=None, wrap_lines=True)
        by = f" by {as_code(example.host)}" if example.host and reason != REQUEST_REFUSED else ""
        if example.time_ms is not None:
            st.caption(f"Told{by} at {in_words(example.time_ms, screen.zone)}.")
    with st.container(horizontal=True):
        if st.button("Open the newest message", key="open_newest", icon=":material/route:"):
            state.set_opened(example.message)
            st.switch_page("pages/message.py", query_params={"message": example.message})
        if isinstance(form["reply_form"], str) and st.button(
            f"Open {counted(int(form['n']), 'message')} with this reply", key="open_form", icon=":material/mail:"
        ):
            asked.open_messages(reason, reply_form=form["reply_form"])
        case_basket.put_button(screen.workspace, [example.message])
        n = counted(int(forms["n"].sum()), "message")
        notes = downloads.made_with(screen, replace(asked.query, reason=reason), n)
        downloads.table_as_csv(_export(forms, reason), f"replies_{reason}", notes, type="secondary")
    if reason == UNCLASSIFIED and isinstance(form["reply_form"], str):
        _rule(screen, form["reply_form"])


def _forms_table(forms: pd.DataFrame, zone: str) -> int:
    """Draws the forms; returns the row that is chosen, the first when none is."""
    chosen = st.dataframe(
        pd.DataFrame(
            {
                "n": forms["n"],
                "form": readable(forms["reply_form"].fillna(NO_FORM)),
                "domains": forms["domains"],
                "first": instants(forms["first_ms"]),
                "last": instants(forms["last_ms"]),
            }
        ),
        key="forms_table",
        alt="Replies with addresses, ids and numbers blanked, most frequent first",
        hide_index=True,
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        column_config={
            "n": st.column_config.NumberColumn("Messages", width=80, format="localized"),
            "form": st.column_config.TextColumn("Reply with what varies blanked", width=520),
            "domains": st.column_config.NumberColumn("Domains", width=80, format="localized"),
            "first": time_column("First sent", zone),
            "last": time_column("Last sent", zone),
        },
    )
    here = picked(chosen, len(forms))
    return here.clicked if here.clicked is not None else next(iter(here.ticked), 0)


def _export(forms: pd.DataFrame, reason: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "reason": reason,
            "reply_form": forms["reply_form"],
            "messages": forms["n"],
            "domains": forms["domains"],
            "first_sent": instants(forms["first_ms"]),
            "last_sent": instants(forms["last_ms"]),
            "newest_message": forms["message"],
        }
    )


def _rule(screen: Screen, form: str) -> None:
    """How to name the reason of such replies from now on."""
    file = rules_file(screen.workspace)
    st.text("If you know what such a reply means, write a rule for it.")
    label = st.selectbox(
        "Its reason is",
        [label for label in reasons() if label != UNCLASSIFIED],
        index=None,
        key="rule_label",
        format_func=title_of,
        placeholder="Choose a reason",
        width=300,
    )
    if label is None:
        return
    rule = rule_for(form, label)
    if rule is None:
        st.text("This reply has no wording that a rule could look for.")
        return
    st.code(rule, language="toml")
    st.caption(
        f"Append it to {as_code(f'{one_line(file.parent.name)}/{file.name}')}, the workspace's own rules: they come "
        "before the built-in ones, and the reasons change when a page is opened next. Shorten or lengthen the phrase "
        "to what every such reply says, and no other. This lists what is still not understood in a file of replies:"
    )
    st.code(f"lasthop classify replies.txt --rules {file.name} --unclassified", language="bash")
