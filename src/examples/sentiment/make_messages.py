#!/usr/bin/env python3
"""Writes train.csv and test.csv: short messages about a pandemic, positive or negative.

Each message comes of a template; no template of the test part is one of the training part, so that
what is measured is not how well sentences were learned by heart. Among the templates are plain
opinions, negations ("not bad at all"), irony ("oh great, the third test this week") and emoji.
The messages are made up; nobody wrote them anywhere.
"""
import csv
import random

POSITIVE = "good great kind helpful friendly safe calm quick lovely wonderful easy clean".split()
NEGATIVE = "bad awful rude useless unfriendly dangerous scary slow sad terrible hard dirty".split()
THING = ["vaccine", "test", "mask", "queue", "quarantine", "lockdown", "booster", "appointment", "website", "hotline"]
PLACE = ["test centre", "hospital", "pharmacy", "school", "office", "clinic", "supermarket", "airport"]
PERSON = ["nurse", "doctor", "teacher", "neighbour", "driver", "boss", "receptionist", "volunteer"]
KIN = ["grandma", "my mother", "my son", "my sister", "my best friend", "my father", "my daughter"]
TIME = ["today", "this week", "yesterday", "this morning", "last night", "on Monday", "since March"]
HAPPY = ["😀", "😊", "🙏", "❤️", "🎉", "👍"]
IRONIC = ["good", "great", "lovely", "wonderful"]
UNHAPPY = ["😢", "😡", "😞", "💔", "🤒", "👎"]

SLOTS = {"pos": POSITIVE, "neg": NEGATIVE, "thing": THING, "place": PLACE, "person": PERSON, "kin": KIN,
         "time": TIME, "happy": HAPPY, "unhappy": UNHAPPY, "ironic": IRONIC}

TRAIN = {
    "positive": [
        # Plain opinions.
        "The {person} at the {place} was really {pos} {time}.",
        "My {thing} was {pos} and {pos}.",
        "Such a {pos} {person}, thank you!",
        "I am so happy with the {thing} {time}.",
        "I love how {pos} the {place} is.",
        "{kin} got better {time} and we are all relieved.",
        "Finally negative, {kin} can come home!",
        "{kin} is healthy again, what a relief.",
        "Proud of every {person} at the {place}.",
        "The {thing} went well and the {person} was {pos}.",
        "A {pos} {thing}, I would recommend the {place}.",
        "So grateful for the {pos} {person} who helped {kin}.",
        "Good news {time}: {kin} is out of the {place}.",
        "I feel safe and calm after the {thing}.",
        "We laughed a lot with {kin} {time}.",
        "The {place} is {pos}, I enjoyed it.",
        "Everything about the {thing} was {pos}.",
        # Negations of what is bad.
        "The {thing} was not {neg} at all.",
        "It was not {neg}, the {person} was nice.",
        "The {place} isn't {neg}.",
        "I was never afraid, the {person} was not {neg}.",
        "No fever and no pain after the {thing}.",
        "Nothing {neg} about the {thing} {time}.",
        "The {person} was never {neg} to {kin}.",
        "The {thing} wasn't {neg}, just a little prick.",
        "I can't complain about the {place}.",
        "No, the {thing} is not {neg}.",
        "Without any trouble through the {thing} {time}.",
        # Emoji.
        "{thing} done {happy}",
        "{kin} and me after the {thing} {time} {happy}",
        "What a day at the {place} {happy}{happy}",
        "The {person} called {time} {happy}",
        "Back at the {place} {time} {happy}",
        "{pos} {thing} {happy}",
        "Not {neg} {happy}",
        # What sounds bad and is not.
        "I was worried about the {thing}, but it was {pos}.",
        "The {place} looked {neg}, but everybody was {pos}.",
        "After a {neg} start the {thing} was {pos}.",
        "I expected a {neg} {person} and met a {pos} one.",
        "Everybody said it would be {neg}, and it was {pos}.",
    ],
    "negative": [
        # Plain opinions.
        "The {person} at the {place} was really {neg} {time}.",
        "My {thing} was {neg} and {neg}.",
        "Such a {neg} {person}, I am angry!",
        "I am so tired of the {thing} {time}.",
        "I hate how {neg} the {place} is.",
        "{kin} got worse {time} and we are all worried.",
        "Positive again, {kin} cannot come home.",
        "{kin} is ill again, what a nightmare.",
        "Ashamed of every {person} at the {place}.",
        "The {thing} went wrong and the {person} was {neg}.",
        "A {neg} {thing}, I would avoid the {place}.",
        "So angry about the {neg} {person} who sent {kin} away.",
        "Bad news {time}: {kin} is in the {place}.",
        "I feel lonely and afraid after the {thing}.",
        "We cried a lot with {kin} {time}.",
        "The {place} is {neg}, I regret it.",
        "Everything about the {thing} was {neg}.",
        # Negations of what is good.
        "The {thing} was not {pos} at all.",
        "It was not {pos}, the {person} was mean.",
        "The {place} isn't {pos}.",
        "I was never relaxed, the {person} was not {pos}.",
        "No help and no answer after the {thing}.",
        "Nothing {pos} about the {thing} {time}.",
        "The {person} was never {pos} to {kin}.",
        "The {thing} wasn't {pos}, just a waste of time.",
        "I can't recommend the {place}.",
        "No, the {thing} is not {pos}.",
        "Without any help through the {thing} {time}.",
        # Emoji.
        "{thing} cancelled {unhappy}",
        "{kin} and me without the {thing} {time} {unhappy}",
        "What a day at the {place} {unhappy}{unhappy}",
        "The {person} never called {time} {unhappy}",
        "Alone at the {place} {time} {unhappy}",
        "{neg} {thing} {unhappy}",
        "Not {pos} {unhappy}",
        # Irony.
        "Oh {ironic}, another {thing} {time} 🙄",
        "Wow, how {ironic}, the {place} lost my {thing} 🙄",
        "Just what I needed, a {neg} {person}. Thanks a lot.",
        "Oh {ironic}, the {place} is closed again.",
        # What sounds good and is not.
        "I was happy about the {thing}, but it was {neg}.",
    ],
}

