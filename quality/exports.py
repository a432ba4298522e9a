"""Exports of a case file made from samples/, each read back by a reader that nobody of this project wrote.

One function a format, named after it: it is given a Case and says what is wrong by failing an assertion.
"""

import csv
import io
import json
import math
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import traceback
import zipfile

import duckdb
import feedparser
import geopandas
import pandas
import pyarrow.parquet

import documents

ROOT = pathlib.Path(__file__).resolve().parent.parent

# The schemes' own lists of columns: ACLED codebook and API of 2024, UCDP GED codebook 24.1, GTD codebook of 2021, POLECAT's files of
# 2023.
ACLED = """event_id_cnty event_date year time_precision disorder_type event_type sub_event_type actor1 assoc_actor_1
inter1 actor2 assoc_actor_2 inter2 interaction civilian_targeting iso region country admin1 admin2 admin3 location latitude
longitude geo_precision source source_scale notes fatalities tags timestamp""".split()
UCDP = """id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name
dyad_dset_id dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b number_of_sources
source_article source_office source_date source_headline source_original where_prec where_coordinates where_description
adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id region event_clarity date_prec date_start date_end
deaths_a deaths_b deaths_civilians deaths_unknown best high low gwnoa gwnob""".split()
GTD = """eventid iyear imonth iday approxdate extended resolution country country_txt region region_txt provstate city
latitude longitude specificity vicinity location summary crit1 crit2 crit3 doubtterr alternative alternative_txt multiple
success suicide attacktype1 attacktype1_txt attacktype2 attacktype2_txt attacktype3 attacktype3_txt targtype1 targtype1_txt
targsubtype1 targsubtype1_txt corp1 target1 natlty1 natlty1_txt targtype2 targtype2_txt targsubtype2 targsubtype2_txt corp2
target2 natlty2 natlty2_txt targtype3 targtype3_txt targsubtype3 targsubtype3_txt corp3 target3 natlty3 natlty3_txt gname
gsubname gname2 gsubname2 gname3 gsubname3 motive guncertain1 guncertain2 guncertain3 individual nperps nperpcap claimed
claimmode claimmode_txt claim2 claimmode2 claimmode2_txt claim3 claimmode3 claimmode3_txt compclaim weaptype1
weaptype1_txt weapsubtype1 weapsubtype1_txt weaptype2 weaptype2_txt weapsubtype2 weapsubtype2_txt weaptype3 weaptype3_txt
weapsubtype3 weapsubtype3_txt weaptype4 weaptype4_txt weapsubtype4 weapsubtype4_txt weapdetail nkill nkillus nkillter
nwound nwoundus nwoundte property propextent propextent_txt propvalue propcomment ishostkid nhostkid nhostkidus nhours ndays
divert kidhijcountry ransom ransomamt ransomamtus ransompaid ransompaidus ransomnote hostkidoutcome hostkidoutcome_txt
nreleased addnotes scite1 scite2 scite3 dbsource INT_LOG INT_IDEO INT_MISC INT_ANY related""".split()
POLECAT = """Event ID|Event Date|Event Type|Event Mode|Intensity|Quad Code|Contexts|Actor Name|Actor Country|Actor COW
Primary Actor Sector|Actor Sectors|Actor Title|Actor Name Raw|Wikipedia Actor ID|Recipient Name|Recipient Country
Recipient COW|Primary Recipient Sector|Recipient Sectors|Recipient Title|Recipient Name Raw|Wikipedia Recipient ID|Placename
City|District|Province|Country|Latitude|Longitude|GeoNames ID|Raw Placename|Feature Type|Source|Publication Date
Story People|Story Organizations|Story Locations|Language|Version""".replace("\n", "|").split("|")
TABLES = ["incidents", "facts", "sources", "reports"]


