"""Students with FastAPI and SQLAlchemy as tutorials write it: ``def`` endpoints, ``yield`` session.

The database is opened as the generated system opens it (WAL, ``synchronous=NORMAL``), so that the
comparison is about the code and not about the disk.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import String, create_engine, event, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

engine = create_engine(os.environ["DATABASE_URL"], connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(engine)


@event.listens_for(engine, "connect")
def configure(connection: Any, _: Any) -> None:
    """Open the database as the generated system does."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA busy_timeout = 5000")


class Base(DeclarativeBase):
    """The models' base."""


class Student(Base):
    """A student."""

    __tablename__ = "students"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    birth_date: Mapped[datetime.date] = mapped_column()


class StudentCreate(BaseModel):
    """A student to store."""

    name: Annotated[str, Field(max_length=255)]
    email: Annotated[str, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]
    birth_date: datetime.date


class StudentRead(StudentCreate):
    """A stored student."""

    model_config = ConfigDict(from_attributes=True)

    id: int


def get_session() -> Iterator[Session]:
    """A session for one request."""
    with SessionLocal() as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]

Base.metadata.create_all(engine)
app = FastAPI()


@app.get("/health")
def health() -> dict[str, str]:
    """Answer while the application is up."""
    return {"status": "healthy"}


@app.post("/api/students", status_code=201, response_model=StudentRead)
def create_student(data: StudentCreate, session: SessionDep) -> Student:
    """Store a student."""
    student = Student(**data.model_dump())
    session.add(student)
    session.commit()
    session.refresh(student)
    return student


@app.get("/api/students", response_model=list[StudentRead])
def list_students(
    session: SessionDep,
    response: Response,
    skip: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[Student]:
    """List students."""
    response.headers["X-Total-Count"] = str(session.scalar(select(func.count(Student.id))))
    return list(session.scalars(select(Student).order_by(Student.id).offset(skip).limit(limit)))


@app.get("/api/students/{student_id}", response_model=StudentRead)
def read_student(student_id: int, session: SessionDep) -> Student:
    """Return one student."""
    student = session.get(Student, student_id)
    if student is None:
        raise HTTPException(404, "no such student")
    return student