TEST = {
    "positive": [
        "Honestly, the {person} who did my {thing} is {pos}.",
        "{time} {kin} told me that the {place} has been {pos}.",
        "Thank you, {place}, for a {pos} and {pos} {thing}!",
        "We are happy and relieved: {kin} is healthy.",
        "I enjoyed a {pos} walk with {kin} {time}.",
        "{pos} people at our {place}, I love them.",
        "For {kin} the {thing} was never {neg}.",
        "They said {neg}, but I found the {thing} {pos}.",
        "My {thing} {time}: not {neg}, not {neg}.",
        "There is nothing {neg} in our {place}.",
        "No {neg} {person} {time}, and no fever.",
        "Our {place} wasn't {neg} when {kin} went there.",
        "{happy} {kin} {happy}",
        "{kin} came out of the {place} {happy}",
        "Second {thing} {time} {happy}{happy}",
        "At first the {person} was {neg}, but then so {pos}.",
    ],
    "negative": [
        "Honestly, the {person} who did my {thing} is {neg}.",
        "{time} {kin} told me that the {place} has been {neg}.",
        "Never again, {place}, after a {neg} and {neg} {thing}!",
        "We are tired and worried: {kin} is ill.",
        "I regret a {neg} trip with {kin} {time}.",
        "{neg} people at our {place}, I hate them.",
        "For {kin} the {thing} was never {pos}.",
        "They said {pos}, but I found the {thing} {neg}.",
        "My {thing} {time}: not {pos}, not {pos}.",
        "There is nothing {pos} in our {place}.",
        "No {pos} {person} {time}, and no answer.",
        "Our {place} wasn't {pos} when {kin} went there.",
        "{unhappy} {kin} {unhappy}",
        "Wow, a {ironic} {place}, closed {time} again 🙄",
        "Oh how {ironic}, the {person} sent {kin} away. Thanks a lot.",
        "At first the {person} was {pos}, but then so {neg}.",
    ],
}


def fill(template, random):
    """A template with each slot filled, no word of opinion twice in a message."""
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


def write(file, templates, each, random):
    rows = set()
    for label, forms in templates.items():
        for form in forms:
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
    return rows


if __name__ == "__main__":
    assert all(len(TRAIN[label]) == 40 and len(TEST[label]) == 16 for label in TRAIN)
    forms = [form for part in (TRAIN, TEST) for label in part for form in part[label]]
    assert len(forms) == len(set(forms)), "a template is used twice"
    chance = random.Random(2019)
    for name, templates, each in (("train.csv", TRAIN, 10), ("test.csv", TEST, 8)):
        rows = write(name, templates, each, chance)
        counts = {label: sum(row[1] == label for row in rows) for label in templates}
        print(name, counts)
