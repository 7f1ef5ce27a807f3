"""Message -> verdict: what happened, why, who can fix it, what to do next."""

from lasthop.explain.advice import Cause, Step
from lasthop.explain.causes import reasons_for_silence, symptoms
from lasthop.explain.dossier import Dossier, dossier, dossier_json, event_json, iso
from lasthop.explain.entries import Entry
from lasthop.explain.observed import in_words
from lasthop.explain.typo import Typo
from lasthop.explain.verdict import Clause, Verdict, verdict

__all__ = [
    "Cause",
    "Clause",
    "Dossier",
    "Entry",
    "Step",
    "Typo",
    "Verdict",
    "dossier",
    "dossier_json",
    "event_json",
    "in_words",
    "iso",
    "reasons_for_silence",
    "symptoms",
    "verdict",
]
