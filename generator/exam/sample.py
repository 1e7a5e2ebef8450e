"""Made-up rosters, for trying things out: names from several languages, always the same for a seed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from generator.draw import Draw
from generator.exam.model import Student

LOCALES = ("en_US", "de_DE", "fr_FR", "es_ES", "pl_PL", "sv_SE", "tr_TR", "cs_CZ", "pt_PT", "hu_HU", "da_DK", "ro_RO")


def sample_roster(count: int, seed: int) -> tuple[Student, ...]:
    """``count`` made-up students with eight-digit ids; every twelfth name has a comma in it."""
    from faker import Faker

    d = Draw(f"{seed}/roster")
    makers = {locale: Faker(locale) for locale in LOCALES}
    for maker in makers.values():
        maker.seed_instance(d.integer(0, 2**32 - 1))
    order = d.shuffled(LOCALES)
    ids: dict[str, None] = {}
    while len(ids) < count:
        ids[str(d.integer(10_000_000, 99_999_999))] = None
    students = []
    for place, student_id in enumerate(ids):
        maker = makers[order[place % len(order)]]
        name = f"{maker.first_name()} {maker.last_name()}"
        students.append(Student(student_id, f"{name}, Jr." if place % len(order) == len(order) // 2 else name))
    return tuple(students)


def roster_text(students: Iterable[Student]) -> str:
    """A roster file: CSV with the columns id and name."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("id", "name"))
    writer.writerows((student.id, student.name) for student in students)
    return out.getvalue()
