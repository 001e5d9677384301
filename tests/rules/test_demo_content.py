"""The demonstration city's files: complete, consistent, clearly invented."""

from portal.demo import content


def test_the_files_hold_no_problem():
    assert content.load()


def test_the_city_is_large_enough():
    city = content.load()
    assert len(city.units) >= 30
    assert len(city.areas) >= 10
    assert len(city.categories) == 12
    assert len(city.people) >= 70
    assert len(city.companies) == 15


def test_one_person_is_on_leave_one_has_left_and_one_stands_in():
    people = content.load().people.values()
    assert any(person.leave for person in people)
    assert any(not any(a.is_running for a in person.appointments) for person in people)
    assert any(a.deputy_for for person in people for a in person.appointments)
