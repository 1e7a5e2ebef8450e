from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.exam import RosterError, Student, read_roster
from generator.exam.roster import id_problem


def read(tmp_path: Path, data: str | bytes) -> tuple[Student, ...]:
    path = tmp_path / "roster.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_roster(path)


EXPECTED = (Student("17", "Élodie Œuvrard"), Student("18", "King, Martin"))


@pytest.mark.parametrize(
    "text",
    [
        'id,name\n17,Élodie Œuvrard\n18,"King, Martin"\n',
        'name,id\r\nÉlodie Œuvrard,17\r\n"King, Martin",18\r\n',
        "id;name\n17;Élodie Œuvrard\n18;King, Martin\n",
        "id\tname\n17\tÉlodie Œuvrard\n18\tKing, Martin\n",
        '\n ID , Name ,group\n17, Élodie Œuvrard ,a\n\n"18","King, Martin",b\n,,\n',
        '"id";"name"\n"17";"E\u0301lodie Œuvrard"\n"18";"King, Martin"',
        "mail;id;name, first then last\n;17;\n;18;\n",
    ],
)
def test_rosters_of_several_forms(tmp_path: Path, text: str) -> None:
    found = read(tmp_path, text)
    assert [student.id for student in found] == ["17", "18"]
    assert "name, first" in text or found == EXPECTED
    assert found == read(tmp_path, b"\xef\xbb\xbf" + text.encode())


def test_a_roster_of_ids_alone(tmp_path: Path) -> None:
    assert read(tmp_path, "id\n007\nab.c-d\n") == (Student("007", ""), Student("ab.c-d", ""))


def test_ten_thousand_students(tmp_path: Path) -> None:
    rows = "".join(f"{number},Student {number}\n" for number in range(10_000))
    assert len(read(tmp_path, "id,name\n" + rows)) == 10_000


BAD: list[tuple[str, str | bytes, str]] = [
    ("empty", "", "is empty"),
    ("only blank lines", "\n\n", "is empty"),
    ("header alone", "id,name\n", "lists no students"),
    ("no id column", "number,name\n1,A\n", "line 1: there is no column 'id'; the columns are: 'number', 'name'"),
    ("id column twice", "id,name,ID\n1,A,2\n", "line 1: there are two columns 'id'"),
    ("empty id", "id,name\n1,A\n,B\n", "line 3: the id is empty"),
    ("row too short", "name,id\nA,1\nB\n", "line 3: the id is empty"),
    ("same id", "id,name\n1,A\n2,B\n1,C\n", "line 4: the id '1' is on line 2 already"),
    ("same id in capitals", "id,name\nab,A\nAB,B\n", "line 3: the id 'AB' is on line 2 already (written 'ab' there"),
    ("same id, other coding", "id\né1\ne\u03011\n", "line 3: the id 'é1' is on line 2 already"),
    ("path upwards", "id,name\n../x,A\n", "line 2: the id '../x' cannot be a file name"),
    ("path of Windows", "id,name\n..\\x,A\n", "line 2: the id '..\\\\x' cannot be a file name"),
    ("drive", "id,name\nC:x,A\n", "line 2: the id 'C:x' cannot be a file name"),
    ("root", "id,name\n/etc/passwd,A\n", "line 2: the id '/etc/passwd' cannot be a file name"),
    ("hidden file", "id,name\n.x,A\n", "line 2: the id '.x' cannot be a file name"),
    ("trailing dot", "id,name\nx.,A\n", "line 2: the id 'x.' cannot be a file name"),
    ("space", "id,name\na b,A\n", "line 2: the id 'a b' cannot be a file name; expected letters, digits and"),
    ("option", "id,name\n-rf,A\n", "line 2: the id '-rf' cannot be a file name"),
    ("reserved", "id,name\nCON,A\n", "line 2: the id 'CON' is a reserved name on Windows"),
    ("reserved with ending", "id,name\nlpt1.txt,A\n", "line 2: the id 'lpt1.txt' is a reserved name"),
    ("too long", "id,name\n" + "x" * 65 + ",A\n", "is longer than 64 characters"),
    ("name too long", "id,name\n1," + "x" * 201 + "\n", "line 2: the name is longer than 200 characters"),
    ("control character in an id", "id,name\n1\x00,A\n", "line 2: the id '1\\x00' cannot be a file name"),
    ("line break in a name", 'id,name\n1,"A\nB"\n2,C\n', "line 2: the name has a line break"),
    ("open quote", 'id,name\n1,"A\n2,B\n', "line 2: not CSV"),
    ("Latin 1", b"id,name\n1,A\n2,M\xfcller\n", "line 3: is not UTF-8"),
    ("UTF-16", "id,name\n1,A\n".encode("utf-16"), "line 1: is not UTF-8"),
]


@pytest.mark.parametrize(("data", "message"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_mistake_is_told_with_its_line(tmp_path: Path, data: str | bytes, message: str) -> None:
    with pytest.raises(RosterError) as caught:
        read(tmp_path, data)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RosterError, match="cannot be read"):
        read_roster(tmp_path / "none.csv")


@given(st.text())
def test_an_accepted_id_stays_in_its_folder(own_id: str) -> None:
    if id_problem(own_id) is None:
        path = Path("folder") / f"{own_id}.pdf"
        assert path.parent == Path("folder")
        assert path.name == f"{own_id}.pdf"
        assert not set(own_id) & set('<>:"/\\|?*\n\r\t\0')
