"""Turns an example into a prompt: which type names are asked, in which order, and which words each one holds for.

A corpus is exhaustive for its own types only, so types it does not mark are asked as negatives only where they are unlikely
to occur: never a close relative (by embedding) of a type it marks, never one of the broad kinds that occur everywhere.
"""

import random

import numpy as np

# Type names that never appear in a training prompt, so that they are unseen ones when the model is evaluated.
HELD_OUT = {
    "academic journal", "astronomical object", "literary genre", "enzyme", "programming language", "magazine", "conference",
    "musical instrument", "election", "discipline", "airline", "volcano", "chef", "bridge", "currency", "virus",
}

COARSE = {
    "person": ["person", "person", "person", "people", "person name", "human", "individual", "name of a person"],
    "organization": ["organization", "organization", "organisation", "organization", "institution", "company or organization"],
    "location": ["location", "location", "place", "geographical location", "geographic place", "locality"],
    "facility": ["facility", "building or structure", "facility", "landmark", "building"],
    "date": ["date", "date", "calendar date", "date or period"],
    "time": ["time", "time", "time of day", "duration or time"],
    "event": ["event", "event", "named event", "happening"],
    "product": ["product", "product", "product name", "item"],
    "creative work": ["creative work", "work of art", "title of a work", "artwork or book"],
    "species": ["species", "animal or plant", "organism"],
    "substance": ["substance", "material", "chemical substance", "chemical"],
    "quantity": ["quantity", "number", "measurement", "amount"],
    "money": ["money", "money", "price", "monetary amount"],
    "language": ["language", "spoken language"],
    "nationality": ["nationality", "nationality or religious group", "ethnic or religious group"],
    "concept": ["concept", "concept", "idea or method", "technical term"],
    "disease": ["disease", "medical condition", "illness"],
    "software": ["software", "computer program", "software product"],
    "law": ["law", "law or treaty", "legal document"],
    "award": ["award", "prize", "honour"],
    "occupation": ["occupation", "job title", "profession", "role"],
    "vehicle": ["vehicle", "vehicle or vessel", "means of transport"],
    "food": ["food", "food or drink", "dish"],
    "body part": ["body part", "anatomical part"],
}

# A broader name by the last word of a fine one: "theoretical physicist" is a scientist.
BROADER = {
    word: name
    for name, words in {
        "scientist": "physicist chemist biologist astronomer mathematician scientist biochemist geologist botanist zoologist astrophysicist "
                     "microbiologist geneticist ecologist naturalist virologist epidemiologist neuroscientist statistician logician",
        "writer": "novelist poet playwright author essayist dramatist writer biographer critic storyteller",
        "musician": "singer guitarist drummer pianist violinist composer musician rapper saxophonist singer-songwriter cellist bassist "
                    "trumpeter songwriter vocalist organist conductor",
        "visual artist": "painter sculptor photographer illustrator printmaker muralist",
        "athlete": "footballer player runner swimmer cyclist boxer striker goalkeeper midfielder defender athlete gymnast skier wrestler "
                   "sprinter batsman bowler quarterback jockey",
        "politician": "president minister senator politician mayor governor chancellor mp congressman candidate premier deputy",
        "monarch": "king queen emperor sultan empress shah tsar",
        "performer": "actor actress comedian dancer entertainer",
        "sports team": "club team",
        "company": "company airline bank manufacturer maker firm brewery retailer start-up startup chain studio label brand operator insurer "
                   "supermarket carmaker",
        "educational institution": "university college school academy",
        "public body": "ministry agency department parliament council commission police",
        "news outlet": "newspaper broadcaster tabloid",
        "settlement": "city town village capital borough suburb hamlet",
        "administrative region": "state province county district prefecture region canton",
        "body of water": "river lake sea bay ocean strait gulf",
        "landform": "mountain island valley desert peninsula range archipelago",
        "celestial body": "planet moon star asteroid galaxy comet exoplanet",
        "book": "novel book memoir biography textbook anthology",
        "animal": "bird mammal insect fish reptile amphibian",
        "chemical": "compound molecule acid element",
        "battle or war": "battle war siege",
        "competition": "tournament championship league cup race games",
        "building": "museum church cathedral palace castle hotel theatre stadium hospital temple mosque",
    }.items()
    for word in words.split()
}

PERSON, ORGANIZATION, LOCATION = COARSE["person"], COARSE["organization"], COARSE["location"]
MISC = ["miscellaneous", "misc", "other entity", "miscellaneous entity"]
CONLL = {"PER": PERSON, "ORG": ORGANIZATION, "LOC": LOCATION, "MISC": MISC}

