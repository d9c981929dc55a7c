#!/usr/bin/env python3
"""Writes train.csv and test.csv: short messages about a pandemic, positive or negative.

Each message comes of a template. Most templates take an opinion of either kind, so that only the
opinion and the negations around it tell the label; others are irony, emoji and news. No template of
the test part is one of the training part: what is measured is not how well sentences were learned
by heart. The messages are made up; nobody wrote them anywhere.
"""
import csv
import random

SLOTS = {
    "pos": "good great kind helpful friendly safe calm quick lovely wonderful easy clean".split(),
    "neg": "bad awful rude useless unfriendly dangerous scary slow sad terrible hard dirty".split(),
    "ironic": "good great lovely wonderful".split(),
    "thing": "vaccine test mask queue quarantine lockdown booster appointment website hotline".split(),
    "place": "hospital pharmacy school office clinic supermarket airport surgery".split(),
    "person": "nurse doctor teacher neighbour driver boss receptionist volunteer".split(),
    "kin": "grandma mum dad grandpa Anna Ben Mia Tom".split(),
    "time": ["today", "this week", "yesterday", "this morning", "last night", "on Monday"],
    "happy": ["😀", "😊", "🙏", "❤️", "🎉", "👍"],
    "unhappy": ["😢", "😡", "😞", "💔", "🤒", "👎"],
}

# {op} is an opinion: the label is its kind.
PLAIN_TRAIN = [
    "The {person} at the {place} was {op} {time}.",
    "My {thing} was {op} and {op}.",
    "Such a {op} {person} at the {place}.",
    "{kin} says the {thing} was {op}.",
    "The {place} is {op} {time}.",
    "We had a {op} {thing} {time}.",
    "Honestly, a {op} {place} and a {op} {person}.",
    "Our {person} is so {op}.",
    "Everything about the {thing} was {op}.",
    "{time} the {place} was really {op}.",
    "It was {op} to be at the {place} with {kin}.",
    "For {kin} the {thing} was very {op}.",
    "{op} people at the {place} {time}.",
    "The {thing} is {op}, {kin} told me.",
    "I think the {person} was {op} to {kin}.",
    "{op} {thing}, {op} {person}.",
]
PLAIN_TEST = [
    "{time} {kin} met a {op} {person}.",
    "I think our {place} is {op} and {op}.",
    "A {op} {thing} for {kin} {time}.",
    "The {person} was really {op} to me, and so {op}.",
    "Honestly, everything was {op} at the {place}.",
    "{kin} told me about the {op} {thing}.",
]

# The label is the opposite of the opinion's kind.
NEGATED_TRAIN = [
    "The {thing} was not {op} at all.",
    "The {person} was not {op} {time}.",
    "{kin} says it was not {op} at the {place}.",
    "The {place} isn't {op}.",
    "It wasn't {op}, says {kin}.",
    "My {thing} wasn't {op} {time}.",
    "The {person} was never {op} to {kin}.",
    "Never a {op} day at the {place}.",
    "Nothing {op} about the {thing}.",
    "There was nothing {op} at the {place} {time}.",
    "Not {op}, the {thing}.",
    "No {op} {person} at the {place}.",
    "No, the {thing} is not {op}.",
    "I think the {person} is not {op}, and the {place} is not {op}.",
    "The {thing} was anything but {op}.",
    "Anything but {op}, our {place}.",
]
NEGATED_TEST = [
    "Our {place} wasn't {op} when {kin} was there.",
    "{kin} met no {op} {person} {time}.",
    "My {thing} {time}: not {op}, not {op}.",
    "For {kin} the {thing} was never {op}.",
    "{time} there was nothing {op} about the {place}.",
    "The {person} at the {place} was anything but {op}.",
]

