"""Courses: short scripts with a plan, for learning the work; each is a list of beats played on the network."""

from workstation.practice.courses.angry import ANGRY_CUSTOMER
from workstation.practice.courses.course import Course
from workstation.practice.courses.crisis import CRISIS_HOUR
from workstation.practice.courses.first import FIRST_DAY

COURSES: dict[str, Course] = {course.name: course for course in (FIRST_DAY, CRISIS_HOUR, ANGRY_CUSTOMER)}
"""By the name that `--course` and the control API take."""