# corpus: its types and their names. A type that is not listed is not asked for.
NAMES = {
    "broad-twitter": CONLL,
    "tweebank": CONLL,
    "sec-filings": CONLL,
    "wnut17": {
        "person": PERSON, "location": LOCATION, "corporation": ["corporation", "company", "business"],
        "group": ["group", "music band, sports team or other group", "group of people"],
        "creative-work": COARSE["creative work"], "product": COARSE["product"]},
    "gum": {
        "person": PERSON, "organization": ORGANIZATION, "place": LOCATION, "event": COARSE["event"],
        "time": ["date", "date or time", "time expression", "point in time"]},
    "litbank": {
        "person": ["person", "character", "person", "fictional character"], "facility": COARSE["facility"], "location": ["natural location", "geographical feature"],
        "geopolitical place": ["geopolitical entity", "city or country", "settlement or state"], "vehicle": COARSE["vehicle"], "organization": ORGANIZATION},
    "cyner": {
        "Malware": ["malware", "malicious software"], "Indicator": ["indicator of compromise", "hash, url or file indicator"],
        "System": ["system", "operating system or software"], "Organization": ORGANIZATION, "Vulnerability": ["vulnerability", "security vulnerability"]},
    "wetlab": {
        "Action": ["action", "laboratory action"], "Amount": ["amount", "quantity"], "Reagent": ["reagent", "chemical reagent"],
        "Temperature": ["temperature"], "Time": ["time", "duration"], "Concentration": ["concentration"], "Speed": ["speed", "rotation speed"],
        "Location": ["container", "laboratory container"], "Method": ["method", "laboratory method"], "Device": ["device", "laboratory device"],
        "Modifier": ["modifier"], "Numerical": ["number", "numerical value"], "Size": ["size"], "pH": ["ph value"], "Seal": ["seal", "lid or seal"]},
    "skillspan": {"Skill-skill": ["skill", "job skill"], "Knowledge-knowledge": ["knowledge", "field of knowledge", "required knowledge"]},
    "snips": {
        "music_item": ["kind of music item"], "artist": ["artist", "musician", "singer or band", "music artist"], "playlist": ["playlist", "playlist name"],
        "party_size_number": ["party size", "number of people"], "sort": ["sort order", "ranking"], "restaurant_type": ["restaurant type", "kind of restaurant"],
        "cuisine": ["cuisine", "style of cooking"], "city": ["city", "town", "city name"], "service": ["streaming service", "music service"],
        "movie_name": ["movie", "film", "movie title"], "timeRange": ["time range", "date or time"], "rating_value": ["rating", "rating value"],
        "best_rating": ["best rating", "maximum rating"], "rating_unit": ["rating unit"], "object_type": ["type of work", "kind of work"],
        "playlist_owner": ["playlist owner"], "object_name": ["title", "name of a work", "creative work"],
        "condition_temperature": ["temperature condition"], "country": ["country", "nation", "country name"], "year": ["year", "decade"],
        "location_name": ["cinema", "movie theatre"], "restaurant_name": ["restaurant", "restaurant name"], "object_location_type": ["kind of venue"],
        "movie_type": ["movie type", "kind of film"], "spatial_relation": ["spatial relation", "proximity"], "condition_description": ["weather condition"],
        "state": ["state", "us state", "state or province"], "served_dish": ["dish", "served dish"], "track": ["song", "track", "song title"],
        "poi": ["point of interest"], "geographic_poi": ["park or natural site", "geographic point of interest"],
        "genre": ["genre", "music genre", "musical style"], "facility": ["amenity"], "album": ["album", "album title", "record"]},
    "home-assistant": {
        "radio_name": ["radio station"], "person": PERSON, "game_name": ["game", "name of a game"], "business_type": ["business type"],
        "time": COARSE["time"], "date": COARSE["date"], "place_name": LOCATION, "media_type": ["media type"], "device_type": ["device", "household device"],
        "currency_name": ["currency name"], "house_place": ["room", "room of the house"], "color_type": ["colour", "color"], "business_name": ["business", "business name"],
        "food_type": COARSE["food"], "event_name": ["event", "event name"], "transport_type": ["transport type", "means of transport"],
        "song_name": ["song", "song name"], "artist_name": ["artist", "artist name"], "music_genre": ["music genre"], "timeofday": ["part of the day"],
        "news_topic": ["news topic"], "relation": ["relation", "relative"], "email_address": ["email address"], "list_name": ["list name"], "weather_descriptor": ["weather"]},
    "restaurants": {
        "time": COARSE["time"], "date": ["date", "booking date"], "people": ["number of people", "party size"], "last_name": ["last name", "surname"],
        "first_name": ["first name", "given name"]},
    "recipes": {
        "QUANTITY": ["quantity", "amount"], "UNIT": ["unit", "unit of measurement"], "TASTE": ["taste", "flavour"], "FOOD": ["food", "ingredient", "food item"],
        "PHYSICAL_QUALITY": ["physical quality"], "PROCESS": ["process", "preparation step"], "COLOR": ["color", "colour"], "PART": ["part", "part of a plant or animal"],
        "PURPOSE": ["purpose"]},
    "materials": {
        "Operation": ["operation", "synthesis step"], "Number": ["number"], "Material": ["material", "chemical compound", "substance"],
        "Amount-Unit": ["amount unit"], "Condition-Unit": ["condition unit"], "Brand": ["brand", "supplier"], "Material-Descriptor": ["material descriptor"],
        "Synthesis-Apparatus": ["apparatus", "laboratory equipment"], "Characterization-Apparatus": ["measuring instrument"]},
    "software": {
        "Application_Creation": ["software", "application"], "Application_Usage": ["software", "software application"], "Application_Mention": ["software"],
        "Application_Deposition": ["software"], "ProgrammingEnvironment_Usage": ["programming environment"], "ProgrammingEnvironment_Mention": ["programming environment"],
        "OperatingSystem_Usage": ["operating system"], "OperatingSystem_Mention": ["operating system"], "Version": ["version", "version number"],
        "Developer": ["developer", "software developer", "software company"], "URL": ["url", "web address"], "PlugIn_Usage": ["plug-in", "software package"],
        "PlugIn_Creation": ["plug-in"], "PlugIn_Mention": ["plug-in"], "PlugIn_Deposition": ["plug-in"], "License": ["licence", "software licence"]},
    "fuel-cells": {"EXPERIMENT": ["experiment", "experiment word"], "MATERIAL": ["material", "substance"], "DEVICE": ["device"], "VALUE": ["value", "measured value"]},
}

