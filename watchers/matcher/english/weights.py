"""x"""
from watchers.matcher.weighing import Scale
DATED = Scale(0.0, {})
