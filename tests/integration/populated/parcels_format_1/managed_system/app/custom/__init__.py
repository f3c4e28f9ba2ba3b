"""Your own code: this folder is never overwritten.

A ``router = APIRouter()`` defined here is served with the generated ones.
"""