# Coarse kinds that occur in text of any sort; of the others, a corpus that does not mark them rarely has any.
EVERYWHERE = {"person", "organization", "location", "facility", "date", "time", "event", "product", "creative work", "quantity",
              "nationality", "occupation", "concept", "other", "food", "money"}
EXHAUSTIVE = {
    "broad-twitter": {"person", "organization", "location"}, "tweebank": {"person", "organization", "location"},
    "wnut17": {"person", "location", "organization", "product", "creative work"}, "gum": {"person", "organization"}}
ALIKE, AKIN = 0.55, 0.42


class Prompts:
    """Samples prompts with a generator of its own; embed maps a list of names to unit vectors."""

    def __init__(self, examples, embed, seed):
        self.random = random.Random(seed)
        fine = {}
        for example in examples:
            if example.corpus == "written":
                for _, _, kind in example.spans:
                    coarse, name = kind.split("|")
                    fine.setdefault(name, coarse)
        self.fine = {n: c for n, c in fine.items() if n not in HELD_OUT}
        self.open_types = sorted({k for e in examples if e.corpus == "nuner" for _, _, k in e.spans} - HELD_OUT)
        names = set(fine) | HELD_OUT | set(self.open_types) | {n for ns in COARSE.values() for n in ns}
        names |= {n for types in NAMES.values() for ns in types.values() for n in ns} | set(BROADER.values())
        self.names = sorted(names)
        self.index = {n: i for i, n in enumerate(self.names)}
        self.vectors = embed(self.names)
        self.fine_names = sorted(self.fine)
        self.by_coarse = {}
        for name in self.fine_names:
            self.by_coarse.setdefault(self.fine[name], []).append(name)

    def likeness(self, names, others):
        """The greatest cosine of each name to any of the others."""
        if not others or not names:
            return np.zeros(len(names))
        a = self.vectors[[self.index[n] for n in names]]
        b = self.vectors[[self.index[n] for n in others]]
        return (a @ b.T).max(axis=1)

    def size(self):
        return self.random.randint(1, 8) if self.random.random() < 0.55 else self.random.randint(6, 18)

    def far(self, count, candidates, positives, bound):
        """Up to count of the candidates that are no relatives of the positives nor of each other's double."""
        if count <= 0 or not candidates:
            return []
        drawn = self.random.sample(candidates, min(len(candidates), 3 * count + 4))
        drawn = [n for n in dict.fromkeys(drawn) if n not in positives and BROADER.get(n.split()[-1]) not in positives]
        near = self.likeness(drawn, positives)
        return [n for n, s in zip(drawn, near) if s < bound][:count]

    def prompt(self, example):
        """The labels asked and, for each, the list of (first word, last word) it holds for."""
        if example.corpus == "written":
            asked = self.written(example)
        elif example.corpus == "nuner":
            asked = self.open(example)
        else:
            asked = self.closed(example)
        labels = list(asked.items())
        self.random.shuffle(labels)
        if len(labels) > 1 and self.random.random() < 0.25:
            labels = labels[: self.random.randint(1, len(labels))]
        return labels

    def closed(self, example):
        """A corpus that marks every occurrence of its types."""
        types = NAMES[example.corpus]
        named = {t: self.random.choice(ns) for t, ns in types.items()}
        present = {}
        for a, b, kind in example.spans:
            if kind in types and named[kind] not in HELD_OUT:
                present.setdefault(named[kind], []).append((a, b))
        absent = [n for n in dict.fromkeys(named.values()) if n not in present and n not in HELD_OUT]
        self.random.shuffle(absent)
        size = self.size()
        asked = dict(present)
        for name in absent[: max(0, size - len(present))]:
            if example.corpus != "software" or name not in ("software", "plug-in"):
                asked[name] = []
        foreign = self.foreign(example, size - len(asked), list(named.values()))
        return asked | {n: [] for n in foreign}

    def foreign(self, example, count, own):
        """Names of other corpora that this example is unlikely to have."""
        if count <= 0 or self.random.random() < 0.4:
            return []
        marked = EXHAUSTIVE.get(example.corpus, set())
        present = {"person" if k in ("PER", "person") else "organization" if k in ("ORG", "group", "corporation", "organization")
                   else "location" if k in ("LOC", "location", "place") else k for _, _, k in example.spans}
        kinds = [c for c in self.by_coarse if c not in EVERYWHERE or (c in marked and c not in present)]
        candidates = [n for c in kinds for n in self.random.sample(self.by_coarse[c], min(6, len(self.by_coarse[c])))]
        return self.far(count, candidates, own, AKIN)

    def open(self, example):
        """NuNER's sentences: open types, marked where a language model saw them."""
        present = {}
        for a, b, kind in example.spans:
            if kind not in HELD_OUT:
                present.setdefault(kind, []).append((a, b))
        count = max(0, self.size() - len(present))
        negatives = self.far(count, self.open_types, list(present), AKIN)
        return present | {n: [] for n in negatives}

    def written(self, example):
        """Coarse and fine names; where both are asked the more specific one holds."""
        marks = [(a, b, *kind.split("|")) for a, b, kind in example.spans]
        truth = [f for _, _, _, f in marks] + [BROADER[f.split()[-1]] for _, _, _, f in marks if f.split()[-1] in BROADER]
        if self.random.random() < 0.3:
            marks = [(a, b, c, BROADER.get(f.split()[-1], f)) for a, b, c, f in marks]
        present_coarse = {c for _, _, c, _ in marks}
        mode = self.random.random()
        coarse_names = {c: self.random.choice(ns) for c, ns in COARSE.items()}
        asked = {}
        for a, b, coarse, fine in marks:
            by_fine = mode < 0.5 or (mode > 0.75 and self.random.random() < 0.5) or coarse not in COARSE
            if by_fine and fine not in HELD_OUT:
                asked.setdefault(fine, []).append((a, b))
        fine_asked = set(asked)
        if mode >= 0.5:
            # Where nobody asks for buildings apart, a building is a place.
            wide = {"facility": "location"} if self.random.random() < 0.7 else {}
            for a, b, coarse, fine in marks:
                if coarse in COARSE and (fine not in fine_asked or fine == coarse_names[coarse]):
                    name = coarse_names[wide.get(coarse, coarse)]
                    if (a, b) not in asked.setdefault(name, []):
                        asked[name].append((a, b))
        # A mark that is asked under a near name belongs to that name as well.
        for name in list(asked):
            for a, b, _, fine in marks:
                if fine in self.index and name in self.index and fine != name and (a, b) not in asked[name] and fine not in asked:
                    if float(self.vectors[self.index[name]] @ self.vectors[self.index[fine]]) > 0.72:
                        asked[name].append((a, b))
        size, positives = self.size(), list(asked)
        whole = [f for f in truth if f in self.index]
        negatives = []
        if mode >= 0.5:
            absent = [coarse_names[c] for c in COARSE if c not in present_coarse and c not in wide]
            negatives += self.random.sample(absent, min(len(absent), self.random.randint(0, 6)))
        count = size - len(asked) - len(negatives)
        same = [n for c in present_coarse for n in self.by_coarse.get(c, [])]
        other = [n for c in self.by_coarse if c not in present_coarse for n in self.by_coarse[c]]
        if mode < 0.75:
            negatives += self.far(count // 2 + count % 2, same, positives + whole, ALIKE)
        negatives += self.far(count // 2, other, positives + whole + negatives, ALIKE)
        return asked | {n: [] for n in negatives if n not in asked and n not in HELD_OUT}