class Case:
    """A case file, and what `show --json` says of its incidents."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.db = folder / "case.db"
        # What a spreadsheet would take for a formula, quotation marks, line breaks and letters beyond ASCII.
        odd = {"id": "odd-1", "publisher": "=Gazette, \"Évening\"", "published": "2024-06-03T09:00:00", "title": "Two shot dead in Lisbon",
               "url": "https://gazette.example/?a=1&b=<2>",
               "text": "Gunmen shot dead two police officers in Lisbon on Sunday, “the ministry” said.\n\nJoão Brandão, 41, was one of them.\u0007"}
        (folder / "odd.jsonl").write_text(json.dumps(odd) + "\n", encoding="utf-8")
        for at, name in [("2024-04-12T18:00", ROOT / "samples/case/friday.jsonl"), ("2024-04-13T10:00", ROOT / "samples/case/saturday.jsonl"),
                         ("2024-06-03T10:00", folder / "odd.jsonl"), ("2024-06-04T10:00", ROOT / "samples/shooting.txt"),
                         ("2024-06-05T10:00", ROOT / "samples/checkpoint.txt")]:
            self.run("add", "--no-gate", "--at", at, name)
        self.ids = [json.loads(line)["incident"] for line in self.run("list", "--json").splitlines()]
        assert len(self.ids) >= 3, self.ids
        self.records = {i: json.loads(self.run("show", i, "--json")) for i in self.ids}

    def run(self, command, *arguments):
        done = subprocess.run([self.program, command, "--db", self.db, *arguments], capture_output=True, check=False)
        assert done.returncode == 0, (command, arguments, done.stderr.decode())
        return done.stdout.decode()

    def export(self, name, file, *arguments):
        """Exports into a file of the folder."""
        path = self.folder / file
        self.run("export", "--format", name, "--out", path, *arguments)
        return path

    def best(self, incident, field):
        return self.records[incident]["best"].get(field)

    def entries(self, incident=None):
        """The values of an incident, or of all."""
        records = [self.records[incident]] if incident else self.records.values()
        return [entry for record in records for entries in record["fields"].values() for entry in entries]


def same(a, b):
    """Whether two cells say the same; an empty one has many faces."""
    empty = lambda v: v is None or v == "" or v is pandas.NA or (isinstance(v, float) and math.isnan(v))
    return empty(a) and empty(b) or a == b or (isinstance(a, (int, float)) and isinstance(b, (int, float)) and math.isclose(a, b))


def incidents(case, frame):
    """A table of incidents against the records."""
    assert sorted(frame["incident"]) == sorted(case.ids)
    for _, row in frame.iterrows():
        record = case.records[row["incident"]]
        assert row["summary"] == record["summary"], row["summary"]
        best = record["best"]
        for bound in ("min", "best", "max"):
            assert same(row[f"killed_{bound}"], best.get("killed", {}).get(bound)), (row["incident"], bound)
        place = best.get("where") or {}
        assert same(row["latitude"], place.get("lat")) and same(row["longitude"], place.get("lon"))
        assert same(row["time_start"], (best.get("when") or {}).get("start"))
        assert row["reports"] == len(record["reports"]) and row["disagreements"] == len(record["disagreements"])


def facts(case, frame):
    """A table of facts against the records."""
    entries = {(i, e["fact"]): e for i in case.ids for e in case.entries(i)}
    assert len(frame) == len(case.entries()), (len(frame), len(case.entries()))
    for _, row in frame.iterrows():
        entry = entries[row["incident"], row["fact"]]
        assert row["status"] == entry["status"] and math.isclose(row["confidence"], entry["confidence"], abs_tol=1e-9)
        assert row["independent"] == entry["independent"] and row["statements"] == len(entry["said"])
        quotes = [e["quote"] for s in entry["said"] for e in s["evidence"]]
        assert row["quote"] in quotes, row["quote"]


def quotes(case, frame):
    """Every quote of a table of facts stands in its report where the row says."""
    texts = {}
    for _, row in frame.iterrows():
        key = row["report"], row["version"]
        if key not in texts:
            texts[key] = json.loads(case.run("report", key[0], "--version", str(int(key[1])), "--json"))["reading"]["report"]["text"]
        assert texts[key][int(row["quote_start"]):int(row["quote_end"])] == row["quote"], dict(row)


def check_csv(case):
    path = case.export("csv", "tables.zip")
    names = zipfile.ZipFile(path).namelist()
    assert names == [f"{t}.csv" for t in TABLES], names
    frames = {t: pandas.read_csv(zipfile.ZipFile(path).open(f"{t}.csv")) for t in TABLES}
    incidents(case, frames["incidents"])
    facts(case, frames["facts"])
    quotes(case, frames["facts"])
    case.run("export", "--format", "csv", "--out", f"{case.folder}/tables/")
    for table in TABLES:
        file = case.folder / "tables" / f"{table}.csv"
        assert file.read_bytes() == zipfile.ZipFile(path).read(f"{table}.csv")
        (count,), = duckdb.sql(f"SELECT count(*) FROM read_csv('{file}')").fetchall()
        assert count == len(frames[table]), (table, count)
        # No cell that a spreadsheet would run; whoever takes one apostrophe away has the text.
        for row in csv.reader(io.StringIO(file.read_text(encoding="utf-8"))):
            for cell in row:
                assert not cell.startswith(("=", "+", "@", "\t")), cell
                assert not cell.startswith("-") or cell[1:].replace(".", "", 1).isdigit(), cell
    outlets = set(frames["reports"]["publisher"].dropna())
    assert "'=Gazette, \"Évening\"" in outlets, outlets
    excel = case.export("csv", "excel.csv", "--excel")
    assert excel.read_bytes().startswith(b"\xef\xbb\xbf")
    incidents(case, pandas.read_csv(excel))


def check_jsonl(case):
    path = case.export("jsonl", "all.jsonl")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert {r["table"] for r in rows} == set(TABLES)
    facts(case, pandas.DataFrame([r for r in rows if r["table"] == "facts"]))
    path = case.export("jsonl", "facts.jsonl", "--table", "facts")
    facts(case, pandas.read_json(path, lines=True, dtype=False))
    (count,), = duckdb.sql(f"SELECT count(DISTINCT fact) FROM read_json('{path}', maximum_depth=1)").fetchall()
    assert count == len({e["fact"] for e in case.entries()})
    odd = [r for r in rows if r["table"] == "reports" and r["report"] == "odd-1"]
    assert odd and odd[0]["publisher"] == "=Gazette, \"Évening\"" and odd[0]["url"].endswith("b=<2>"), odd


def check_parquet(case):
    path = case.export("parquet", "incidents.parquet")
    table = pyarrow.parquet.read_table(path)
    incidents(case, table.to_pandas())
    kinds = {f.name: str(f.type) for f in table.schema}
    assert (kinds["incident"], kinds["killed_best"], kinds["latitude"], kinds["main"]) == ("string", "int64", "double", "bool"), kinds
    case.run("export", "--format", "parquet", "--out", f"{case.folder}/parquet/")
    folder = case.folder / "parquet"
    facts(case, pandas.read_parquet(folder / "facts.parquet"))
    quotes(case, pandas.read_parquet(folder / "facts.parquet"))
    sql = f"""SELECT count(*) FROM '{folder}/sources.parquet' s JOIN '{folder}/facts.parquet' f USING (incident, fact)
              JOIN '{folder}/reports.parquet' r ON r.incident = s.incident AND r.report = s.report AND r.version = s.version"""
    (joined,), = duckdb.sql(sql).fetchall()
    assert joined == pyarrow.parquet.read_metadata(folder / "sources.parquet").num_rows
    outlets = set(pandas.read_parquet(folder / "reports.parquet")["publisher"])
    assert "=Gazette, \"Évening\"" in outlets, outlets


def check_sqlite(case):
    db = sqlite3.connect(case.export("sqlite", "out.sqlite"))
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    incidents(case, pandas.read_sql("SELECT * FROM incidents", db))
    facts(case, pandas.read_sql("SELECT * FROM facts", db))
    explained = db.execute('SELECT count(*) FROM columns WHERE meaning <> ""').fetchone()[0]
    assert explained == sum(len(db.execute(f"PRAGMA table_info({t})").fetchall()) for t in TABLES)


def check_acled(case):
    frame = pandas.read_csv(case.export("acled", "acled.csv"))
    assert list(frame.columns) == ACLED and len(ACLED) == 31
    assert len(frame) and set(frame["event_id_cnty"]) <= set(case.ids)
    assert set(frame["event_type"]) <= {"Battles", "Explosions/Remote violence", "Violence against civilians", "Protests", "Riots",
                                        "Strategic developments"}, set(frame["event_type"])
    for _, row in frame.iterrows():
        i = row["event_id_cnty"]
        assert row["notes"] == case.records[i]["summary"]
        assert row["time_precision"] in (1, 2, 3) or math.isnan(row["time_precision"])
        assert row["fatalities"] >= (case.best(i, "killed") or {}).get("min", 0)
        # Of a report without an outlet the record has its id for an origin, which is no source.
        outlets = {line["origin"] for line in case.records[i]["reports"] if not line["retracted"] and line["origin"] != line["id"]}
        named = set() if pandas.isna(row["source"]) else {n.removeprefix("'") for n in row["source"].split("; ")}
        assert named >= outlets or any("; " in o for o in outlets), (named, outlets)
    duckdb.sql(f"SELECT event_date, fatalities FROM read_csv('{case.folder}/acled.csv')").fetchall()


def check_ucdp(case):
    frame = pandas.read_csv(case.export("ucdp", "ucdp.csv"))
    assert list(frame.columns) == UCDP and len(UCDP) == 49
    assert len(frame)
    assert ((frame["low"] <= frame["best"]) & (frame["best"] <= frame["high"])).all()
    split = frame["deaths_a"] + frame["deaths_b"] + frame["deaths_civilians"] + frame["deaths_unknown"]
    assert (split == frame["best"]).all(), frame[["best", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"]]
    pandas.to_datetime(frame["date_start"])


def check_gtd(case):
    frame = pandas.read_csv(case.export("gtd", "gtd.csv"))
    assert list(frame.columns) == GTD and len(GTD) == 135
    assert len(frame) and frame["attacktype1"].between(1, 9).all() and frame["region"].dropna().between(1, 12).all()
    assert frame["crit1"].isna().all() and frame["doubtterr"].isna().all(), "a judgement of ours"


def check_plover(case):
    rows = [json.loads(line) for line in case.export("plover", "plover.jsonl").read_text(encoding="utf-8").splitlines()]
    assert rows and {e for r in rows for e in r["event"]} <= {"ASSAULT", "COERCE", "THREATEN", "PROTEST"}
    assert all(r["id"] in case.ids and r["event_text"] and r["quad_code"] in (3, 4) for r in rows)


def check_polecat(case):
    path = case.export("polecat", "polecat.tsv")
    frame = pandas.read_csv(path, sep="\t", keep_default_na=False)
    assert list(frame.columns) == POLECAT and len(POLECAT) == 40
    assert len(frame) and len(path.read_text(encoding="utf-8").splitlines()) == len(frame) + 1


def check_hxl(case):
    frame = pandas.read_csv(case.export("hxl", "hxl.csv"), header=[0, 1])
    assert all(tag.startswith("#") for _, tag in frame.columns)
    assert sorted(frame[("incident", "#event+id")]) == sorted(case.ids)


def check_geojson(case):
    path = case.export("geojson", "map.geojson")
    frame = geopandas.read_file(path)
    assert len(frame) == len(case.ids) and frame.crs.to_epsg() == 4326
    for _, row in frame.iterrows():
        place = case.best(row["incident"], "where") or {}
        if place.get("lat") is None:
            assert row.geometry is None
        else:
            assert math.isclose(row.geometry.x, place["lon"]) and math.isclose(row.geometry.y, place["lat"])
            assert same(row["radius_km"], place["radius_km"])
    # The words of the evidence are those of the record.
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        said = {e["quote"] for entry in case.entries(feature["id"]) for s in entry["said"] for e in s["evidence"]}
        found = [e["quote"] for e in feature["properties"]["evidence"]]
        assert found and set(found) <= said, set(found) - said


def check_kml(case):
    path = case.export("kml", "map.kml")
    frame = geopandas.read_file(path)
    points = [i for i in case.ids if (case.best(i, "where") or {}).get("lat") is not None]
    assert sum(g is not None and not g.is_empty for g in frame.geometry) == len(points)
    assert set(frame["Name"]) <= {r["summary"] for r in case.records.values()}


def check_georss(case):
    feed = feedparser.parse(str(case.export("georss", "map.xml")))
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10" and len(feed.entries) == len(case.ids)
    assert len({entry.id for entry in feed.entries} | {feed.feed.id}) == len(feed.entries) + 1
    for entry in feed.entries:
        incident = next(tag.term for tag in entry.tags if tag.scheme == "tag:blotter,2026:incident")
        assert entry.title == case.records[incident]["summary"] and entry.updated_parsed
        place = case.best(incident, "where") or {}
        if place.get("lat") is not None:
            assert entry.where["coordinates"] == (place["lon"], place["lat"]), entry.where


def check_moments(case):
    """An earlier moment has the records of that moment, in every format that says which."""
    path = case.export("csv", "then.csv", "--as-of", "2024-04-12")
    frame = pandas.read_csv(path)
    assert 0 < len(frame) < len(case.ids)
    for _, row in frame.iterrows():
        record = json.loads(case.run("show", row["incident"], "--as-of", "2024-04-12", "--json"))
        assert row["summary"] == record["summary"] and same(row["killed_best"], record["best"].get("killed", {}).get("best"))


def check_wholeness(case):
    """What cannot be written leaves no file, and says why."""
    command = [case.program, "export", "--db", case.db, "--format", "csv"]
    full = subprocess.run(command, stdout=open("/dev/full", "wb"), stderr=subprocess.PIPE, check=False)
    assert full.returncode == 2 and b"no room is left" in full.stderr, full
    gone = case.folder / "nowhere" / "out.csv"
    lost = subprocess.run([*command, "--out", gone], capture_output=True, check=False)
    assert lost.returncode == 2 and not gone.exists(), lost
    kept = case.folder / "kept.sqlite"
    kept.write_text("before")
    wrong = subprocess.run([*command[:-1], "sqlite", "--out", kept, "--as-of", "soon"], capture_output=True, check=False)
    assert wrong.returncode == 2 and kept.read_text() == "before", wrong
    assert not list(case.folder.glob("*.partial")), "a file that is not whole"


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else temporary).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "case.db").unlink(missing_ok=True)
        case = Case(program, folder)
        checks = {name[6:]: check for name, check in globals().items() if name.startswith("check_")} | documents.CHECKS
        # Every format that the program has is checked here.
        listed = subprocess.run([program, "export", "--help"], capture_output=True, check=True, text=True).stdout
        listed = listed.split("Formats:\n")[1].split("\n\n")[0]
        formats = {line.split()[0] for line in listed.splitlines() if line.startswith("  ") and line[2] != " "}
        unchecked = formats - checks.keys()
        wrong = [f"{name}: is exported, and nobody reads it back" for name in sorted(unchecked)]
        for name, check in checks.items():
            try:
                check(case)
            except Exception:  # Every format is told of, not only the first.
                wrong.append(f"{name}:\n{traceback.format_exc()}")
        for line in wrong:
            print(f"quality/exports: {line}", file=sys.stderr)
        print(f"exports: {len(checks) - len(wrong)} of {len(checks)} checks hold, {len(case.ids)} incidents")
        sys.exit(1 if wrong else 0)


main()
