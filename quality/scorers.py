"""The scorers, their development splits and what each figure is compared with: the one list that everything in quality/
follows from.

A scorer is a script of the evaluation folder (SHARED/eval, beside the repository) that prints its figures as
`name=value` pairs on its last line. Test splits are left out on purpose: they are opened to publish, never to develop.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """One figure: its name in the scorer's last line, what a published system or two people get, which way is better."""

    name: str
    anchor: str = ""
    lower: bool = False


@dataclass(frozen=True)
class Scorer:
    """One scorer on one split. `archives`: the data sets it reads; `sample`: how many reports `quality/check` reads."""

    name: str
    script: str
    args: tuple
    archives: tuple
    sample: int
    figures: tuple
    slow: bool = False
    command: str = ""
    flags: tuple = field(default=())


def figures(**anchors):
    return tuple(Figure(name, text.removeprefix("<").strip(), text.startswith("<")) for name, text in anchors.items())


GTT = "GTT, test: "
RE = "regular expressions: "

SCORERS = (
    Scorer("muc4", "muc4.py", ("--split", "dev"), ("muc4",), 100, figures(
        template_f1=GTT + "50.23", type=GTT + "67.44", perpind=GTT + "44.04", perporg=GTT + "41.79",
        target=GTT + "32.39", victim=GTT + "54.12", weapon=GTT + "59.71",
        ceaf_ree_f1="GRIT, test: 54.50", relevance_f1=GTT + "86.61")),
    Scorer("gunviolence", "gunviolence.py", ("--split", "dev"), ("gun-violence",), 100, figures(
        found="", killed=RE + "74.19", wounded=RE + "64.44", both=RE + "54.87", date=RE + "37.73",
        date1=RE + "71.30", city=RE + "31.77", state=RE + "26.35", killed_in_text="", wounded_in_text="",
        city_in_text="", victim_age_f1=RE + "65.54", suspect_age_f1=RE + "44.55",
        gender=RE + "33.71")),
    Scorer("times", "times.py", ("--split", "tbaq"), ("tempeval3",), 80, figures(
        strict_f="HeidelTime 81.3, UWTime 83.1 (platinum)", relaxed_f="HeidelTime 90.3, UWTime 91.4 (platinum)",
        value_f="HeidelTime 77.6, UWTime 82.4 (platinum)", type_f="")),
    *(Scorer(f"places-{part}", "places.py", ("--split", part), ("geo",), sample, figures(
        exact_f="", overlap_f="", acc161=f"Mordecai 3, gold spans: {near}" if near else "",
        exact_id=f"Mordecai 3, gold spans: {exact}" if exact else "",
        country=f"Mordecai 3, gold spans: {country}" if country else "", f161=""))
      for part, sample, near, exact, country in (
          ("geowebnews", 60, "94.1", "90.1", ""), ("lgl", 60, "82.7", "79.4", "97.9"), ("geovirus", 100, "", "", ""))),
    Scorer("attributions", "attributions.py", ("--split", "dev"), ("polnear",), 30, figures(
        source_f="BERT-CofeNet, test: 83.2; two people 77.9", cue_f="BERT-CofeNet, test: 75.3; two people 70.6",
        content_f="BERT-CofeNet, test: 72.9; two people 71.1", full80_f="two people 72.8", full30_f="two people 77.7",
        who_said="two people 94.8", who_found="two people 85.9")),
    Scorer("events", "events.py", ("--split", "dev"), ("wikievents",), 20, figures(
        trigger_f="", trigger_overlap_f="", type_f="", type_overlap_f="", arg_f="", role_f="",
        paired_role_f="BART-Gen, test, gold triggers: 65.3")),
    Scorer("factuality-uw", "factuality.py", ("--split", "UW/dev"), ("factuality",), 500, figures(
        mae="< DLGRN, test: 0.346; all +3: 0.768", r="DLGRN, test: 0.863", found="")),
    Scorer("factuality-meantime", "factuality.py", ("--split", "MEANTIME/dev"), ("factuality",), 500, figures(
        mae="< DLGRN, test: 0.279; all +3: 0.312", r="DLGRN, test: 0.516", found="")),
    Scorer("plover", "plover.py", ("--split", "train"), ("plv",), 400, figures(
        macro_f="ZSP, source and target given: 74.3", micro_f="ZSP, source and target given: 76.0", aligned="")),
    Scorer("acled", "acled.py", ("--split", "sample"), ("case2021-task2",), 5, figures(
        weighted_f="best of the shared task, test: 77.1", micro_f="")),
    Scorer("records", "records.py", ("--gold", "{eval}/records-dev.jsonl"), (
        "gun-violence", "wikievents", "muc4", "ecbplus", "geo", "meantime", "gum", "re3d", "polnear", "india-police-events"),
        57, figures(fact_f1="", incident_f1="", attribution="", evidence="", toll_exact="", toll_interval="", status="",
                    relation="", details="", undated="", uncited="<", false_incidents="<", quiet_reports="")),
    Scorer("extraction", "extraction.py", ("--split", "trafilatura-eval"), ("trafilatura-eval",), 100, figures(
        text_f="trafilatura 2.3.1: 92.6", title="trafilatura 2.3.1: 57.6", author="trafilatura 2.3.1: 47.4",
        date="trafilatura 2.3.1: 86.5"), slow=True, flags=("--batch", "10")),
    Scorer("linking", "linking.py", ("--split", "dev"), ("gun-violence",), 200, figures(
        conll="TF-IDF within 14 days: 88.44", muc="", b3="", ceaf_e="", pairs_f1=""), command="add"),
)
