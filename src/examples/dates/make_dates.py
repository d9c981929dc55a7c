#!/usr/bin/env python3
"""Writes train.csv and test.csv: dates in words and as ISO 8601. No date is in both parts."""
import csv
import datetime
import random

MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september",
          "october", "november", "december"]
ONES = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth",
        "seventeenth", "eighteenth", "nineteenth"]
UNITS = ["", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def ordinal(day):
    if day < 20:
        return ONES[day - 1]
    tens = {2: "twent", 3: "thirt"}[day // 10]
    return tens + "ieth" if day % 10 == 0 else tens + "y " + ONES[day % 10 - 1]


def year(number):
    """2000 to 2029: two thousand [and] five, twenty eleven."""
    rest = number - 2000
    if rest == 0:
        return "two thousand"
    if rest < 10:
        return "two thousand and " + UNITS[rest]
    teens = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
             "eighteen", "nineteen"]
    if rest < 20:
        return "twenty " + teens[rest - 10]
    return "twenty twenty" + (" " + UNITS[rest % 10] if rest % 10 else "")


def words(date, chance):
    day, month, spoken = ordinal(date.day), MONTHS[date.month - 1], year(date.year)
    return chance.choice([
        f"the {day} of {month} {spoken}",
        f"{month} {day} {spoken}",
        f"{month} the {day}, {spoken}",
        f"in {spoken}, on the {day} of {month}",
    ])


if __name__ == "__main__":
    chance = random.Random(9)
    first = datetime.date(2000, 1, 1)
    days = chance.sample(range((datetime.date(2030, 1, 1) - first).days), 3300)
    for name, part in (("train.csv", days[:3000]), ("test.csv", days[3000:])):
        with open(name, "w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["words", "iso"])
            for day in part:
                date = first + datetime.timedelta(day)
                writer.writerow([words(date, chance), date.isoformat()])