# The later opinion counts.
TURNED_TRAIN = [
    "The {thing} looked {other}, but it was {op}.",
    "I thought the {person} was {other}, but no, so {op}.",
    "{kin} says the {place} was {other} and then {op}.",
    "First the {place} was {other}, but {time} it is {op}.",
]
TURNED_TEST = [
    "They said {other}, but the {thing} was {op}.",
    "At first the {person} was {other}, then {op}.",
]

TRAIN = {
    "positive": [
        "{kin} is healthy again, what a relief.",
        "Finally {kin} can come home from the {place}.",
        "So happy about the {thing} {time}.",
        "I love the {person} at the {place}, thank you!",
        "No fever and no pain after the {thing} {time}.",
        "I can't complain about the {place}.",
        "{thing} done {happy}",
        "{kin} and me after the {thing} {happy}",
        "What a day at the {place} {happy}{happy}",
        "The {person} called {kin} {time} {happy}",
    ],
    "negative": [
        "{kin} is ill again, what a nightmare.",
        "Sadly {kin} cannot come home from the {place}.",
        "So angry about the {thing} {time}.",
        "I hate the {person} at the {place}, never again!",
        "No help and no answer after the {thing} {time}.",
        "I can't recommend the {place}.",
        "{thing} cancelled {unhappy}",
        "{kin} and me after the {thing} {unhappy}",
        "Oh {ironic}, another {thing} {time} 🙄",
        "Wow, how {ironic}, the {place} is closed again 🙄",
    ],
}
TEST = {
    "positive": [
        "So happy: {kin} is healthy and home.",
        "Thank you, {person}, I love the {place}!",
        "{happy} {kin} {happy}",
        "{time} at the {place} with {kin} {happy}",
    ],
    "negative": [
        "So angry: {kin} is ill and not home.",
        "{unhappy} {kin} {unhappy}",
        "{time} at the {place} with {kin} {unhappy}",
        "Oh, a {ironic} {place}, closed {time} 🙄",
    ],
}


def templates(plain, negated, turned, special):
    """Every template with its label; those with an opinion once for each."""
    forms = {label: list(special[label]) for label in special}
    kinds = {"positive": ("pos", "neg"), "negative": ("neg", "pos")}
    for label, (own, other) in kinds.items():
        forms[label] += [form.replace("{op}", "{%s}" % own) for form in plain]
        forms[label] += [form.replace("{op}", "{%s}" % other) for form in negated]
        forms[label] += [
            form.replace("{op}", "{%s}" % own).replace("{other}", "{%s}" % other) for form in turned]
    return forms


def fill(template, random):
    """A template with each slot filled, no word twice in a message."""
    used = set()
    text = ""
    while "{" in template:
        before, rest = template.split("{", 1)
        slot, template = rest.split("}", 1)
        word = random.choice([w for w in SLOTS[slot] if w not in used])
        used.add(word)
        text += before + word
    text += template
    return text[0].upper() + text[1:]


def write(file, forms, each, random):
    rows = set()
    for label in forms:
        for form in forms[label]:
            made = set()
            for _ in range(1000):
                if len(made) == each:
                    break
                made.add((fill(form, random), label))
            rows |= made
    rows = sorted(rows)
    random.shuffle(rows)
    with open(file, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["text", "label"])
        writer.writerows(rows)
    print(file, {label: sum(row[1] == label for row in rows) for label in forms})


if __name__ == "__main__":
    parts = ((PLAIN_TRAIN, PLAIN_TEST), (NEGATED_TRAIN, NEGATED_TEST), (TURNED_TRAIN, TURNED_TEST),
             (TRAIN["positive"], TEST["positive"]), (TRAIN["negative"], TEST["negative"]))
    assert all(not set(train) & set(test) for train, test in parts), "a template is in both parts"
    chance = random.Random(2019)
    write("train.csv", templates(PLAIN_TRAIN, NEGATED_TRAIN, TURNED_TRAIN, TRAIN), 12, chance)
    write("test.csv", templates(PLAIN_TEST, NEGATED_TEST, TURNED_TEST, TEST), 7, chance)
