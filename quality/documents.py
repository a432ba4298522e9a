"""Documents and graphs of a case file, each read back by a reader that nobody of this project wrote.

Like the checks of exports.py: one function a format, given a Case. `CHECKS` is the list of them, which exports.py runs.
"""

import datetime
import hashlib
import io
import json
import zipfile

import feedparser
import html5lib
import pymisp
import stix2
from followthemoney import model
from stix2validator import ValidationOptions, validate_string


def everything(case):
    """Marks, comments, a withdrawn and a merged incident, so that every kind of object is there."""
    if getattr(case, "documents_ready", False):
        return
    first = case.ids[0]
    case.run("comment", first, "call the <clinic> & ask", "--at", "2024-06-10", "--by", "Ann")
    case.run("tlp", first, "green", "--why", "for the community", "--at", "2024-06-11", "--by", "Ann")
    case.documents_ready = True


def check_stix(case):
    everything(case)
    text = case.export("stix", "bundle.json").read_text(encoding="utf-8")
    # Two of its recommendations are not followed, with reasons: ids of version 5 are what lets an incident keep its id, and the hash of a
    # page is not known, only that of the text that was read in it.
    disabled = ["uuid-check", "extref-hashes"]
    found = validate_string(text, ValidationOptions(strict=True, version="2.1", disabled=disabled))
    assert found.is_valid, [str(e) for e in found.errors][:10]
    bundle = stix2.parse(text, allow_custom=False)
    objects = {o["id"]: o for o in bundle.objects}
    incidents = {o["external_references"][0]["external_id"]: o for o in bundle.objects if o["type"] == "incident"}
    assert set(case.ids) <= set(incidents), set(case.ids) - set(incidents)
    for incident in case.ids:
        known = case.records[incident]
        extension = next(iter(incidents[incident]["extensions"].values()))
        assert extension["best"] == known["best"], incident
        assert incidents[incident]["created"] <= incidents[incident]["modified"]
    kinds = {o["type"] for o in bundle.objects}
    assert {"report", "location", "identity", "relationship", "sighting", "note", "marking-definition"} <= kinds, kinds
    refs = [o[k] for o in bundle.objects for k in ("source_ref", "target_ref", "sighting_of_ref") if k in o]
    assert all(ref in objects for ref in refs)


def check_misp(case):
    everything(case)
    text = case.export("misp", "misp.json").read_text(encoding="utf-8")
    events = {}
    for entry in json.loads(text)["response"]:
        event = pymisp.MISPEvent(strict_validation=True)
        event.load(entry)
        feed = event.to_feed()
        assert feed["Event"]["uuid"] == event.uuid
        name = next(t.name for t in event.tags if t.name.startswith("blotter:incident=")).split('"')[1]
        assert any(t.name.startswith("tlp:") for t in event.tags)
        events[name] = event
        # Objects are what MISP's own templates allow.
        for thing in event.objects:
            fresh = pymisp.MISPObject(thing.name, strict=True)
            assert fresh.template_uuid == thing.template_uuid and str(fresh.template_version) == str(thing.template_version), thing.name
            for attribute in thing.attributes:
                fresh.add_attribute(attribute.object_relation, attribute.value, type=attribute.type)
            fresh.to_json(strict=True)
    assert set(case.ids) <= set(events)
    for incident in case.ids:
        assert events[incident].info == case.records[incident]["summary"]
        titles = {a.value for o in events[incident].get_objects_by_name("news-media") for a in o.get_attributes_by_relation("title")}
        headlines = {r["headline"] for r in case.records[incident]["reports"] if r["headline"]}
        assert {h.strip() for h in headlines} == titles, (headlines, titles)


def check_ftm(case):
    everything(case)
    entities = {}
    for line in case.export("ftm", "entities.json").read_text(encoding="utf-8").splitlines():
        data = json.loads(line)
        proxy = model.get_proxy(data, cleaned=False)
        # What it takes for no value of its type would be dropped.
        for name, values in data["properties"].items():
            assert len(proxy.get(name)) == len(set(values)), (data["schema"], name, values, proxy.get(name))
        proxy.schema.validate(data)
        assert proxy.id not in entities, proxy.id
        entities[proxy.id] = proxy
    events = {e.first("recordId"): e for e in entities.values() if e.schema.name == "Event"}
    assert set(events) == set(case.ids)
    for incident in case.ids:
        assert events[incident].first("name") == case.records[incident]["summary"]
        assert len(events[incident].get("proof")) == len([r for r in case.records[incident]["reports"] if not r["retracted"]])
    for entity in entities.values():
        for prop, value in entity.itervalues():
            if prop.type.name == "entity":
                assert value in entities, (entity.schema.name, prop.name, value)


