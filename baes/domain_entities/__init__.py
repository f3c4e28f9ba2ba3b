"""The domain agents: each keeps what one kind of record means, as the system evolves.

What is special about a student or a course is data (``packs/``), and so are the words of questions
and assumptions (``messages/``).
"""

from baes.domain_entities.base_bae import BaseBae
from baes.domain_entities.course_bae import CourseBae
from baes.domain_entities.generic_bae import GenericBae
from baes.domain_entities.student_bae import StudentBae
from baes.domain_entities.teacher_bae import TeacherBae

__all__ = ["BaseBae", "CourseBae", "GenericBae", "StudentBae", "TeacherBae"]
