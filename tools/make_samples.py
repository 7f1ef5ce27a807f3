"""Write the synthetic samples and the truth about them: the same seed gives the same bytes, everywhere."""

import argparse
from pathlib import Path
from random import Random

from samples import (
    activity_files,
    event_log_file,
    hostile_file,
    mail_files,
    mail_log_files,
    suppression_files,
    truth,
    webhook_file,
)
from samples import late_stories as late
from samples import refused_stories as refused
from samples.cast import Cast
from samples.office import Office
from samples.people import customers
from samples.postman import Postman
from samples.traffic import Traffic, cut_off

SEED = 20261120
PER_DAY = 39
STORIES = (
    refused.refused_by_the_provider,
    refused.dropped,
    refused.refused_by_the_receiver,
    refused.mistyped,
    late.delayed,
    late.silent,
    late.pairs,
    late.after_acceptance,
    late.bounced_without_id,
    late.odds_and_ends,
)
_ROOT = Path(__file__).resolve().parent.parent


def live_through(seed: int) -> Office:
    """Five weeks of the shop. Each part has a generator of its own: a change in one leaves others alone."""
    office = Office(Random(f"{seed} office"))
    traffic = Traffic(Random(f"{seed} traffic"), office, customers(Random(f"{seed} people"), 760))
    traffic.everyday(PER_DAY)
    traffic.outage(64)
    cast = Cast(office, Postman(Random(f"{seed} stories")))
    for story in STORIES:
        story(cast)
    cut_off(office)
    return office


def write_all(folder: Path, truth_file: Path, seed: int = SEED) -> None:
    """Every file of the samples, then what a perfect reader would make of them."""
    folder.mkdir(parents=True, exist_ok=True)
    truth_file.parent.mkdir(parents=True, exist_ok=True)
    office = live_through(seed)
    mail_log_files.write(folder, office.messages)
    event_log_file.write(folder, office.messages)
    activity_files.write(folder, office.messages)
    webhook_file.write(folder, office.messages, office.orphans, Random(f"{seed} webhook"))
    suppression_files.write(folder, office)
    mail_files.write(folder, office.messages)
    hostile = hostile_file.write(folder, Random(f"{seed} hostile"))
    truth.write(truth_file, office.messages, office.orphans, hostile)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Write the synthetic samples.")
    parser.add_argument("--out", type=Path, default=_ROOT / "data" / "samples", metavar="DIR")
    parser.add_argument("--truth", type=Path, default=_ROOT / "tests" / "samples_truth.csv", metavar="FILE")
    arguments = parser.parse_args()
    write_all(arguments.out, arguments.truth)


if __name__ == "__main__":
    main()
