"""Where things lie: the project, its virtual environment, what was fetched, and what must be kept."""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
CACHE = PROJECT / ".cache"
DATA = Path(os.environ.get("APP_DATA") or PROJECT / ".data").resolve()
LOGS = DATA / "logs"
# What other shells source, and what `launcher.py exec` reads when services are already running.
ENVIRONMENT_FILE = DATA / "env"