def check_feed(case):
    everything(case)
    feed = feedparser.parse(case.export("feed", "feed.atom").read_bytes())
    assert not feed.bozo and feed.version == "atom10", feed.get("bozo_exception")
    plain = json.loads(case.export("feed-json", "feed.json").read_text(encoding="utf-8"))
    items = plain["items"]
    assert plain["version"] == "https://jsonfeed.org/version/1.1"
    assert [e.id for e in feed.entries] == [i["id"] for i in items] and len({i["id"] for i in items}) == len(items)
    assert [e.title for e in feed.entries] == [i["title"] for i in items]
    dates = [i["date_published"] for i in items]
    assert dates == sorted(dates, reverse=True)
    # Of each incident the last revision is the record's.
    last = {}
    for item in items:
        last.setdefault(item["_blotter"]["incident"], item["_blotter"]["revision"])
    for incident in case.ids:
        assert incident in last
    later = json.loads(case.export("feed-json", "later.json", "--new-since", "2024-06-10T00:00").read_text(encoding="utf-8"))["items"]
    assert later and later == [i for i in items if i["date_published"] > "2024-06-10T00:00:00Z"]
    # Releases of feedparser read no JSON Feed: its version 1.1 asks for these.
    assert plain["title"] and all(isinstance(i["id"], str) and i["content_text"] for i in items)
    assert all(datetime.datetime.fromisoformat(i["date_published"].replace("Z", "+00:00")).tzinfo for i in items)


def check_brief(case):
    everything(case)
    for arguments in [(), ("--new-since", "2024-04-12T20:00"), ("--new-since", "2024-06-04T11:00")]:
        page = case.export("brief", "brief.html", *arguments).read_bytes()
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        document = parser.parse(io.BytesIO(page))
        notes = {li.get("id"): "".join(li.itertext()) for li in document.iter("li") if li.get("id")}
        sentences = [s for s in document.iter("span") if s.get("class") == "s"]
        assert sentences, arguments
        for sentence in sentences:
            links = [a.get("href")[1:] for a in sentence.iter("a")]
            assert links and all(link in notes for link in links), "".join(sentence.itertext())
        assert not list(document.iter("script")) and not [e for e in document.iter() if e.get("src")]
        text = case.export("brief-md", "brief.md", *arguments).read_text(encoding="utf-8")
        assert text.count("\n[^") == len(notes)


def check_bundle(case):
    everything(case)
    path = case.export("bundle", "bundle.zip", "--with-texts")
    archive = zipfile.ZipFile(path)
    assert archive.testzip() is None
    manifest = json.loads(archive.read("manifest.json"))
    for member in manifest["members"]:
        data = archive.read(member["name"])
        assert hashlib.sha256(data).hexdigest() == member["sha256"] and len(data) == member["bytes"], member["name"]
    assert {m["name"] for m in manifest["members"]} | {"manifest.json"} == set(archive.namelist())
    records = [json.loads(line) for line in archive.read("records.jsonl").splitlines()]
    assert {r["incident"] for r in records} == set(case.ids)
    for line in archive.read("quotes.jsonl").splitlines():
        quote = json.loads(line)
        text = archive.read(f"texts/{quote['text_sha256']}.txt").decode()
        assert text[quote["start"]:quote["end"]] == quote["quote"], quote
    # The chain by the rule that its documentation gives, in another language.
    rows = [json.loads(line) for line in archive.read("ledger.jsonl").splitlines()]
    for row in rows:
        hash = hashlib.sha256()
        for part in [row["before"], str(row["row"]), row["at"], row["by"] if row["by"] is not None else "\0", row["kind"], row["body"]]:
            data = part.encode()
            hash.update(len(data).to_bytes(8, "big") + data)
        assert hash.hexdigest() == row["hash"], row["row"]
    case.run("verify", path)
    (case.folder / "flipped.zip").write_bytes(bytes(b ^ (i == 300) for i, b in enumerate(path.read_bytes())))
    try:
        case.run("verify", case.folder / "flipped.zip")
    except AssertionError:
        return
    raise AssertionError("a flipped byte was not found")


# Format → what reads it back; one that comes with another names the same.
CHECKS = {
    "stix": check_stix, "misp": check_misp, "ftm": check_ftm, "feed": check_feed, "feed-json": check_feed, "brief": check_brief,
    "brief-md": check_brief, "bundle": check_bundle,
}
